"""A document for Word (`.docx`): real headings, tables, captions, a table of contents and page numbers; into a team's own template where given."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from downrange.errors import InputError, seen
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
    Run,
    Table,
    Text,
    runs,
)
from downrange.report.documents.shown import shown_lines, shown_runs, shown_text

__all__ = ["check_template", "docx_bytes"]

_LARGEST = 20_000_000  # bytes of a template, packed
_UNPACKED = 200_000_000
HERE = "{{document}}"
"""Where the document goes in a template; at its end, where it does not say."""


class _Writer:
    """Puts blocks into a Word document, before a paragraph of it where one is named."""

    def __init__(self, docx: Any, document: Document, before: Any = None) -> None:
        self.docx, self.document, self.before = docx, document, before
        section = docx.sections[-1]
        self.width = section.page_width - section.left_margin - section.right_margin
        self.height = section.page_height - section.top_margin - section.bottom_margin
        self.styles = {s.name for s in docx.styles}

    def _placed(self, made: Any) -> Any:
        """Move what was made at the end to where the document goes."""
        if self.before is not None:
            self.before._p.addprevious(made._element)
        return made

    def paragraph(self, text: Text = "", style: str = "") -> Any:
        """A paragraph in a style, as far as the template has it."""
        p = self._placed(self.docx.add_paragraph(style=style if style in self.styles else None))
        self.fill(p, text)
        return p

    def fill(self, p: Any, text: Text) -> None:
        """The pieces of a text into a paragraph."""
        from docx.enum.text import WD_COLOR_INDEX

        for r in shown_runs(text):
            run = p.add_run(r.text)
            run.bold, run.italic = r.bold or None, r.italic or None
            if r.code:
                run.font.name = "Consolas"
            if r.marked:
                run.font.highlight_color = WD_COLOR_INDEX.GRAY_25
            if r.link and r.link != r.text:
                p.add_run(f" ({shown_text(r.link)})")

    def caption(self, label: str, caption: str, *, above: bool) -> None:
        """The caption of a table or a figure; above, it stays with what follows."""
        p = self.paragraph((Run(f"{label}. ", bold=True), Run(caption)), "Caption")
        p.paragraph_format.keep_with_next = above

    def block(self, b: Block, label: str) -> None:
        """One block."""
        match b:
            case Heading():
                p = self.paragraph(f"{label} {b.text}".strip(), f"Heading {b.level}")
                p.paragraph_format.keep_with_next = True
            case Paragraph():
                self.paragraph(b.text)
            case Listing():
                self.listing(b)
            case Table():
                self.table(b, label)
            case Picture():
                self.picture(b, label)
            case Equation():
                self.paragraph(b.text).alignment = 1
            case Code():
                p = self.paragraph("")
                for k, line in enumerate(shown_lines(b.text)):
                    run = p.add_run(line)
                    run.font.name = "Consolas"
                    if k + 1 < len(shown_lines(b.text)):
                        run.add_break()
            case Note():
                title = (Run(f"{b.title} ", bold=True),) if b.title else ()
                self.paragraph((*title, *runs(b.text)), "Intense Quote" if b.warning else "Quote")
            case PageBreak():
                self.paragraph().add_run().add_break(_page())
            case Contents():
                self.contents(b.depth)
            case References():
                for k, entry in enumerate(b.entries, 1):
                    self.paragraph(f"[{k}] {entry}")

    def listing(self, b: Listing) -> None:
        """Points, numbers (their own, so that each list begins at one) or boxes."""
        for k, item in enumerate(b.items, 1):
            if not (b.boxes or b.ordered) and "List Bullet" in self.styles:
                self.paragraph(item, "List Bullet")
            else:
                mark = "\u2610 " if b.boxes else f"{k}. " if b.ordered else "\u2022 "
                self.paragraph((Run(mark), *runs(item)))

    def table(self, b: Table, label: str) -> None:
        """A table whose head stands on each page that it reaches, and whose rows are not broken."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        if label:
            self.caption(label, b.caption, above=True)
        style = "Light List" if "Light List" in self.styles else "Table Grid" if "Table Grid" in self.styles else None
        made = self._placed(self.docx.add_table(rows=1 + len(b.rows), cols=len(b.heads), style=style))
        cells = made._cells  # once: it is made anew at each call
        for k, text in enumerate((*b.heads, *(c for row in b.rows for c in row))):
            p = cells[k].paragraphs[0]
            self.fill(p, text)
            p.paragraph_format.space_after = Pt(1)
            for run in p.runs:
                run.font.size = Pt(9 if len(b.heads) < 9 else 7)
                if k < len(b.heads):
                    run.bold = True
            if k % len(b.heads) in b.numbers:
                p.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        for k, row in enumerate(made.rows):
            properties = row._tr.get_or_add_trPr()
            _add(properties, "w:cantSplit")
            if k == 0:
                _add(properties, "w:tblHeader")
        self.paragraph(b.note)

    def picture(self, b: Picture, label: str) -> None:
        """A picture with its text for those who cannot see it, and its caption below."""
        p = self.paragraph()
        p.alignment = 1
        p.paragraph_format.keep_with_next = bool(label)
        drawn = p.add_run().add_picture(io.BytesIO(b.data), width=int(self.width * b.share))
        if drawn.height > 0.8 * self.height:
            drawn.width, drawn.height = int(drawn.width * 0.8 * self.height / drawn.height), int(0.8 * self.height)
        drawn._inline.docPr.set("descr", shown_text(b.alt))
        if label:
            self.caption(label, b.caption, above=False)

    def contents(self, depth: int) -> None:
        """A field that Word fills with page numbers; the headings stand in it until then."""
        self.paragraph((self.document.word("contents")), "TOC Heading")
        lines = [
            f"{label} {b.text}".strip()
            for b, label in zip(self.document.blocks, self.document.labels, strict=True)
            if isinstance(b, Heading) and b.level <= depth
        ]
        p = self.paragraph()
        _field(p, f'TOC \\o "1-{depth}" \\h \\z \\u', "\n".join(shown_text(line) for line in lines))


def _page() -> Any:
    from docx.enum.text import WD_BREAK

    return WD_BREAK.PAGE


def _add(parent: Any, tag: str, **values: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(tag)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    parent.append(made)
    return made


def _field(p: Any, code: str, shown: str) -> None:
    """A field of Word's in a paragraph: its code, and what stands there until Word works it out."""
    run = p.add_run()
    _add(run._r, "w:fldChar", fldCharType="begin")
    text = _add(run._r, "w:instrText")
    text.text = code
    _add(run._r, "w:fldChar", fldCharType="separate")
    lines = shown.split("\n")
    for k, line in enumerate(lines):
        run = p.add_run(line)
        if k + 1 < len(lines):
            run.add_break()
    _add(p.add_run()._r, "w:fldChar", fldCharType="end")


def _installed() -> Any:
    """The package that writes Word files; raises `InputError` where it is not there."""
    try:
        import docx
    except ImportError:
        raise InputError(
            "a Word file is written by the package python-docx, which is not installed: pip install 'downrange[documents]', or write .html"
        ) from None
    return docx


def check_template(path: Path) -> None:
    """Raise `InputError` where a Word template cannot be used: before the work, not after.

    path: of the `.docx`.
    """
    _template(path)


def _template(path: Path) -> Any:
    """A team's Word template; raises `InputError` where it is none or too large."""
    docx = _installed()
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"the template has more than {_LARGEST // 1_000_000} MB", file=str(path))
        with zipfile.ZipFile(path) as packed:
            if sum(i.file_size for i in packed.infolist()) > _UNPACKED:
                raise InputError(
                    f"the template unpacks to more than {_UNPACKED // 1_000_000} MB; save it again from Word without its pictures",
                    file=str(path),
                )
        return docx.Document(str(path))
    except OSError as error:
        raise InputError(f"cannot read the template: {error.strerror or error}", file=str(path)) from None
    except InputError:
        raise
    except Exception:  # zipfile's, lxml's and python-docx's own
        raise InputError("is no Word file (.docx) that can be read; save it again from Word", file=str(path)) from None


def _fill_in(docx: Any, own: Mapping[str, str], values: Mapping[str, str], path: Path) -> Any:
    """Put values for `{{name}}` wherever the template says it; returns the paragraph that says where the document goes."""
    import re

    named = re.compile(r"\{\{\s*([^{}]{1,80}?)\s*\}\}")
    where = None
    paragraphs = [
        *docx.paragraphs,
        *(p for t in docx.tables for row in t.rows for c in row.cells for p in c.paragraphs),
    ]
    for section in docx.sections:
        paragraphs += [*section.header.paragraphs, *section.footer.paragraphs]
    for p in paragraphs:
        if "{{" not in p.text:
            continue
        if p.text.strip().replace(" ", "") == HERE:
            where = p
            continue
        new = named.sub(lambda m: shown_text(own[m[1]] if m[1] in own else _value(m[1], values, path)), p.text)
        for run in p.runs[1:]:
            run.text = ""
        p.runs[0].text = new
    return where


def _value(name: str, values: Mapping[str, str], path: Path) -> str:
    """What stands for a name in a template. Raises `InputError` for one that there is not."""
    try:
        return values[name]
    except KeyError:
        raise InputError(
            f"the template asks for {seen(name, 80)}, which this document does not have", file=str(path)
        ) from None
    except InputError as error:
        raise type(error)(error.message, file=str(path), key=f"{{{{{name[:60]}}}}}") from None


def docx_bytes(document: Document, template: Path | None = None, values: Mapping[str, str] | None = None) -> bytes:
    """The document as a Word file.

    template: a team's own `.docx`, whose styles it takes; it stands where a paragraph says `{{document}}`, else at the end, and
    `{{name}}` elsewhere in it becomes that of `values`. Raises `InputError` for a template that cannot be used.
    """
    docx = _installed()
    made = docx.Document() if template is None else _template(template)
    own = {"title": document.title, "subtitle": document.subtitle}
    where = None if template is None else _fill_in(made, own, values or {}, template)
    if template is None:
        _page_setup(made, document)
    made.core_properties.title = shown_text(document.title)[:250]
    made.core_properties.language = document.language
    writer = _Writer(made, document, where)
    if template is None:
        writer.paragraph(document.title, "Title")
        if document.subtitle:
            writer.paragraph(document.subtitle, "Subtitle")
        for name, value in document.facts:
            writer.paragraph(f"{name}: {value}").paragraph_format.space_after = 0
        if document.look.cover:
            writer.block(PageBreak(), "")
    for b, label in zip(document.blocks, document.labels, strict=True):
        writer.block(b, label)
    if where is not None:
        where._element.getparent().remove(where._element)
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def _page_setup(docx: Any, document: Document) -> None:
    """Size, margins, letters and the foot of the pages."""
    from docx.shared import Mm, Pt

    look, section = document.look, docx.sections[0]
    # Word knows no page beyond 22 inches: a poster is scaled to it, and printed larger.
    scale = min(1.0, 558.0 / max(look.width, look.height))
    section.page_width, section.page_height = Mm(look.width * scale), Mm(look.height * scale)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(look.margin * scale))
    docx.styles["Normal"].font.size = Pt(max(5, round(look.size * scale)))
    if look.columns > 1:
        from docx.oxml.ns import qn

        section._sectPr.find(qn("w:cols")).set(qn("w:num"), str(look.columns))
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{shown_text(document.footer)[:120]}   {document.word('page')} ")
    _field(foot, "PAGE", "1")
    foot.add_run(f" {document.word('of')} ")
    _field(foot, "NUMPAGES", "1")
