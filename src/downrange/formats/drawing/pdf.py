"""Drawings as a PDF that prints true to scale: pages of A4 or Letter, tiled with overlap and marks, a ruler on each.

The file asks the viewer not to fit it to the paper (`/PrintScaling /None`); coordinates in its pages are millimetres.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, cos, pi, sin, tan

from downrange.design.workshop.drawing import Arc, Circle, Drawing, Line, Shape, Words
from downrange.errors import InputError
from downrange.formats.drawing.letters import Letters
from downrange.formats.drawing.sheet import LINES, ruler, titles
from downrange.text import plain

__all__ = ["PAPERS", "Tiling", "pdf_bytes", "tiling_of"]

PAPERS = {"a4": (0.210, 0.297), "letter": (0.2159, 0.2794)}
_EDGE = 0.010  # m; no printer prints nearer to the edge than 6 mm
_OVERLAP = 0.010  # m; that neighbouring pages share
_POINT = 72 / 25.4  # of a millimetre
_MOST = 200  # pages of one drawing; a wall of paper
_GAP = 0.003  # m, between the notes' lines


@dataclass(frozen=True)
class Tiling:
    """How a drawing is cut into pages: paper (wide, high) m, its window's lower left corner and size, columns and rows."""

    paper: tuple[float, float]
    corner: tuple[float, float]
    window: tuple[float, float]
    columns: int
    rows: int

    @property
    def pages(self) -> int:
        """How many pages it takes."""
        return self.columns * self.rows

    def origin(self, column: int, row: int, size: tuple[float, float]) -> tuple[float, float]:
        """Where on the drawing (from its lower left corner, m as printed) a page's window begins; the drawing is in the middle of them."""
        steps = [w - _OVERLAP for w in self.window]
        whole = [n * s + _OVERLAP for n, s in zip((self.columns, self.rows), steps, strict=True)]
        spare = [0.5 * (w - s) for w, s in zip(whole, size, strict=True)]
        return column * steps[0] - spare[0], row * steps[1] - spare[1]


def tiling_of(drawing: Drawing, paper: str, lines: int) -> Tiling:
    """The fewest pages that hold a drawing, upright or lying; `lines` of words under it. Raises `InputError` where they are too many."""
    x0, y0, x1, y1 = drawing.bounds
    size = ((x1 - x0) / drawing.scale, (y1 - y0) / drawing.scale)
    foot = 0.021 + 0.0042 * lines
    best: Tiling | None = None
    for wide, high in (PAPERS[paper], PAPERS[paper][::-1]):
        window = (wide - 2 * _EDGE, high - 2 * _EDGE - foot)
        columns, rows = (
            1 if s <= w else ceil((s - _OVERLAP) / (w - _OVERLAP)) for s, w in zip(size, window, strict=True)
        )
        made = Tiling((wide, high), (_EDGE, _EDGE + foot), window, columns, rows)
        best = made if best is None or made.pages < best.pages else best
    assert best is not None
    if best.pages > _MOST:
        raise InputError(
            f"{plain(drawing.title, 60)} is {size[0] * 1e3:.0f} x {size[1] * 1e3:.0f} mm: {best.pages:,} pages of {paper}, and {_MOST} is "
            "the most; take its SVG or DXF to a plotter",
            key=drawing.path or None,
        )
    return best


@dataclass
class _Page:
    """A page that is being drawn, in millimetres."""

    letters: Letters
    out: list[str] = field(default_factory=list)

    def shape(self, s: Shape, x0: float, y0: float, scale: float) -> None:
        """A shape, its metres less (x0, y0) on the page at `scale`."""

        def at(p: tuple[float, float]) -> str:
            return f"{(p[0] / scale - x0) * 1e3:.5f} {(p[1] / scale - y0) * 1e3:.5f}"

        if isinstance(s, Words):
            self._words(s, s.at[0] / scale - x0, s.at[1] / scale - y0)
            return
        pen = LINES[s.style]
        red, green, blue = (int(pen.colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
        self.out.append(
            f"{red:.3f} {green:.3f} {blue:.3f} RG {pen.width:g} w [{' '.join(f'{d:g}' for d in pen.dash)}] 0 d"
        )
        if isinstance(s, Line):
            ways = " ".join(f"{at(p)} {'l' if k else 'm'}" for k, p in enumerate(s.points))
            self.out.append(f"{ways} {'h ' if s.closed else ''}S")
            return
        arc = s if isinstance(s, Arc) else Arc(s.middle, s.radius, 0.0, 2 * pi)
        self.out.append(f"{_curves(arc, at)} {'h ' if isinstance(s, Circle) else ''}S")

    def _words(self, s: Words, x: float, y: float) -> None:
        text, size = plain(s.text, 300), s.height * 1.38e3
        back = {"start": 0.0, "middle": 0.5, "end": 1.0}[s.anchor] * self.letters.width(text) * size
        c, n = cos(s.turn), sin(s.turn)
        x, y = x * 1e3 - back * c, y * 1e3 - back * n
        self.out.append(
            f"0.13 0.13 0.13 rg BT /F1 {size:.4f} Tf {c:.6f} {n:.6f} {-n:.6f} {c:.6f} {x:.4f} {y:.4f} Tm {self.letters.hex(text)} Tj ET"
        )


def _curves(arc: Arc, at: object) -> str:
    """An arc of Bézier curves, each of at most 11.25 degrees: a billionth of the radius from it."""
    assert callable(at)
    n = max(ceil(abs(arc.end - arc.start) / (pi / 16)), 1)
    step = (arc.end - arc.start) / n
    k = 4 / 3 * tan(step / 4)
    (cx, cy), r = arc.middle, arc.radius
    out = [f"{at((cx + r * cos(arc.start), cy + r * sin(arc.start)))} m"]
    for i in range(n):
        a, b = arc.start + i * step, arc.start + (i + 1) * step
        p = (cx + r * (cos(a) - k * sin(a)), cy + r * (sin(a) + k * cos(a)))
        q = (cx + r * (cos(b) + k * sin(b)), cy + r * (sin(b) - k * cos(b)))
        out.append(f"{at(p)} {at(q)} {at((cx + r * cos(b), cy + r * sin(b)))} c")
    return " ".join(out)


def _wrapped(text: str, wide: float, height: float, letters: Letters) -> list[str]:
    """Lines of at most `wide` m."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and letters.width(longer) * height * 1.38 <= wide:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def pdf_bytes(drawings: Sequence[Drawing], heading: str = "", paper: str = "a4") -> bytes:
    """The drawings one after the other as a PDF.

    heading: the rocket's name. paper: of `PAPERS`. Raises `InputError` for a drawing that takes too many pages, and other paper.
    """
    if paper not in PAPERS:
        raise InputError(f"paper is {' or '.join(PAPERS)}, seen {plain(paper, 40)!r}", key="paper")
    letters = Letters()
    pages: list[tuple[tuple[float, float], str]] = []
    for drawing in drawings:
        narrow = PAPERS[paper][0] - 2 * _EDGE
        words = [w for t in titles(drawing, heading) for w in _wrapped(t, narrow, 0.0026, letters)]
        tiling = tiling_of(drawing, paper, len(words))
        for row in reversed(range(tiling.rows)):
            for column in range(tiling.columns):
                pages.append((tiling.paper, _page(drawing, tiling, column, row, words, letters, paper)))
    return _document(pages, letters)


def _page(drawing: Drawing, t: Tiling, column: int, row: int, words: list[str], letters: Letters, paper: str) -> str:
    page = _Page(letters)
    x0, y0, x1, y1 = drawing.bounds
    k = drawing.scale
    size = ((x1 - x0) / k, (y1 - y0) / k)
    ox, oy = t.origin(column, row, size)
    left, low = x0 / k + ox - t.corner[0], y0 / k + oy - t.corner[1]
    (cx, cy), (wide, high) = t.corner, t.window
    page.out.append(f"q {cx * 1e3:.4f} {cy * 1e3:.4f} {wide * 1e3:.4f} {high * 1e3:.4f} re W n")
    for s in drawing.shapes:
        page.shape(s, left, low, k)
    page.out.append("Q")
    for s in (*_seams(t, column, row), *_foot(t, column, row, words, paper)):
        page.shape(s, 0.0, 0.0, 1.0)
    return f"{_POINT:.10f} 0 0 {_POINT:.10f} 0 0 cm\n" + "\n".join(page.out)


def _seams(t: Tiling, column: int, row: int) -> list[Shape]:
    """Where this page meets its neighbours: the line to cut or lap at, and crosses that come to lie on each other."""
    if t.pages == 1:
        return []
    (cx, cy), (wide, high), half = t.corner, t.window, 0.5 * _OVERLAP
    shapes: list[Shape] = []

    def mark(x: float, y: float, name: str) -> None:
        shapes.extend(
            [
                Circle((x, y), 0.002, "mark"),
                Line(((x - 0.004, y), (x + 0.004, y)), "mark"),
                Line(((x, y - 0.004), (x, y + 0.004)), "mark"),
            ]
        )
        shapes.append(Words((x + 0.0025, y + 0.0015), name, 0.002, anchor="start"))

    for there, at in ((column > 0, cx + half), (column < t.columns - 1, cx + wide - half)):
        seam = column if at < cx + wide / 2 else column + 1
        if there:
            shapes.append(Line(((at, cy), (at, cy + high)), "hidden"))
            for n, share in enumerate((0.25, 0.75)):
                mark(at, cy + share * high, f"{_letters(seam)}{2 * row + n + 1}")
    for there, at in ((row > 0, cy + half), (row < t.rows - 1, cy + high - half)):
        seam = row if at < cy + high / 2 else row + 1
        if there:
            shapes.append(Line(((cx, at), (cx + wide, at)), "hidden"))
            for n, share in enumerate((0.25, 0.75)):
                mark(cx + share * wide, at, f"{seam}{_letters(2 * column + n + 1).lower()}")
    return shapes


def _letters(n: int) -> str:
    """1 is A, 27 is AA."""
    out = ""
    while n > 0:
        n, k = divmod(n - 1, 26)
        out = chr(65 + k) + out
    return out


def _foot(t: Tiling, column: int, row: int, words: list[str], paper: str) -> list[Shape]:
    """Under the window: ruler, title, notes, and which page it is."""
    y = t.corner[1] - 0.008
    shapes: list[Shape] = list(ruler(_EDGE, y, inches=paper == "letter"))
    for n, text in enumerate(words):
        shapes.append(Words((_EDGE, y - 0.0055 - 0.0042 * n), text, 0.0026, anchor="start"))
    right = t.paper[0] - _EDGE
    if t.pages > 1:
        where = f"page {(t.rows - 1 - row) * t.columns + column + 1} of {t.pages}: column {column + 1}, row {t.rows - row}; lap to the crosses"
        shapes.append(Words((right, y + 0.0052), where, 0.0022, anchor="end"))
    else:
        shapes.append(Words((right, y + 0.0052), "print at 100 %, not fitted", 0.0022, anchor="end"))
    return shapes


def _document(pages: Sequence[tuple[tuple[float, float], str]], letters: Letters) -> bytes:
    """The objects of a PDF 1.7 and their table."""
    font = letters.embedded()
    ids = " ".join(f"{g} [{w}]" for g, w in letters.widths())
    means = "\n".join(f"<{g:04x}> <{_utf16(c)}>" for g, c in letters.meanings())
    count = len(letters.meanings())
    unicode_ = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        + "".join(
            f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n"
            for k in range(0, count, 100) if (part := means.split("\n")[k : k + 100])
        )
        + "endcmap end end"
    )  # fmt: skip
    first = 8
    kids = " ".join(f"{first + 2 * k} 0 R" for k in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /DejaVuSans /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 7 0 R >>",
        (
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /DejaVuSans /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
            f"/Supplement 0 >> /FontDescriptor 5 0 R /DW 600 /W [{ids}] /CIDToGIDMap /Identity >>"
        ).encode(),
        (
            b"<< /Type /FontDescriptor /FontName /DejaVuSans /Flags 32 /FontBBox [-1021 -463 1793 1232] /ItalicAngle 0 /Ascent 928 "
            b"/Descent -236 /CapHeight 729 /StemV 90 /FontFile2 6 0 R >>"
        ),
        _stream(font, f"/Length1 {len(font)} "),
        _stream(unicode_.encode()),
    ]
    for k, ((wide, high), content) in enumerate(pages):
        box = f"[0 0 {wide * 1e3 * _POINT:.5f} {high * 1e3 * _POINT:.5f}]"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Resources << /Font << /F1 3 0 R >> >> /Contents {first + 2 * k + 1} 0 R >>".encode()
        )
        objects.append(_stream(content.encode("ascii")))
    return _file(objects)


def _utf16(c: int) -> str:
    return chr(c).encode("utf-16-be").hex()


def _stream(data: bytes, more: str = "") -> bytes:
    packed = zlib.compress(data, 9)
    return f"<< {more}/Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for k, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{k} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{p:010d} 00000 n \n".encode() for p in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
