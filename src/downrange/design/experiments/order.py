"""In which order to fly: blocks that hold every design once, in an order drawn by lot within each."""

from __future__ import annotations

import numpy as np

__all__ = ["drawn_order"]


def drawn_order(designs: int, blocks: int, seed: int) -> tuple[tuple[int, ...], ...]:
    """The designs (numbers from 0) of each block in the order in which they fly.

    A block is flown in one go, with motors of one lot, so that wind, warmth and lot are as alike as can be; the lot decides who goes first,
    so that nobody's habit does. Of two designs each goes first equally often (within one), for a drift from the first flight of a block to
    the second would else look like a difference. R. A. Fisher, The Design of Experiments (1935), chapters 3 and 4.

    designs: how many. blocks: how many. seed: of the lot.
    """
    rng = np.random.default_rng(seed)
    if designs == 2:
        first = rng.permutation(np.arange(blocks) % 2)
        if blocks % 2 and rng.random() < 0.5:
            first = 1 - first
        return tuple((int(k), 1 - int(k)) for k in first)
    return tuple(tuple(int(k) for k in rng.permutation(designs)) for _ in range(blocks))
