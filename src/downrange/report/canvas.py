"""The figure that all figures are: words in it are words, whatever characters they have."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter, FuncFormatter

from downrange.text import plain

__all__ = ["PlainFigure"]


class PlainFigure(Figure):
    """A matplotlib figure whose words are drawn as they stand: no mathtext, no control characters.

    Numbers at the axes (`10^3`) are the library's own and stay as they are.
    """

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save the figure; see `matplotlib.figure.Figure.savefig`."""
        kept = set(map(id, self._numbers()))
        for text in self.findobj(Text):
            if isinstance(text, Text) and id(text) not in kept:
                text.set_parse_math(False)
                text.set_text("\n".join(plain(line, 200) for line in text.get_text().split("\n")))
        with warnings.catch_warnings():
            # A name in a script that the font lacks is drawn as boxes, one that is too long pushes the axes together:
            # no matter for standard error.
            warnings.filterwarnings("ignore", "Glyph .* missing from font|constrained_layout not applied")
            super().savefig(fname, **options)

    def _numbers(self) -> Iterator[Text]:
        """What the library writes at the axes."""
        for a in self.axes:
            for axis in (a.xaxis, a.yaxis):
                yield axis.get_offset_text()
                if not isinstance(axis.get_major_formatter(), FixedFormatter | FuncFormatter):
                    yield from axis.get_ticklabels(which="both")
