"""Cells of long tables, packed: a word of its own costs Python 60 bytes, and a log of 300 MB has forty million of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Packed", "PackedRows"]

_BLOCK = 100_000  # rows that are split at once


class Packed(Sequence[str]):
    """One column: its cells without blanks about them, made to words as they are asked for."""

    def __init__(self, blocks: Sequence[pa.Array]) -> None:
        self._cells: Any = pa.chunked_array(blocks, pa.string())

    def __len__(self) -> int:
        return len(self._cells)

    @overload
    def __getitem__(self, k: int) -> str: ...
    @overload
    def __getitem__(self, k: slice) -> list[str]: ...
    def __getitem__(self, k: int | slice) -> str | list[str]:
        if isinstance(k, slice):
            at = range(len(self))[k]
            return list(self._cells.take(np.arange(at.start, at.stop, at.step)).to_pylist())
        return str(self._cells[k].as_py())

    def __iter__(self) -> Iterator[str]:
        for block in self._cells.chunks:
            yield from block.to_pylist()

    def numbers(self, comma: bool) -> np.ndarray | None:
        """The cells as numbers (rows,), NaN where one is empty; None where any is no plain number. comma: it is the decimal mark."""
        out = []
        for block in self._cells.chunks:
            cells = pc.replace_substring(block, ",", ".") if comma else block
            try:
                read = pc.cast(pc.if_else(pc.equal(cells, ""), None, cells), pa.float64())
            except pa.ArrowInvalid:
                return None
            out.append(pc.fill_null(read, math.nan).to_numpy(zero_copy_only=False))
        return np.concatenate(out) if out else np.zeros(0)


@dataclass(frozen=True, eq=False)
class PackedRows:
    """Rows of cells, in blocks: all cells of one after another, and where each row begins."""

    blocks: tuple[tuple[pa.Array, np.ndarray], ...]

    @classmethod
    def split(
        cls, lines: Sequence[str], mark: str, by_hand: Callable[[list[str]], list[list[str]]] | None
    ) -> PackedRows:
        """Split lines at `mark`, or as `by_hand` does."""
        blocks = []
        for a in range(0, len(lines), _BLOCK):
            some = list(lines[a : a + _BLOCK])
            if by_hand is None:
                rows: Any = pc.split_pattern(pa.array(some, pa.string()), mark)
                cells, starts = rows.flatten(), rows.offsets.to_numpy()
            else:
                split = by_hand(some)
                cells = pa.array([c for r in split for c in r], pa.string())
                starts = np.cumsum([0, *(len(r) for r in split)])
            blocks.append((pc.utf8_trim_whitespace(cells), np.asarray(starts, np.int64)))
        return cls(tuple(blocks))

    @property
    def widths(self) -> Counter[int]:
        """How many rows have how many cells, in the order in which they come."""
        all_of = np.concatenate([np.diff(starts) for _, starts in self.blocks])
        found, first, counts = np.unique(all_of, return_index=True, return_counts=True)
        return Counter({int(found[k]): int(counts[k]) for k in np.argsort(first)})

    def columns(self, width: int) -> tuple[Packed, ...]:
        """The first `width` columns; a row that ends before has empty cells."""
        return tuple(Packed([_column(cells, starts, i) for cells, starts in self.blocks]) for i in range(width))


def _column(cells: pa.Array, starts: np.ndarray, i: int) -> pa.Array:
    at = starts[:-1] + i
    return pc.fill_null(cells.take(pa.array(at, mask=at >= starts[1:])), "")
