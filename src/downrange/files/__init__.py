"""Files: project files, motors, tables, and what a flight is written to.

Names are loaded on first use: opening a project needs neither campaigns nor what a flight is written with.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from downrange.files.aero_tables import ForeignTable, read_aero_table
    from downrange.files.campaigns import disperse, plan_campaign, read_campaign
    from downrange.files.export import write_kml, write_trajectory_csv, write_trajectory_parquet
    from downrange.files.motors import pick_motor, read_eng, read_motors, read_rse, write_eng
    from downrange.files.project import Project, load, load_design, load_rocket, open_project
    from downrange.files.tables import read_columns
    from downrange.files.weather import read_weather

_HOME = {
    "ForeignTable": "aero_tables", "Project": "project", "disperse": "campaigns", "load": "project", "load_design": "project",
    "load_rocket": "project", "open_project": "project", "pick_motor": "motors", "plan_campaign": "campaigns",
    "read_aero_table": "aero_tables", "read_campaign": "campaigns", "read_columns": "tables", "read_eng": "motors",
    "read_motors": "motors", "read_rse": "motors", "read_weather": "weather", "write_eng": "motors", "write_kml": "export",
    "write_trajectory_csv": "export", "write_trajectory_parquet": "export",
}  # fmt: skip

__all__ = [
    "ForeignTable",
    "Project",
    "disperse",
    "load",
    "load_design",
    "load_rocket",
    "open_project",
    "pick_motor",
    "plan_campaign",
    "read_aero_table",
    "read_campaign",
    "read_columns",
    "read_eng",
    "read_motors",
    "read_rse",
    "read_weather",
    "write_eng",
    "write_kml",
    "write_trajectory_csv",
    "write_trajectory_parquet",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"downrange.files.{_HOME[name]}"), name)
    raise AttributeError(f"module 'downrange.files' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
