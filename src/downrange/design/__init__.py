"""Design: what a change of a rocket brings, and which change brings what is wanted. Compare, sweep, solve, optimise."""

from downrange.design.axes import Axis, Point
from downrange.design.outputs import Output, find_output, output_names
from downrange.design.wants import Want, score

__all__ = ["Axis", "Output", "Point", "Want", "find_output", "output_names", "score"]
