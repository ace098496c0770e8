"""A document as one HTML page that opens offline: its pictures are inside, and it prints as well as it reads."""

from __future__ import annotations

import base64
import html
from importlib import resources

from downrange.report.documents.blocks import (
    Block,
    Code,
    Contents,
    Document,
    Equation,
    Heading,
    Listing,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    References,
    Table,
    Text,
)
from downrange.report.documents.shown import shown_lines, shown_runs, shown_text

__all__ = ["html_text"]


def _e(text: str) -> str:
    return html.escape(shown_text(text))


def _words(text: Text) -> str:
    out = []
    for r in shown_runs(text):
        said = html.escape(r.text)
        for wanted, tag in ((r.code, "code"), (r.italic, "em"), (r.bold, "strong"), (r.marked, "mark")):
            said = f"<{tag}>{said}</{tag}>" if wanted else said
        out.append(f'<a href="{html.escape(r.link)}" rel="noopener noreferrer">{said}</a>' if r.link else said)
    return "".join(out)


def _caption(label: str, caption: str) -> str:
    return f"<strong>{_e(label)}.</strong> {_e(caption)}" if label else ""


def _table(b: Table, label: str) -> str:
    def side(k: int) -> str:
        return ' class="n"' if k in b.numbers else ""

    head = "".join(f'<th scope="col"{side(k)}>{_e(h)}</th>' for k, h in enumerate(b.heads))
    rows = "\n".join(
        "<tr>" + "".join(f"<td{side(k)}>{_words(c)}</td>" for k, c in enumerate(row)) + "</tr>" for row in b.rows
    )
    caption = f"<caption>{_caption(label, b.caption)}</caption>" if label else ""
    note = f'<p class="note-below">{_e(b.note)}</p>' if b.note else ""
    return f'<div class="table"><table>{caption}<thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>{note}</div>'


def _contents(document: Document, depth: int) -> str:
    lines = [
        f'<li class="l{b.level}"><a href="#h{k}">{_e(f"{label} {b.text}".strip())}</a></li>'
        for k, (b, label) in enumerate(zip(document.blocks, document.labels, strict=True))
        if isinstance(b, Heading) and b.level <= depth
    ]
    return f"<nav><h2>{_e(document.word('contents'))}</h2><ul>{''.join(lines)}</ul></nav>"


def _listing(b: Listing) -> str:
    box = '<input type="checkbox"> ' if b.boxes else ""
    items = "".join(f"<li>{box}{_words(i)}</li>" for i in b.items)
    tag = "ol" if b.ordered else "ul"
    return f'<{tag} class="boxes">{items}</{tag}>' if b.boxes else f"<{tag}>{items}</{tag}>"


def _picture(b: Picture, label: str) -> str:
    kind = {"png": "png", "jpg": "jpeg"}[b.kind]
    data = base64.b64encode(b.data).decode()
    caption = f"<figcaption>{_caption(label, b.caption)}</figcaption>" if label else ""
    return (
        f'<figure><img src="data:image/{kind};base64,{data}" alt="{_e(b.alt)}" style="width:{100 * b.share:.0f}%">'
        f"{caption}</figure>"
    )


def _block(document: Document, k: int, b: Block, label: str) -> str:
    match b:
        case Heading():
            return f'<h{b.level + 1} id="h{k}">{_e(f"{label} {b.text}".strip())}</h{b.level + 1}>'
        case Paragraph():
            return f"<p>{_words(b.text)}</p>"
        case Listing():
            return _listing(b)
        case Table():
            return _table(b, label)
        case Picture():
            return _picture(b, label)
        case Equation():
            return f'<p class="equation">{_e(b.text)}</p>'
        case Code():
            return "<pre>" + html.escape("\n".join(shown_lines(b.text))) + "</pre>"
        case Note():
            title = f"<strong>{_e(b.title)}</strong> " if b.title else ""
            return f'<aside class="{"warning" if b.warning else "note"}">{title}{_words(b.text)}</aside>'
        case PageBreak():
            return '<div class="break"></div>'
        case Contents():
            return _contents(document, b.depth)
        case References():
            return '<ol class="references">' + "".join(f"<li>{_e(e)}</li>" for e in b.entries) + "</ol>"


def html_text(document: Document) -> str:
    """The document as an HTML page: no script, nothing from elsewhere, all that somebody wrote escaped."""
    style = resources.files("downrange.report.documents").joinpath("page.css").read_text(encoding="utf-8")
    facts = "".join(f"<dt>{_e(a)}</dt><dd>{_e(b)}</dd>" for a, b in document.facts)
    body = "\n".join(
        _block(document, k, b, label) for k, (b, label) in enumerate(zip(document.blocks, document.labels, strict=True))
    )
    subtitle = f'<p class="subtitle">{_e(document.subtitle)}</p>' if document.subtitle else ""
    look = document.look
    page = f"@page {{ size: {look.width:g}mm {look.height:g}mm; margin: {look.margin:g}mm; }}"
    return (
        f'<!doctype html>\n<html lang="{_e(document.language)}"><head><meta charset="utf-8">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n"
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{_e(document.title)}</title>\n'
        f"<style>{page}\n{style}</style></head><body>\n<header><h1>{_e(document.title)}</h1>{subtitle}<dl>{facts}</dl></header>\n"
        f"<main>\n{body}\n</main>\n<footer>{_e(document.footer)}</footer></body></html>\n"
    )
