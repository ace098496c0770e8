"""An issue of a document: the numbers that it gave, so that the next can mark what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from downrange.errors import InputError
from downrange.formats.reading import guarded, parse_json, read_bytes
from downrange.report.documents import Block, Run, Table, Text, plain_text

__all__ = ["Issue", "mark_tables", "read_issue"]

_FORMAT = 1
_LARGEST = 20_000_000  # bytes


@dataclass(frozen=True)
class Issue:
    """What an issue said: `numbers` in SI by their keys, `said` in words by name, the `cells` of its tables."""

    kind: str
    units: str
    date: str
    design: str
    numbers: Mapping[str, float | None]
    said: Mapping[str, str]
    cells: Mapping[str, str]

    def summary(self) -> dict[str, Any]:
        """For JSON: what `read_issue` reads."""
        return {
            "format": _FORMAT, "kind": self.kind, "units": self.units, "date": self.date, "design": self.design, "numbers": dict(self.numbers),
            "said": dict(self.said), "cells": dict(self.cells),
        }  # fmt: skip


@guarded("an issue of a document")
def read_issue(path: Path) -> Issue:
    """An issue from the JSON that `downrange report --json` printed. Raises `InputError` for anything else."""
    return issue_of(parse_json(read_bytes(path, _LARGEST).decode("utf-8", "replace"), path))


def issue_of(data: Any) -> Issue:
    """An issue from its summary.

    data: as `Issue.summary` gives it.
    """
    if isinstance(data, dict) and isinstance(data.get("issue"), dict):
        data = data["issue"]
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise InputError(
            "this is no issue of a document; give the JSON that `downrange report --json` printed", key="--since"
        )
    words = ("kind", "units", "date", "design")
    tables = ("numbers", "said", "cells")
    if not all(isinstance(data.get(k), str) for k in words) or not all(isinstance(data.get(k), dict) for k in tables):
        raise InputError("this issue of a document is not whole", key="--since")
    return Issue(*(data[k] for k in words), *(data[k] for k in tables))


def cell_names(table: Table) -> list[list[str]]:
    """A name for each cell of a table: the table, the row's first cell (and which of several), the head."""
    out, seen = [], dict[str, int]()
    for row in table.rows:
        first = plain_text(row[0])
        seen[first] = seen.get(first, 0) + 1
        who = first if seen[first] == 1 else f"{first} ({seen[first]})"
        out.append([f"{table.name or table.caption}/{who}/{head or k}" for k, head in enumerate(table.heads)])
    return out


def mark_tables(blocks: tuple[Block, ...], since: Issue | None, was: str) -> tuple[tuple[Block, ...], dict[str, str]]:
    """Blocks with the cells of their tables marked where they are not what they were, and all cells by name.

    blocks: of a document. was: that word.
    """
    cells: dict[str, str] = {}
    out: list[Block] = []
    for block in blocks:
        if not isinstance(block, Table) or not block.name:
            out.append(block)
            continue
        names = cell_names(block)
        rows = []
        for row, own in zip(block.rows, names, strict=True):
            cells.update(zip(own, map(plain_text, row), strict=True))
            rows.append(
                tuple(row[:1]) + tuple(_marked(c, since, n, was) for c, n in zip(row[1:], own[1:], strict=True))
            )
        out.append(replace(block, rows=tuple(rows)))
    return tuple(out), cells


def _marked(cell: Text, since: Issue | None, name: str, was: str) -> Text:
    if since is None or name not in since.cells or since.cells[name] == plain_text(cell):
        return cell
    return (Run(f"{plain_text(cell)} ({was} {since.cells[name]})", marked=True),)
