"""Whether the points of a free-form fin enclose one piece of material."""

from __future__ import annotations

import numpy as np

from downrange.errors import InputError

__all__ = ["check_outline"]

_MOST = 1000
_SAME = 1e-9  # m


def check_outline(points: tuple[tuple[float, float], ...]) -> None:
    """Refuse an outline (n, 2) of [aft, outward] m that is not one simple polygon standing on the body.

    It starts at the root's leading edge and ends at its trailing edge; the body closes it. Raises `InputError` that names
    the points (counted from 1) where it crosses, touches or doubles back on itself.
    """
    p = np.asarray(points, float)
    if p.ndim != 2 or p.shape[1] != 2 or not 3 <= len(p) <= _MOST:
        raise InputError(
            f"a free-form fin needs at least three points (and at most {_MOST}), each [aft, outward]", key="points"
        )
    if abs(p[0, 1]) > _SAME or abs(p[-1, 1]) > _SAME:
        raise InputError(
            "a free-form fin starts and ends on the body: first and last point have outward 0", key="points"
        )
    if np.any(p[:, 1] < -_SAME):
        k = int(np.argmin(p[:, 1]))
        raise InputError(f"point {k + 1} of the fin lies inside the body (outward below 0)", key="points")
    if p[-1, 0] <= p[0, 0] + _SAME:
        raise InputError(
            "the fin's last point must lie aft of its first: they are the two ends of the root, and the body closes the outline",
            key="points",
        )
    same = np.flatnonzero(np.hypot(*np.diff(p, axis=0).T) <= _SAME)
    if same.size:
        raise InputError(f"points {same[0] + 1} and {same[0] + 2} of the fin are the same", key="points")
    if not p[:, 1].max() > _SAME:
        raise InputError("the fin's outline encloses no area: its span is not above zero", key="points")
    _check_turns(p)
    _check_crossings(p)


def _check_turns(p: np.ndarray) -> None:
    """A corner that turns right round lays one edge on the other."""
    d = np.diff(p, axis=0)
    d = np.vstack([d, p[0] - p[-1]])  # the root, along the body
    before, after = d, np.roll(d, -1, axis=0)
    scale = np.hypot(*before.T) * np.hypot(*after.T)
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    back = (np.abs(cross) <= 1e-9 * scale) & ((before * after).sum(axis=1) < 0)
    if back.any():
        k = (int(np.argmax(back)) + 1) % len(p)
        raise InputError(f"the fin's outline doubles back on itself at point {k + 1}", key="points")


def _side(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Sign of where c lies of the line from a to b: 1 left, -1 right, 0 on it (to a billionth of the lengths)."""
    value = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
    scale = np.hypot(*np.moveaxis(b - a, -1, 0)) * np.hypot(*np.moveaxis(c - a, -1, 0))
    return np.where(np.abs(value) <= 1e-9 * scale, 0.0, np.sign(value))


def _check_crossings(p: np.ndarray) -> None:
    """No two edges that are not neighbours may have a point in common; a notch may reach down to the body."""
    a, b = p[:-1], p[1:]
    n = len(a)
    i, j = np.triu_indices(n, 2)
    s1, s2 = _side(a[i], b[i], a[j]), _side(a[i], b[i], b[j])
    s3, s4 = _side(a[j], b[j], a[i]), _side(a[j], b[j], b[i])
    apart = np.any(np.maximum(a[i], b[i]) < np.minimum(a[j], b[j]) - _SAME, axis=1) | np.any(
        np.maximum(a[j], b[j]) < np.minimum(a[i], b[i]) - _SAME, axis=1
    )
    meet = (s1 * s2 <= 0) & (s3 * s4 <= 0) & ~apart
    if meet.any():
        k = int(np.argmax(meet))
        raise InputError(
            f"the fin's outline crosses itself: the edge from point {i[k] + 1} to {i[k] + 2} meets that from point {j[k] + 1} to "
            f"{j[k] + 2}; give the points in order round the fin",
            key="points",
        )
