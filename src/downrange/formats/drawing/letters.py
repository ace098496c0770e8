"""The letters of a PDF: the glyphs that are used of DejaVu Sans, which comes with matplotlib, so that names in most scripts can be read."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

__all__ = ["Letters"]


@cache
def _file() -> bytes:
    spec = find_spec("matplotlib")  # its data is read, it is not imported
    assert spec is not None and spec.origin is not None
    return (Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf").read_bytes()


@dataclass
class Letters:
    """The letters that a document uses."""

    used: set[int] = field(default_factory=set)
    _font: Any = None

    def __post_init__(self) -> None:
        from fontTools.ttLib import TTFont

        self._font = TTFont(io.BytesIO(_file()), lazy=True)
        self._map = self._font.getBestCmap()
        self._wide = self._font["hmtx"].metrics
        self._id = self._font.getReverseGlyphMap()

    def _name(self, c: str) -> str:
        return self._map.get(ord(c), ".notdef")

    def width(self, text: str) -> float:
        """The width of a line, in heights of its font."""
        return sum(self._wide[self._name(c)][0] for c in text) / self._font["head"].unitsPerEm

    def hex(self, text: str) -> str:
        """The line as a PDF shows it with this font; its letters are noted as used."""
        self.used |= set(map(ord, text))
        return "<" + "".join(f"{self._id[self._name(c)]:04x}" for c in text) + ">"

    def embedded(self) -> bytes:
        """A TrueType font of the letters that were used, each under its number in the whole font."""
        from fontTools import subset

        options = subset.Options()
        options.retain_gids, options.notdef_outline, options.hinting, options.layout_features = True, True, False, []
        options.drop_tables += ["FFTM", "GSUB", "GPOS", "GDEF", "name", "post"]
        keep = subset.Subsetter(options)
        keep.populate(unicodes=self.used)
        from fontTools.ttLib import TTFont

        font = TTFont(io.BytesIO(_file()))
        keep.subset(font)
        out = io.BytesIO()
        font.save(out)
        return out.getvalue()

    def widths(self) -> list[tuple[int, int]]:
        """Number and width (thousandths of the height) of each letter that was used, and its letter for copying."""
        per_em = self._font["head"].unitsPerEm
        names = sorted({self._name(chr(c)) for c in self.used}, key=lambda n: self._id[n])
        return [(self._id[n], round(1000 * self._wide[n][0] / per_em)) for n in names]

    def meanings(self) -> list[tuple[int, int]]:
        """Number in the font and character of each letter that was used."""
        return sorted((self._id[self._name(chr(c))], c) for c in self.used)
