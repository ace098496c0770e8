"""The figure that all figures are: words in it are words, whatever characters they have."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter, FuncFormatter, Locator, LogLocator, MaxNLocator

from downrange.text import plain
from downrange.units import column, in_units

__all__ = ["PlainFigure"]

_DPI = 110
_NARROW = 2.6  # inches of an axis, on which nine numbers of five digits do not fit
_KINDS = {
    "m": "length",
    "m/s": "speed",
    "m/s²": "acceleration",
    "J": "energy",
}  # by the end of an axis' label: "above the pad, m"


def _kind(label: str) -> tuple[str, str, str]:
    """What an axis shows, its label without the unit, and the unit; empty where it is nothing that has another unit."""
    what, _, unit = label.rpartition(", ")
    kind = _KINDS.get(unit, "")
    if kind == "speed" and "wind" in label:
        kind = "wind"
    if kind == "length" and "nose" in label:
        kind = "size"
    return kind, what, unit


def _other_axis(axis: Any, units: str) -> None:
    kind, what, _ = _kind(axis.get_label_text())
    if not kind:
        return
    unit, factor = column(kind, units)
    axis.set_label_text(f"{what}, {unit}")
    room = axis.axes.get_position().size * axis.figure.get_size_inches()
    most = 9 if room[int(axis.axis_name == "y")] > _NARROW else 4
    base = LogLocator() if axis.get_scale() == "log" else MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10])
    axis.set_major_locator(_Scaled(base, factor))
    axis.set_major_formatter(FuncFormatter(lambda x, _: f"{round(x * factor, 9):,.6g}"))


class _Scaled(Locator):
    """Ticks where another unit, `factor` of which are one of the axis', has round numbers."""

    def __init__(self, base: Locator, factor: float) -> None:
        self.base, self.factor = base, factor

    def __call__(self) -> Sequence[float]:
        assert self.axis is not None
        return self.tick_values(*self.axis.get_view_interval())

    def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
        """The places of the ticks between two limits."""
        return [float(v) / self.factor for v in self.base.tick_values(vmin * self.factor, vmax * self.factor)]


class PlainFigure(Figure):
    """A matplotlib figure whose words are drawn as they stand: no mathtext, no control characters.

    Numbers at the axes (`10^3`) are the library's own and stay as they are.
    """

    shown_in = "metric"
    _png: bytes | None = None
    _drawn: tuple[Callable[[str], object], ...] = ()

    def when_shown(self, draw: Callable[[str], object]) -> None:
        """Draw what no text or axis carries, like a map's scale: `draw(units)` now, and again where other units are shown."""
        self._drawn = (*self._drawn, draw)
        draw(self.shown_in)

    def png(self, units: str = "metric") -> bytes:
        """The figure as a PNG in `units`, drawn once."""
        if self._png is None:
            data = io.BytesIO()
            self.savefig(data, format="png", dpi=_DPI, units=units)
            self._png = data.getvalue()
        return self._png

    def savefig(self, fname: Any, *, units: str = "metric", **options: Any) -> None:
        """Save the figure, its axes and words in `units` (`metric` or `us`); see `matplotlib.figure.Figure.savefig`.

        What is drawn stays in SI: in US units the axes carry other numbers, at round ones. A figure is shown in one system.
        """
        if units != self.shown_in:
            self._other_units(units)
        kept = set(map(id, self._numbers()))
        for text in self.findobj(Text):
            if isinstance(text, Text) and id(text) not in kept:
                text.set_parse_math(False)
                text.set_text("\n".join(plain(line, 200) for line in text.get_text().split("\n")))
        with warnings.catch_warnings():
            # A name in a script that the font lacks is drawn as boxes, one that is too long pushes the axes together:
            # no matter for standard error.
            warnings.filterwarnings("ignore", "Glyph .* missing from font|constrained_layout not applied")
            if (engine := self.get_layout_engine()) is not None:  # laid out here, it is drawn once and not twice
                engine.execute(self)
                self.set_layout_engine(None)
            super().savefig(fname, **options)

    def _other_units(self, units: str) -> None:
        """Axes and words in another system than the metric one."""
        assert self.shown_in == "metric", "a figure is shown in one system of units"
        self.shown_in = units
        for draw in self._drawn:
            draw(units)
        for a in self.axes:
            for axis in (a.xaxis, a.yaxis):
                _other_axis(axis, units)
        for text in self.findobj(Text):
            if isinstance(text, Text):
                text.set_text(in_units(text.get_text(), units))

    def _numbers(self) -> Iterator[Text]:
        """What the library writes at the axes."""
        for a in self.axes:
            for axis in (a.xaxis, a.yaxis):
                yield axis.get_offset_text()
                if not isinstance(axis.get_major_formatter(), FixedFormatter | FuncFormatter):
                    yield from axis.get_ticklabels(which="both")
