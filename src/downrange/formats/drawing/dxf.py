"""A drawing as DXF (R2010) in millimetres at true size, each kind of line on a layer of its own: CUT is what a laser follows."""

from __future__ import annotations

import io
from math import degrees

from downrange.design.workshop.drawing import Arc, Circle, Drawing, Line, Words
from downrange.formats.drawing.sheet import on_a_sheet
from downrange.text import plain

__all__ = ["dxf_text"]

_COLOUR = {"cut": 7, "fold": 3, "mark": 5, "hidden": 8, "centre": 8, "dimension": 9, "words": 2}


def dxf_text(drawing: Drawing, heading: str = "") -> str:
    """The drawing as the text of a DXF file; a whole rocket too is at true size there, its words larger instead.

    heading: the rocket's name, for the title.
    """
    import ezdxf
    from ezdxf.enums import TextEntityAlignment

    where = {"start": TextEntityAlignment.LEFT, "middle": TextEntityAlignment.CENTER, "end": TextEntityAlignment.RIGHT}
    made = ezdxf.new("R2010", setup=False)  # type: ignore[attr-defined]
    made.units = 4  # millimetres
    for name, colour in _COLOUR.items():
        made.layers.add(name.upper(), color=colour)
    space = made.modelspace()
    shapes, _ = on_a_sheet(drawing, heading)
    for s in shapes:
        if isinstance(s, Words):
            words = space.add_text(
                _said(s.text),
                height=s.height * 1e3 * drawing.scale,
                rotation=degrees(s.turn),
                dxfattribs={"layer": "WORDS"},
            )
            words.set_placement((s.at[0] * 1e3, s.at[1] * 1e3), align=where[s.anchor])
            continue
        how = {"layer": s.style.upper()}
        if isinstance(s, Circle):
            space.add_circle((s.middle[0] * 1e3, s.middle[1] * 1e3), s.radius * 1e3, dxfattribs=how)
        elif isinstance(s, Arc):
            space.add_arc(
                (s.middle[0] * 1e3, s.middle[1] * 1e3), s.radius * 1e3, degrees(s.start), degrees(s.end), dxfattribs=how
            )
        else:
            assert isinstance(s, Line)
            space.add_lwpolyline([(x * 1e3, y * 1e3) for x, y in s.points], close=s.closed, dxfattribs=how)
    out = io.StringIO()
    made.write(out)
    return out.getvalue()


def _said(text: str) -> str:
    """Words without what a DXF reads as its own commands: `%%c`, `\\U+`, `^J`."""
    return plain(text, 300).replace("%%", "% %").replace("\\", "/").replace("^", "ˆ")
