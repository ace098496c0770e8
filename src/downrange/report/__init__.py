"""What people look at: figures and terminal tables. Figures, and with them matplotlib, are loaded on first use."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from downrange.report.figures import FIGURES, motor_figure, rocket_figure, save_figures

__all__ = ["FIGURES", "motor_figure", "rocket_figure", "save_figures"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from downrange.report import figures

        return getattr(figures, name)
    raise AttributeError(f"module 'downrange.report' has no attribute {name!r}")
