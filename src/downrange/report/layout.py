"""Tables on a terminal of any width: no number is ever cut. What does not fit side by side stands below each other."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

__all__ = ["PlainTable", "plain_table"]

_GAP = 2
_LEAST = 10  # of a column of words, before the table is stacked


class PlainTable:
    """A table without lines. The first column and those in `words` are text, which wraps; the others are numbers, which do not.

    Where the numbers do not fit beside each other, each row becomes a block: its first cell, and under it the others with the heads of
    their columns.
    """

    def __init__(self, heads: tuple[str, ...], words: tuple[int, ...] = ()) -> None:
        self.heads = heads
        self.words = {0, *words}
        self.rows: list[tuple[Text, ...]] = []

    def add_row(self, *cells: str | Text) -> None:
        """A row; it may be shorter than the head."""
        given = [c if isinstance(c, Text) else Text(c) for c in cells]
        self.rows.append((*given, *(Text("") for _ in self.heads[len(given) :])))

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        least, most = self._widths()
        return Measurement(min(sum(least), options.max_width), min(sum(most), options.max_width))

    def _widths(self) -> tuple[list[int], list[int]]:
        """The least and the natural width of each column, with the gap behind it."""
        least, most = [], []
        for k, head in enumerate(self.heads):
            cells = max((row[k].cell_len for row in self.rows), default=0)
            word = max((Text(w).cell_len for w in head.split()), default=0)
            least.append(max(word, min(cells, _LEAST) if k in self.words else cells) + _GAP)
            most.append(max(Text(head).cell_len, cells) + _GAP)
        return least, most

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if sum(self._widths()[0]) > options.max_width:
            yield from self._stacked(options.max_width)
        else:
            yield self._table(options.max_width)

    def _table(self, room: int) -> Table:
        table = Table(box=None, padding=(0, _GAP, 0, 0))
        wide = sum(self._widths()[1]) > room
        for k, head in enumerate(self.heads):
            text = k in self.words
            shown = _folded(head, max((row[k].cell_len for row in self.rows), default=0)) if wide and not text else head
            table.add_column(
                shown, justify="left" if text else "right", style=None if k == 0 else "bold", no_wrap=not text, overflow="fold", vertical="top",
                min_width=None if text else max((row[k].cell_len for row in self.rows), default=0),
            )  # fmt: skip
        for row in self.rows:
            table.add_row(*row)
        return table

    def _stacked(self, room: int) -> Iterator[Text]:
        for row in self.rows:
            yield Text.assemble(f"{self.heads[0]} ", row[0]) if row[0].plain[:1].isdigit() else row[0]
            line = Text("   ")
            for head, cell in zip(self.heads[1:], row[1:], strict=True):
                if not cell.plain:
                    continue
                pair = Text.assemble((head, "dim"), " " if head else "", cell)
                if len(line.plain) > 3 and line.cell_len + 2 + pair.cell_len > room:
                    yield line
                    line = Text("   ")
                line = Text.assemble(line, ", " if len(line.plain) > 3 else "", pair)
            yield line


def _folded(head: str, room: int) -> str:
    """A head on as few lines as the cells below it (`room` wide) and its longest word allow."""
    lines: list[str] = []
    width = max([room, *(Text(w).cell_len for w in head.split())])
    for word in head.split():
        if lines and Text(f"{lines[-1]} {word}").cell_len <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def plain_table(*heads: str, words: tuple[int, ...] = ()) -> PlainTable:
    """A table without lines: the first column and those in `words` to the left, the others numbers."""
    return PlainTable(heads, words)
