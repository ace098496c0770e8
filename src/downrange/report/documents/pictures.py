"""Pictures for documents: figures of ours, and files of people's."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from downrange.errors import InputError
from downrange.report.documents.blocks import Picture
from downrange.text import plain

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = ["figure_picture", "read_picture"]

_DPI = 200
_LARGEST = 20_000_000  # bytes of a picture's file
_MOST = 60_000_000  # its pixels
_SIDE = 2400  # pixels that a printed page shows; a larger one is made smaller


def figure_picture(
    figure: PlainFigure, name: str, alt: str, caption: str = "", *, units: str = "metric", share: float = 1.0, larger: float = 1.0
) -> Picture:  # fmt: skip
    """A figure as a picture of a document, in `units`: drawn for print; as an SVG when it is asked for.

    name: of its file in a folder. alt: what it shows, in words. caption: below it. share: of the width of the text.
    larger: letters and lines in proportion to the figure.
    """
    if larger != 1:
        figure.set_size_inches(*(figure.get_size_inches() / larger))
        for title in (*figure.texts, *(a.title for a in figure.axes)):
            title.set_wrap(True)

    def drawn(**how: Any) -> bytes:
        out = io.BytesIO()
        figure.savefig(out, units=units, **how)
        return out.getvalue()

    return Picture(
        drawn(format="png", dpi=_DPI * larger**2),
        alt,
        caption,
        name,
        share,
        lambda: drawn(format="svg", metadata={"Date": None}),
    )


def read_picture(path: Path, alt: str, caption: str = "", *, share: float = 1.0) -> Picture:
    """A PNG or JPEG file as a picture, made smaller where it has more pixels than a page shows.

    Raises `InputError` for what is no picture, and for one of more than 20 MB or 60 million pixels.

    path: of the file. alt: what it shows, in words. caption: below it. share: of the width of the text.
    """
    from PIL import Image

    try:
        size = path.stat().st_size
        if size > _LARGEST:
            raise InputError(
                f"the picture has {size / 1e6:,.0f} MB, more than {_LARGEST / 1e6:.0f}: save it smaller", file=str(path)
            )
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read the picture: {error.strerror or error}", file=str(path)) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow's own bound on pixels
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as seen:
                if seen.width * seen.height > _MOST:
                    raise InputError(
                        f"the picture has {seen.width * seen.height / 1e6:,.0f} million pixels, more than {_MOST / 1e6:.0f}: save it smaller",
                        file=str(path),
                    )
                return Picture(_fit(seen), alt, caption, plain(path.stem, 60), share)
    except InputError:
        raise
    except Exception:  # Pillow's many
        raise InputError("is neither a PNG nor a JPEG picture that can be read", file=str(path)) from None


def _fit(seen: object) -> bytes:
    """A picture as it stands upright, without what a camera wrote beside it (the place where it was taken), at most a page wide."""
    from PIL import Image, ImageOps

    assert isinstance(seen, Image.Image)
    kind = seen.format
    turned = ImageOps.exif_transpose(seen)
    turned.thumbnail((_SIDE, _SIDE))
    out = io.BytesIO()
    if kind == "JPEG":
        turned.convert("RGB").save(out, "JPEG", quality=88)
    else:
        turned.convert("RGBA" if "A" in turned.getbands() or "transparency" in turned.info else "RGB").save(out, "PNG")
    return out.getvalue()
