"""What people look at: figures and terminal tables."""

from downrange.report.figures import FIGURES, aero_figure, motor_figure, rocket_figure, save_figures

__all__ = ["FIGURES", "aero_figure", "motor_figure", "rocket_figure", "save_figures"]
