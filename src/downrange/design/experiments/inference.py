"""What an experiment shows: the test that fits how it was flown, with the size of the effect and its interval.

* Two designs in pairs: t of the differences; by ranks, Wilcoxon's signed ranks.
* Two designs in any order: t by B. L. Welch, Biometrika 34 (1947), p. 28, who does not ask for equal spreads; by ranks, Mann and Whitney's.
* More designs: F, of one way, or with the blocks taken out; where spreads differ Welch's, Biometrika 38 (1951), p. 330. By ranks, Kruskal
  and Wallis', or aligned ranks within blocks (Hodges and Lehmann, Annals of Mathematical Statistics 33 (1962), p. 482).
* A dose: the slope of a straight line, with the blocks taken out; by ranks, Spearman's.

The effect in units of the spread is g of L. V. Hedges, Journal of Educational Statistics 6 (1981), p. 107; of pairs it is counted in the
spread of the differences. Its interval inverts the noncentral t. Holm's step-down p values, Scandinavian Journal of Statistics 6 (1979), p. 65.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from downrange.design.experiments.ranks import (
    midranks,
    permuted,
    shifted_groups,
    shifted_pairs,
    signed_ranks,
    two_groups,
)
from downrange.design.experiments.trials import Trials
from downrange.errors import InputError

__all__ = ["Finding", "analysed", "by_ranks", "holm", "one_against_another", "residuals"]


@dataclass(frozen=True)
class Finding:
    """What a test found.

    `estimate` is the difference of the second design over the first (of a dose: for one of its unit), SI, with its interval of confidence;
    NaN of more designs than two. `effect` is that in standard deviations (of several designs or a dose the share of the variance explained),
    with its interval. `freedom` are the degrees of freedom.
    """

    test: str
    statistic: str
    value: float
    freedom: tuple[float, ...]
    p: float
    estimate: float = math.nan
    interval: tuple[float, float] = (math.nan, math.nan)
    effect: float = math.nan
    effect_interval: tuple[float, float] = (math.nan, math.nan)
    effect_name: str = ""
    first: str = ""
    second: str = ""


def _shift_interval(t: float, freedom: float, level: float) -> tuple[float, float]:
    """Between which noncentralities of t the true one lies, where `t` was seen."""
    from scipy.optimize import brentq
    from scipy.stats import nct

    def at(share: float) -> float:
        wide = 8.0 + 0.5 * abs(t)  # in the noncentrality; beyond, the share is nought or one to many digits
        return float(brentq(lambda d: float(nct.cdf(t, freedom, d)) - share, t - wide, t + wide, xtol=1e-6))

    if not math.isfinite(t) or abs(t) > 30:
        return math.nan, math.nan
    try:
        return at(1 - level / 2), at(level / 2)
    except ValueError:  # scipy's sums do not reach; the interval in units of what was measured stands
        return math.nan, math.nan


def _hedges(freedom: float) -> float:
    """What makes a standardised difference unbiased: Hedges' J."""
    return math.exp(math.lgamma(freedom / 2) - math.lgamma((freedom - 1) / 2)) / math.sqrt(freedom / 2)


def _standardised(
    t: float, freedom: float, root: float, level: float, name: str
) -> tuple[float, tuple[float, float], str]:
    """g, its interval and name, from t = d times `root`."""
    if freedom < 2 or not math.isfinite(t):
        return math.nan, (math.nan, math.nan), name
    j = _hedges(freedom)
    low, high = _shift_interval(t, freedom, level)
    return j * t / root, (j * low / root, j * high / root), name


def _t_finding(
    test: str, difference: float, error: float, freedom: float, level: float, *, names: tuple[str, str], root: float = math.nan,
    standard: float | None = None, effect_name: str = "",
) -> Finding:  # fmt: skip
    """A t test of a difference with its standard error; `standard` is the t of the standardised effect, where that is another."""
    from scipy.stats import t as student

    if error <= 0 or not math.isfinite(error):
        raise InputError(
            "the flights do not differ by chance at all: values that are exactly alike were not measured independently; write what the "
            "instrument showed, with all its digits"
        )
    t = difference / error
    edge = float(student.isf(level / 2, freedom)) * error
    effect, around, name = _standardised(t if standard is None else standard, freedom, root, level, effect_name)
    return Finding(
        test, "t", t, (freedom,), float(2 * student.sf(abs(t), freedom)), difference, (difference - edge, difference + edge), effect, around,
        name, *names,
    )  # fmt: skip


def _pairs(trials: Trials) -> tuple[np.ndarray, tuple[str, str]]:
    """The differences, second less first, block by block."""
    whole = trials.whole
    first, second = (
        trials.values[whole & (trials.arm == k)][np.argsort(trials.block[whole & (trials.arm == k)], kind="stable")]
        for k in (0, 1)
    )
    return second - first, (trials.names[0], trials.names[1])


def _paired(trials: Trials, level: float) -> Finding:
    d, names = _pairs(trials)
    error = float(d.std(ddof=1)) / math.sqrt(d.size)
    return _t_finding(
        "paired t test", float(d.mean()), error, d.size - 1, level, names=names, root=math.sqrt(d.size),
        effect_name="standard deviations of the differences",
    )  # fmt: skip


def _welch(a: np.ndarray, b: np.ndarray, names: tuple[str, str], level: float) -> Finding:
    va, vb = float(a.var(ddof=1)) / a.size, float(b.var(ddof=1)) / b.size
    freedom = (va + vb) ** 2 / (va**2 / (a.size - 1) + vb**2 / (b.size - 1)) if va + vb else math.nan
    pooled = math.sqrt(((a.size - 1) * a.var(ddof=1) + (b.size - 1) * b.var(ddof=1)) / (a.size + b.size - 2))
    root = math.sqrt(a.size * b.size / (a.size + b.size))
    difference = float(b.mean() - a.mean())
    return _t_finding(
        "Welch's t test", difference, math.sqrt(va + vb), freedom, level, names=names, root=root,
        standard=difference / pooled * root if pooled else math.nan, effect_name="standard deviations of single flights",
    )  # fmt: skip


def _centred(trials: Trials, values: np.ndarray) -> np.ndarray:
    """Values of the whole flights less the mean of their block."""
    kept = trials.block[trials.whole]
    number = np.unique(kept, return_inverse=True)[1]
    x = values[trials.whole]
    return np.asarray(x - (np.bincount(number, x) / np.bincount(number))[number])


def _design(trials: Trials) -> np.ndarray:
    """Columns (n, k - 1) that say of which design a flight is, less the mean of its block."""
    return np.stack([_centred(trials, (trials.arm == k).astype(float)) for k in range(1, len(trials.names))], axis=1)


def _within_blocks(trials: Trials, level: float) -> Finding:
    """Designs in blocks: the additive model of design and block; of two designs t, of more F."""
    y, x = _centred(trials, trials.values), _design(trials)
    fit, *_ = np.linalg.lstsq(x, y, rcond=None)
    left = y - x @ fit
    blocks = np.unique(trials.block[trials.whole]).size
    freedom = y.size - blocks - x.shape[1]
    if freedom < 1:
        raise InputError(
            f"{blocks} blocks of the designs are too few to tell chance from a difference; fly more blocks"
        )
    error = float(left @ left) / freedom
    if x.shape[1] == 1:
        sxx = float(x[:, 0] @ x[:, 0])
        return _t_finding(
            "t test with the blocks taken out", float(fit[0]), math.sqrt(error / sxx), freedom, level, names=(trials.names[0], trials.names[1]),
            root=math.sqrt(sxx), effect_name="standard deviations of single flights",
        )  # fmt: skip
    between = float(y @ y - left @ left)
    return _f_finding(
        "analysis of variance with the blocks taken out", between, float(left @ left), (x.shape[1], freedom), level
    )


def _f_finding(test: str, between: float, within: float, freedom: tuple[float, float], level: float) -> Finding:
    from scipy.stats import f

    if within <= 0:
        raise InputError(
            "the flights of a design do not differ at all: write what the instrument showed, with all its digits"
        )
    value = between / freedom[0] / (within / freedom[1])
    count = freedom[0] + freedom[1] + 1
    around = tuple(x / (x + count) for x in _spread_interval(value, freedom, level))
    return Finding(
        test, "F", value, freedom, float(f.sf(value, *freedom)), effect=between / (between + within), effect_interval=(around[0], around[1]),
        effect_name="of the variance explained (η²)",
    )  # fmt: skip


def _spread_interval(value: float, freedom: tuple[float, float], level: float) -> tuple[float, float]:
    """Between which noncentralities of F the true one lies, where `value` was seen."""
    from scipy.optimize import brentq
    from scipy.stats import ncf

    def at(share: float) -> float:
        if float(ncf.cdf(value, *freedom, 0.0)) < share:
            return 0.0
        high = 10.0
        while float(ncf.cdf(value, *freedom, high)) > share:
            high *= 2
            if high > 1e5:
                return math.nan
        return float(brentq(lambda x: float(ncf.cdf(value, *freedom, x)) - share, 0.0, high, xtol=1e-6))

    return at(1 - level / 2), at(level / 2)


def _one_way(trials: Trials, level: float, equal: bool) -> Finding:
    from scipy.stats import f

    groups = [trials.of(k) for k in range(len(trials.names))]
    every = np.concatenate(groups)
    within = sum(float(np.sum((g - g.mean()) ** 2)) for g in groups)
    between = float(np.sum((every - every.mean()) ** 2)) - within
    plain = _f_finding(
        "one-way analysis of variance", between, within, (len(groups) - 1, every.size - len(groups)), level
    )
    if equal or any(g.var(ddof=1) == 0 for g in groups):
        return plain
    w = np.array([g.size / g.var(ddof=1) for g in groups])
    means, k = np.array([g.mean() for g in groups]), len(groups)
    centre = float(w @ means / w.sum())
    rest = float(np.sum((1 - w / w.sum()) ** 2 / (np.array([g.size for g in groups]) - 1)))
    value = float(w @ (means - centre) ** 2) / (k - 1) / (1 + 2 * (k - 2) / (k * k - 1) * rest)
    freedom = (k - 1, (k * k - 1) / (3 * rest))
    return Finding(
        "Welch's analysis of variance",
        "F",
        value,
        freedom,
        float(f.sf(value, *freedom)),
        effect=plain.effect,
        effect_name=plain.effect_name,
    )


def _line(trials: Trials, level: float) -> Finding:
    assert trials.dose is not None
    x, y = _centred(trials, trials.dose), _centred(trials, trials.values)
    blocks = np.unique(trials.block[trials.whole]).size
    freedom, sxx = y.size - blocks - 1, float(x @ x)
    if freedom < 1 or sxx <= 0:
        raise InputError(f"{y.size} flights cannot tell a slope from chance; fly at least two at each of three doses")
    slope = float(x @ y) / sxx
    left = y - slope * x
    error = math.sqrt(max(float(left @ left), 0.0) / freedom / sxx)
    found = _t_finding("slope of a straight line", slope, error, freedom, level, names=("", trials.dose_name))
    share = 1 - float(left @ left) / float(y @ y)
    return Finding(
        **{
            **found.__dict__,
            "effect": share,
            "effect_interval": (math.nan, math.nan),
            "effect_name": "of the variance explained (R²)",
        }
    )


def analysed(trials: Trials, level: float = 0.05, *, equal: bool = True) -> Finding:
    """The test that fits how the trials were flown. `equal`: whether the spreads of three or more designs may be taken as equal.

    Raises `InputError` where nothing can be told from chance.
    """
    if trials.dose is not None:
        return _line(trials, level)
    if trials.paired and len(trials.names) == 2:
        return _paired(trials, level)
    if trials.blocked:
        return _within_blocks(trials, level)
    if len(trials.names) == 2:
        return _welch(trials.of(0), trials.of(1), (trials.names[0], trials.names[1]), level)
    return _one_way(trials, level, equal)


def by_ranks(trials: Trials, level: float = 0.05) -> Finding:
    """The same question by ranks, which leans on no bell curve."""
    if trials.dose is None and len(trials.names) == 2:
        names = (trials.names[0], trials.names[1])
        if trials.paired:
            d, _ = _pairs(trials)
            w, p = signed_ranks(d)
            middle, *around = shifted_pairs(d, level)
            return Finding(
                "Wilcoxon's signed ranks",
                "W",
                w,
                (),
                p,
                middle,
                (around[0], around[1]),
                first=names[0],
                second=names[1],
            )
        if not trials.blocked:
            a, b = trials.of(0), trials.of(1)
            u, p = two_groups(a, b)
            middle, *around = shifted_groups(a, b, level)
            return Finding(
                "Mann and Whitney's test",
                "U",
                u,
                (),
                p,
                middle,
                (around[0], around[1]),
                first=names[0],
                second=names[1],
            )
    return _permuted_ranks(trials)


def _permuted_ranks(trials: Trials) -> Finding:
    """Designs in blocks, more designs than two, or a dose: ranks of what is left of the blocks, against other falls of the lot."""
    whole = trials.whole
    kept = np.arange(trials.values.size)[whole]
    block = trials.block[kept]
    ranks = midranks(np.round(_centred(trials, trials.values), 12)).astype(float)
    ranks -= ranks.mean()
    if trials.dose is not None:
        x = midranks(np.round(_centred(trials, trials.dose), 12)).astype(float)
        x -= x.mean()
        size = math.sqrt(float(x @ x) * float(ranks @ ranks))
        value, p = permuted(lambda drawn: np.abs(drawn @ ranks) / size, x, block)
        return Finding("Spearman's ranks", "ρ", math.copysign(value, float(x @ ranks)), (), p)
    n = np.bincount(trials.arm[kept], minlength=len(trials.names))

    def spread(drawn: np.ndarray) -> np.ndarray:
        sums = np.stack([(drawn == k) @ ranks for k in range(n.size)], axis=1)
        return np.asarray(np.sum(sums**2 / n, axis=1) / np.var(ranks, ddof=1))

    value, p = permuted(spread, trials.arm[kept], block)
    return Finding("ranks within blocks" if trials.blocked else "Kruskal and Wallis' test", "H", value, (), p)


def holm(p: Sequence[float]) -> tuple[float, ...]:
    """Holm's p values of several tests: the smallest times their number, the next times one less, never falling."""
    order = np.argsort(p)
    out, last = np.empty(len(p)), 0.0
    for rank, k in enumerate(order):
        last = max(last, min((len(p) - rank) * p[k], 1.0))
        out[k] = last
    return tuple(float(v) for v in out)


def one_against_another(trials: Trials, level: float = 0.05) -> tuple[Finding, ...]:
    """Every two of three or more designs: differences with intervals that hold together (Bonferroni's), and Holm's p."""
    k = len(trials.names)
    couples = [(i, j) for i in range(k) for j in range(i + 1, k)]
    found = []
    for i, j in couples:
        arm = np.where(trials.arm == j, 1, np.where(trials.arm == i, 0, -1))
        here = arm >= 0
        two = Trials(
            trials.outcome, trials.kind, trials.values[here], (trials.names[i], trials.names[j]), arm[here],
            tuple(label for label, h in zip(trials.labels, here, strict=True) if h), trials.block[here], trials.blocks,
        )  # fmt: skip
        found.append(analysed(two, level / len(couples)))
    return tuple(Finding(**{**f.__dict__, "p": p}) for f, p in zip(found, holm([f.p for f in found]), strict=True))


def residuals(trials: Trials) -> tuple[np.ndarray, tuple[str, ...]]:
    """What is left of each flight (of pairs: of each difference) beside the designs' means, and what it is called."""
    if trials.paired and len(trials.names) == 2 and trials.dose is None:
        d, _ = _pairs(trials)
        return d - d.mean(), tuple(f"block {trials.blocks[b]}" for b in np.unique(trials.block[trials.whole]))
    names = tuple(label for label, w in zip(trials.labels, trials.whole, strict=True) if w)
    y = _centred(trials, trials.values)
    x = _centred(trials, trials.dose)[:, None] if trials.dose is not None else _design(trials)
    fit, *_ = np.linalg.lstsq(x, y, rcond=None)
    return y - x @ fit, names
