"""Tests that lean on no bell curve: by ranks, against every way in which the lot could have fallen.

The distributions are exact, with ties (at midranks), by counting sums; F. Wilcoxon, Biometrics Bulletin 1 (1945), p. 80; H. B. Mann and
D. R. Whitney, Annals of Mathematical Statistics 18 (1947), p. 50. The shift and its interval are those of J. L. Hodges and E. L. Lehmann,
Annals of Mathematical Statistics 34 (1963), p. 598; without ties the interval is exact.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["midranks", "permuted", "signed_ranks", "shifted_groups", "shifted_pairs", "two_groups"]

_DRAWS = 9_999  # of permutations where they are not all counted
_NUMBERS = 4_000_000  # at most in their labels
_SAME = 1e-9  # relative, of statistics that are equal but for rounding
_COUNTED = 120  # flights of two groups; beyond, their sums are taken as normal


def midranks(x: np.ndarray) -> np.ndarray:
    """Twice the ranks of `x` (n,), equal values at the middle of theirs: whole numbers."""
    order = np.sort(x)
    return np.searchsorted(order, x, "left") + np.searchsorted(order, x, "right") + 1


def _signed_counts(ranks: np.ndarray) -> np.ndarray:
    """Share of all choices of signs for each sum of the positive `ranks` (n,)."""
    share = np.zeros(int(ranks.sum()) + 1)
    share[0] = 1.0
    for r in ranks:
        moved = np.zeros_like(share)
        moved[r:] = share[: share.size - r]
        share = 0.5 * (share + moved)
    return share


def _group_counts(ranks: np.ndarray, size: int) -> np.ndarray:
    """Share of all choices of `size` of the `ranks` (n,) for each sum of theirs."""
    top = int(np.sort(ranks)[-size:].sum())
    if ranks.size > _COUNTED:
        n, sums = ranks.size, np.arange(top + 1)
        spread = size * (n - size) / n * float(np.var(ranks, ddof=1))
        near = np.exp(-0.5 * (sums - size * ranks.mean()) ** 2 / spread)
        return np.asarray(near / near.sum())
    ways = np.zeros((size + 1, top + 1))
    ways[0, 0] = 1.0
    for r in ranks:
        for k in range(size, 0, -1):
            ways[k, r:] += ways[k - 1, : top + 1 - r]
    return np.asarray(ways[size] / ways[size].sum())


def _two_sided(share: np.ndarray, at: int) -> float:
    """Probability of a sum as far from the middle as `at`, or farther."""
    sums = np.arange(share.size)
    middle = float(sums @ share)
    return float(min(share[np.abs(sums - middle) >= abs(at - middle) - _SAME].sum(), 1.0))


def signed_ranks(differences: np.ndarray) -> tuple[float, float]:
    """Wilcoxon's signed ranks of `differences` (n,): the sum of the positive ranks and its two-sided p, zeros left out."""
    d = differences[differences != 0]
    if not d.size:
        return 0.0, 1.0
    ranks = midranks(np.abs(d)).astype(int)
    at = int(ranks[d > 0].sum())
    return at / 2, _two_sided(_signed_counts(ranks), at)


def two_groups(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """Mann and Whitney's U of `b` (m,) over `a` (n,): how often one of b is larger, ties half, and its two-sided p."""
    ranks = midranks(np.concatenate([a, b])).astype(int)
    at = int(ranks[a.size :].sum())
    u = at / 2 - b.size * (b.size + 1) / 2
    return u, _two_sided(_group_counts(ranks, b.size), at)


def _between(sums: np.ndarray, share: np.ndarray, level: float) -> tuple[float, float, float]:
    """Median of sorted `sums` (m,), and those between which the shift lies; infinite where so few say nothing at that level."""
    below = int(
        np.searchsorted(np.cumsum(share), level / 2 + 1e-12, "right")
    )  # the most that may be left out on each side
    low, high = (sums[below - 1], sums[sums.size - below]) if below else (-np.inf, np.inf)
    return float(np.median(sums)), float(low), float(high)


def shifted_pairs(differences: np.ndarray, level: float = 0.05) -> tuple[float, float, float]:
    """The middle of `differences` (n,) by the median of their means two by two, and its interval of confidence 1 - `level`."""
    i, j = np.triu_indices(differences.size)
    means = np.sort(0.5 * (differences[i] + differences[j]))
    return _between(means, _signed_counts(np.arange(1, differences.size + 1)), level)


def shifted_groups(a: np.ndarray, b: np.ndarray, level: float = 0.05) -> tuple[float, float, float]:
    """By how much `b` (m,) lies above `a` (n,), the median of all differences, and its interval of confidence 1 - `level`."""
    differences = np.sort((b[:, None] - a[None]).ravel())
    share = _group_counts(np.arange(1, a.size + b.size + 1), b.size)
    return _between(differences, share[b.size * (b.size + 1) // 2 :], level)


def permuted(
    statistic: Callable[[np.ndarray], np.ndarray], labels: np.ndarray, blocks: np.ndarray, seed: int = 1
) -> tuple[float, float]:
    """A statistic of the labels (n,) and how often it is as large where the lot fell otherwise within each block: (value, p).

    Of 9,999 lots (fewer of many flights), and the one that fell. statistic: (m,) from labels (m, n), larger where the designs differ more.
    blocks: (n,), all alike where there are none.
    """
    rng = np.random.default_rng(seed)
    draws = min(_DRAWS, _NUMBERS // labels.size)
    order = np.argsort(rng.random((draws, labels.size)) + np.unique(blocks, return_inverse=True)[1], axis=1)
    place = np.argsort(blocks, kind="stable")  # the flights block by block, as `order` sorts them
    drawn = np.empty((draws, labels.size), labels.dtype)
    drawn[:, place] = labels[order]
    seen = float(statistic(labels[None])[0])
    count = int(np.sum(statistic(drawn) >= seen - _SAME * abs(seen)))
    return seen, (1 + count) / (1 + draws)
