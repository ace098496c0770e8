"""Scrambled Sobol sequences, the same to the last bit as those of `scipy.stats.qmc`, whose import takes longer than a thousand flights.

Points x_n of dimension d are sums without carry of its direction numbers v_j where the Gray code of n has a one (Antonov and Saleev, USSR Comput. Math. Math. Phys. 19
(1979), 252), of primitive polynomials and first numbers by Joe and Kuo (SIAM J. Sci. Comput. 30 (2008), 2635; `data/joe_kuo.csv`). They are scrambled by a random lower
triangular matrix over the bits and a random shift (Matoušek, J. Complexity 14 (1998), 527).
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import numpy as np

__all__ = ["scrambled_points"]

BITS = 30


@cache
def _known() -> list[list[int]]:
    """Of each dimension that is kept its polynomial and first numbers."""
    text = (resources.files("downrange.dispersion") / "data" / "joe_kuo.csv").read_text(encoding="utf-8")
    return [[int(x) for x in line.split(",")] for line in text.splitlines() if not line.startswith("#")]


def _direction_numbers(dimensions: int) -> np.ndarray:
    """v_j of each dimension (d, BITS), as whole numbers of BITS bits."""
    out = np.zeros((dimensions, BITS), np.uint32)
    for d, (polynomial, *m) in enumerate(_known()[:dimensions]):
        degree = polynomial.bit_length() - 1
        while len(m) < BITS:
            new = 1 if degree == 0 else m[-degree]
            for k in range(1, degree + 1):
                if polynomial >> (degree - k) & 1:
                    new ^= m[-k] << k
            m.append(new)
        out[d] = [x << (BITS - 1 - j) for j, x in enumerate(m)]
    return out


def scrambled_points(dimensions: int, first: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """Points `first` to `first + size` of a sequence scrambled by `rng`, (size, dimensions), at least 0 and below 1.

    Of more dimensions than are kept here SciPy's own, which are the same.
    """
    if dimensions > len(_known()):
        return _by_scipy(dimensions, first, size, rng)
    rng = rng.spawn(1)[0]  # as SciPy does
    places = np.arange(BITS, dtype=np.uint32)
    shift = rng.integers(2, size=(dimensions, BITS), dtype=np.uint32) @ (np.uint32(1) << places)
    mix = np.tril(rng.integers(2, size=(dimensions, BITS, BITS), dtype=np.uint32))
    mix[:, places, places] = 1
    highest = places[::-1]
    bits = (_direction_numbers(dimensions)[:, :, None] >> highest) & np.uint32(1)
    mixed = (np.einsum("dpk,djk->djp", mix, bits) & np.uint32(1)) @ (np.uint32(1) << highest)
    n = np.arange(first, first + size, dtype=np.uint32)
    gray = n ^ (n >> np.uint32(1))
    points = np.repeat(shift[None], size, axis=0)
    for j in range(max(int(first + size - 1).bit_length(), 1)):
        points ^= np.where((gray >> np.uint32(j) & np.uint32(1))[:, None] != 0, mixed[:, j], np.uint32(0))
    return np.asarray(points * 2.0**-BITS)


def _by_scipy(dimensions: int, first: int, size: int, rng: np.random.Generator) -> np.ndarray:
    import warnings

    from scipy.stats import qmc

    engine = qmc.Sobol(dimensions, scramble=True, bits=BITS, rng=rng)
    if first:
        engine.fast_forward(first)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # balance needs powers of two; a stratum rarely has one
        return np.asarray(engine.random(size))
