"""Uniform random numbers: one named stream for each parameter, one stretch of it for each block of flights.

A number depends on the seed, the name and the flight alone, so adding a parameter reshuffles no other, and results do
not depend on threads, shards or restarts.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Literal

import numpy as np

from downrange.dispersion.sobol import scrambled_points

__all__ = ["Sampling", "sobol", "uniforms"]

Sampling = Literal["random", "sobol"]
_HALF = 2.0**-54  # keeps zero out: the quantile of a normal distribution there is infinite


def _key(seed: int, name: str) -> list[int]:
    digest = hashlib.blake2b(f"{seed}:{name}".encode(), digest_size=16).digest()
    return [int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")]


def generator(seed: int, name: str, block: int) -> np.random.Generator:
    """The stream `name` at the beginning of a block: Philox, keyed by seed and name, its counter by the block.

    Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3 (SC11, 2011).
    """
    return np.random.Generator(np.random.Philox(key=_key(seed, name), counter=[0, 0, block, 0]))


def uniforms(seed: int, name: str, block: int, size: int) -> np.ndarray:
    """`size` numbers above 0 and below 1 of the stream `name` in a block."""
    return generator(seed, name, block).random(size) + _HALF


@lru_cache(maxsize=32)
def sobol(seed: int, name: str, dimensions: int, first: int, size: int) -> np.ndarray:
    """Points `first` to `first + size` of a scrambled Sobol sequence, shape (size, dimensions), not to be written on.

    The name keeps sequences of different modes apart. The last few are kept: a design that is tried after another flies the same draws.
    """
    points = scrambled_points(dimensions, first, size, np.random.default_rng(_key(seed, name)))
    points = np.clip(points, _HALF, 1 - 2 * _HALF)
    points.flags.writeable = False
    return points
