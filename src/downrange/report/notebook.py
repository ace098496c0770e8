"""The lab notebook on the terminal, as JSON and as a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from downrange.errors import InputError
from downrange.formats.reading import Folder, read_bytes
from downrange.project.notebook import Note, Page, pages_of
from downrange.report.layout import plain_table
from downrange.report.terminal import panel
from downrange.text import plain

if TYPE_CHECKING:
    from downrange.project import Project

__all__ = ["notebook_summary", "notebook_view", "write_notebook"]


def notebook_summary(notes: Sequence[Note], pages: Sequence[Page], wrong: Sequence[str]) -> dict[str, Any]:
    """The documented keys of `downrange notebook show --json`.

    wrong: what is wrong with it.
    """
    said = [{k: v for k, v in asdict(n).items() if k != "inputs"} | {"time": n.time.isoformat()} for n in notes]
    return {
        "notes": said,
        "pages": [{"file": p.path.name, "day": p.day, "title": p.title} for p in pages],
        "problems": list(wrong),
    }


def notebook_view(notes: Sequence[Note], pages: Sequence[Page], wrong: Sequence[str]) -> RenderableType:
    """The notebook on the terminal.

    wrong: what is wrong with it.
    """
    if not notes and not pages:
        return Text("no notebook yet: downrange notebook begin starts one")
    table = plain_table("when (UTC)", "who", "what", "design", "of it", words=(1, 2, 3, 4))
    rows = []
    for n in notes:
        apogee = n.numbers.get("apogee_agl_m")
        of = f"apogee {apogee:,.1f} m" if apogee is not None else f"{len(n.changed)} changed" if n.changed else ""
        rows.append(
            (
                f"{n.time:%Y-%m-%d %H:%M}",
                plain(n.who, 20),
                n.what,
                n.design,
                plain("; ".join(filter(None, (of, n.words, ", ".join(n.files)))), 200),
            )
        )
    rows += [(p.day or "-", "-", "page", "-", plain(p.title)) for p in pages]
    for row in sorted(rows, key=lambda r: r[0]):
        table.add_row(*row)
    lines = [Text(f"! {w}", style="bold red") for w in wrong]
    last = (
        [Text(f"newest check {notes[-1].check[:16]}: give it to somebody to prove what was noted by now", style="dim")]
        if notes
        else []
    )
    return panel([table, Text(""), *lines, *last], "Lab notebook")


def write_notebook(project: Project, path: Path) -> Path:
    """Write the notebook, its notes and all its pages, as a document; returns its path. Raises `InputError` where there is none."""
    from downrange.report.composing.material import Material, Missing
    from downrange.report.composing.season import designs_table, notebook_table
    from downrange.report.documents import (
        Block,
        Document,
        Heading,
        Picture,
        read_markdown,
        read_picture,
        write_document,
    )

    material = Material(project, project.units)
    try:
        blocks: list[Block] = [Heading("Notes"), notebook_table(material), designs_table(material)]
    except Missing as why:
        raise InputError(str(why)) from None
    for page in pages_of(project):
        inside = Folder.of(project.path.parent).within(page.path.parent)

        def picture(p: str, alt: str, at: Folder = inside) -> Picture:
            return read_picture(at.file(p, "picture"), alt, alt)

        text = read_bytes(inside.file(page.path.name, "page"), 1_000_000).decode("utf-8", "replace")
        blocks += [
            Heading(f"{page.day} {page.title}".strip()),
            *read_markdown(text, file=str(page.path), picture=picture, below=1),
        ]
    return write_document(
        Document("Lab notebook", tuple(blocks), project.launch.rocket.name, footer=project.launch.rocket.name), path
    )
