"""downrange: the whole rocket programme of a club, a school or a university team.

    import downrange as dr
    flight = dr.fly(dr.load("launch.yaml"))
    print(flight.apogee)

Names are loaded on first use, so that `import downrange` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from downrange.aero import AeroOptions, AeroTables, Brakes, build_aero
    from downrange.atmosphere import Air, Weather, Wind
    from downrange.dispersion import Campaign
    from downrange.earth import Pad
    from downrange.errors import DownrangeError, FlightCode, InputError
    from downrange.flight import Flight, Launch, Program, Rail, Trajectory, compile_launch, fly, fly_rows
    from downrange.motor import Motor, find_motors, motor_from_catalogue
    from downrange.project import Project, disperse, load, load_rocket, open_project, read_campaign
    from downrange.rocket import Rocket

__version__ = "0.1.0"

_HOME = {
    "AeroOptions": "aero", "AeroTables": "aero", "Air": "atmosphere", "Brakes": "aero", "Campaign": "dispersion", "DownrangeError": "errors",
    "Flight": "flight", "FlightCode": "errors", "InputError": "errors", "Launch": "flight",
    "Motor": "motor", "Pad": "earth", "Program": "flight", "Project": "project", "Rail": "flight", "Rocket": "rocket",
    "Trajectory": "flight", "Weather": "atmosphere", "Wind": "atmosphere", "build_aero": "aero",
    "compile_launch": "flight", "disperse": "project", "find_motors": "motor", "fly": "flight", "fly_rows": "flight", "load": "project",
    "load_rocket": "project", "motor_from_catalogue": "motor", "open_project": "project", "read_campaign": "project",
}  # fmt: skip

__all__ = [
    "AeroOptions", "AeroTables", "Air", "Brakes", "Campaign", "DownrangeError", "Flight", "FlightCode", "InputError",
    "Launch", "Motor", "Pad", "Program", "Project", "Rail", "Rocket", "Trajectory", "Weather", "Wind", "build_aero",
    "compile_launch", "disperse", "find_motors", "fly", "fly_rows", "load", "load_rocket", "motor_from_catalogue", "open_project", "read_campaign",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"downrange.{_HOME[name]}"), name)
    raise AttributeError(f"module 'downrange' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
