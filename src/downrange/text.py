"""How a name that somebody else wrote is shown: no character of it may drive a terminal or break a page."""

from __future__ import annotations

import html
import unicodedata

__all__ = ["big", "counted", "markup", "plain"]

_LONG = 120  # characters; longer names are cut where they are shown
_UNSEEN = frozenset(
    ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
)  # control, format (also bidirectional), surrogates, none


def plain(name: object, limit: int = _LONG) -> str:
    r"""`name` in one line of characters that can be seen, at most `limit` of them.

    Control, escape, formatting and bidirectional characters, surrogates and unassigned code points are written as
    escapes; spaces of any width become a space. Markup (HTML, Rich, mathtext) is not touched: each output escapes its
    own.

    >>> plain("a\x1b[31mred")
    'a\\x1b[31mred'
    """
    text = str(name)
    shown = "".join(_visible(c) for c in text[: limit + 1])
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def _visible(c: str) -> str:
    if c.isascii() and c.isprintable():
        return c
    kind = unicodedata.category(c)
    if kind in _UNSEEN:
        return c.encode("unicode_escape").decode()
    return " " if kind == "Zs" else c


def markup(text: object, limit: int = 2_000) -> str:
    """`text` as it stands in HTML, XML, KML, GPX or SVG, in a tag's content or an attribute: plain, then escaped.

    limit: characters.
    """
    return html.escape(plain(text, limit))


def counted(n: int, one: str, many: str = "") -> str:
    """So many of something, in words that fit the number.

    >>> counted(1, "motor"), counted(1200, "motor"), counted(2, "body", "bodies")
    ('1 motor', '1,200 motors', '2 bodies')

    n: how many. one, many: the words.
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def big(n: int) -> str:
    """A whole number for a message, however long.

    n: the number; one of more than 40 digits is told by that.
    """
    return str(n) if abs(n) < 10**40 else "a number of more than 40 digits"
