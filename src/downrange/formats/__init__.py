"""Formats: files of others that are read, and files that are written. One module a format; none knows a project.

Names are loaded on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from downrange.formats.aero_tables import ForeignTable, read_aero_table
    from downrange.formats.export import write_kml, write_trajectory_csv, write_trajectory_parquet
    from downrange.formats.logs import read_log
    from downrange.formats.logs.write import write_log
    from downrange.formats.motors import pick_motor, read_motors
    from downrange.formats.motors.eng import read_eng, write_eng
    from downrange.formats.motors.rse import read_rse
    from downrange.formats.tables import read_columns
    from downrange.formats.weather import read_weather

_HOME = {
    "ForeignTable": "aero_tables", "pick_motor": "motors", "read_aero_table": "aero_tables", "read_columns": "tables", "read_log": "logs", "write_log": "logs.write",
    "read_eng": "motors.eng", "read_motors": "motors", "read_rse": "motors.rse", "read_weather": "weather", "write_eng": "motors.eng",
    "write_kml": "export", "write_trajectory_csv": "export", "write_trajectory_parquet": "export",
}  # fmt: skip

__all__ = [
    "ForeignTable",
    "pick_motor",
    "read_aero_table",
    "read_columns",
    "read_eng",
    "read_log",
    "read_motors",
    "read_rse",
    "read_weather",
    "write_eng",
    "write_kml",
    "write_log",
    "write_trajectory_csv",
    "write_trajectory_parquet",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"downrange.formats.{_HOME[name]}"), name)
    raise AttributeError(f"module 'downrange.formats' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
