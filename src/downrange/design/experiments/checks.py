"""What a test takes for granted, looked at: the shape of the scatter, equal spreads, odd flights, and whether the plan was kept."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from downrange.design.experiments.inference import residuals
from downrange.design.experiments.trials import Trials
from downrange.text import plain

__all__ = ["Looked", "checked_all", "odd_ones"]

_ODD = 3.5  # robust standard deviations: B. Iglewicz and D. C. Hoaglin, How to Detect and Handle Outliers (1993), p. 11
_DOUBT = 0.05  # of a p that speaks against what is taken for granted
_FEW = 8  # flights below which a bell curve can hardly be told from another shape
_NAMED = 6  # flights that are listed by name


@dataclass(frozen=True)
class Looked:
    """One thing that was looked at: whether it holds (None: too few flights to tell), and in words what was seen. `p` of its test, NaN
    without one. `flights` are those it is about."""

    name: str
    holds: bool | None
    words: str
    p: float = math.nan
    flights: tuple[str, ...] = ()


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(plain(n, 40) for n in names[:_NAMED])
    return shown + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def odd_ones(x: np.ndarray) -> np.ndarray:
    """Which of `x` (n,) lie far from the rest: more than 3.5 robust standard deviations from the median."""
    off = np.abs(x - np.median(x))
    scale = float(np.median(off)) / 0.6744897501960817
    return off > _ODD * scale if scale > 0 else off > 1e-9 * np.abs(x).max(initial=0.0)


def _shape(left: np.ndarray) -> Looked:
    from scipy.stats import shapiro

    if left.size < 3 or np.ptp(left) <= 1e-12:
        return Looked("bell curve", None, "too few flights to look at the shape of their scatter")
    p = float(shapiro(left).pvalue)
    if p < _DOUBT:
        return Looked(
            "bell curve",
            False,
            f"the scatter does not look like a bell curve (Shapiro and Wilk, p = {p:.2g}): the test by ranks decides",
            p,
        )
    if left.size < _FEW:
        return Looked(
            "bell curve",
            None,
            f"nothing speaks against a bell curve (p = {p:.2g}), but {left.size} values can hardly tell",
            p,
        )
    return Looked("bell curve", True, f"nothing speaks against a bell curve (Shapiro and Wilk, p = {p:.2g})", p)


def _spreads(trials: Trials) -> Looked:
    """Brown and Forsythe's test: Levene's about the medians (Journal of the American Statistical Association 69 (1974), p. 364)."""
    from scipy.stats import levene

    groups = [trials.of(k) for k in range(len(trials.names))]
    if min(g.size for g in groups) < 3:
        return Looked("equal spreads", None, "too few flights of a design to compare their spreads")
    if max(float(np.ptp(g)) for g in groups) == 0:
        return Looked("equal spreads", None, "the flights of each design are all alike")
    p = float(levene(*groups, center="median").pvalue)
    if p < _DOUBT:
        return Looked(
            "equal spreads",
            False,
            f"the designs scatter differently (Brown and Forsythe, p = {p:.2g}): worth a line of its own in the report",
            p,
        )
    return Looked("equal spreads", True, f"nothing speaks against equal spreads (Brown and Forsythe, p = {p:.2g})", p)


def _odd(left: np.ndarray, names: tuple[str, ...]) -> Looked:
    if left.size < 4:
        return Looked("odd flights", None, "too few flights to call one odd")
    far = tuple(n for n, odd in zip(names, odd_ones(left), strict=True) if odd)
    if not far:
        return Looked("odd flights", True, "no flight lies far from the others")
    one = "it lies" if len(far) == 1 else "they lie"
    return Looked(
        "odd flights", False, f"{_listed(far)}: {one} far from the rest. Kept in the numbers; look into the notes for a cause, and leave a flight "
        "out only for a cause that you would also accept of one that pleases you", flights=far,
    )  # fmt: skip


def _order(trials: Trials) -> Looked:
    """Whether the flights flew in the order that the lot drew."""
    if trials.order is None:
        return Looked(
            "order", None, "when each flight flew is not in the sheet: whether the drawn order was kept cannot be told"
        )
    order, arm = trials.order, trials.arm
    there = np.isfinite(order)
    if there.sum() < 2:
        return Looked("order", None, "when each flight flew is not in the sheet")
    flown = np.argsort(order[there], kind="stable")
    arms = arm[there][flown]
    runs = 1 + int(np.sum(arms[1:] != arms[:-1]))
    if runs == np.unique(arms).size and arms.size > 2 * runs - 1 and trials.dose is None:
        names = " then ".join(plain(trials.names[int(a)], 30) for a in dict.fromkeys(arms.tolist()))
        return Looked(
            "order", False, f"all flights of one design came first ({names}): what changed meanwhile (wind, warmth, a tired tube) cannot be told "
            "from what the design did",
        )  # fmt: skip
    if trials.planned is not None:
        planned = trials.planned[there][flown]
        known = np.isfinite(planned)
        if known.sum() > 1 and np.any(np.diff(planned[known]) < 0):
            kept = tuple(np.array(trials.labels, object)[there][flown][known])
            late = tuple(str(kept[k + 1]) for k in np.flatnonzero(np.diff(planned[known]) < 0))
            return Looked(
                "order",
                False,
                f"the drawn order was not kept (at {_listed(late)}): say why in the report",
                flights=late,
            )
        return Looked("order", True, "flown in the order that the lot drew")
    return Looked("order", None, "the sheet does not say which order the lot drew")


def _alike(trials: Trials) -> list[Looked]:
    """Whether what was measured beside differs between the designs, so that it may be the cause instead."""
    from scipy.stats import f_oneway

    out = []
    for what, (_, values) in trials.beside.items():
        groups = [values[np.isfinite(values) & (trials.arm == k)] for k in range(len(trials.names))]
        if min(g.size for g in groups) < 2 or max(float(np.ptp(g)) for g in groups) == 0:
            continue
        p = float(f_oneway(*groups).pvalue)
        if p < _DOUBT:
            out.append(
                Looked(
                    f"{what} alike",
                    False,
                    f"{plain(what, 40)} was not alike for the designs (p = {p:.2g}): a difference may be its doing",
                    p,
                )
            )
        else:
            out.append(
                Looked(f"{what} alike", True, f"{plain(what, 40)} was about alike for the designs (p = {p:.2g})", p)
            )
    if trials.lots and len(set(trials.lots)) > 1:
        each = [
            set(lot for lot, a in zip(trials.lots, trials.arm, strict=True) if a == k) for k in range(len(trials.names))
        ]
        if all(not (a & b) for n, a in enumerate(each) for b in each[n + 1 :]):
            out.append(
                Looked(
                    "motor lots alike",
                    False,
                    "each design flew motors of lots of its own: what the lot did cannot be told from what the design did",
                )
            )
    return out


def checked_all(trials: Trials) -> tuple[Looked, ...]:
    """Everything that is looked at, in the order in which it is told."""
    left, names = residuals(trials)
    out = [_shape(left)]
    if trials.dose is None:
        out.append(_spreads(trials))
    out += [_odd(left, names), _order(trials), *_alike(trials)]
    if trials.missing:
        out.append(Looked(
            "missing", False, f"no value of {_listed(trials.missing)}: left out. A flight that is missing because of how it flew (lost high, crashed) "
            "makes the rest look better than they are", flights=trials.missing,
        ))  # fmt: skip
    if trials.left_alone:
        out.append(
            Looked(
                "alone",
                False,
                f"{_listed(trials.left_alone)}: without a partner in its block, so left out of the comparison",
                flights=trials.left_alone,
            )
        )
    return tuple(out)
