"""Files: project files, motors, tables, and what a flight is written to."""

from downrange.files.aero_tables import ForeignTable, read_aero_table
from downrange.files.campaigns import disperse, plan_campaign, read_campaign
from downrange.files.export import write_kml, write_trajectory_csv, write_trajectory_parquet
from downrange.files.motors import pick_motor, read_eng, read_motors, read_rse, write_eng
from downrange.files.project import Project, load, load_design, load_rocket, open_project
from downrange.files.tables import read_columns
from downrange.files.weather import read_weather

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
