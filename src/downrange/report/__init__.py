"""What people look at: figures and terminal tables."""

from downrange.report.figures import FIGURES, motor_figure, rocket_figure, save_figures

__all__ = ["FIGURES", "motor_figure", "rocket_figure", "save_figures"]
