"""What design files of other programs are read into, and what their readers share."""

from downrange.formats.foreign.design import (
    Conditions,
    Configuration,
    Design,
    ForeignMotor,
    Note,
    Simulation,
    Stage,
    Stored,
)
from downrange.formats.foreign.nodes import Node, Report
from downrange.formats.foreign.unpacking import design_bytes, parse_design

__all__ = [
    "Conditions", "Configuration", "Design", "ForeignMotor", "Node", "Note", "Report", "Simulation", "Stage", "Stored", "design_bytes",
    "parse_design",
]  # fmt: skip
