"""How many flights an experiment needs: the power of its test, from the spread of single flights and the difference to be seen.

The power is the share of such experiments that show a difference of the size asked about. With flights in blocks, one of each design in
each block, what a block has in common falls out; what is left is tested by t (two designs), F (more) or the slope of a line (a dose).
Their distributions where there is a difference are the noncentral t and F: J. Cohen, Statistical Power Analysis for the Behavioral
Sciences, 2nd ed. (1988), whose tables the tests hold them to.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from downrange.errors import InputError

__all__ = ["MOST", "anova_power", "flights_needed", "groups_power", "pairs_power", "slope_power", "smallest_seen"]

MOST = 1_000  # flights of each design; nobody flies more
_CLOSE = 1e-4  # relative, of a difference that is sought
_CERTAIN = 30.0  # a noncentrality beyond which the power is one to the last digit, and scipy's sums fail


def _t_power(shift: float, freedom: float, level: float) -> float:
    """Power of a two-sided t test whose statistic lies `shift` from zero in the mean."""
    from scipy.stats import nct, t

    if freedom <= 0 or not math.isfinite(shift):
        return 0.0 if freedom <= 0 else 1.0
    shift, edge = abs(shift), float(t.isf(level / 2, freedom))
    if shift > _CERTAIN and edge < shift / 2:
        return 1.0
    return float(np.clip(nct.sf(edge, freedom, shift) + nct.cdf(-edge, freedom, shift), 0.0, 1.0))


def _f_power(spread: float, between: float, within: float, level: float) -> float:
    """Power of an F test with noncentrality `spread`."""
    from scipy.stats import f, ncf

    if within <= 0:
        return 0.0
    edge = float(f.isf(level, between, within))
    if spread > _CERTAIN**2 and edge * between < spread / 4:
        return 1.0
    return float(np.clip(ncf.sf(edge, between, within, spread), 0.0, 1.0))


def pairs_power(difference: float, sigmas: tuple[float, float], pairs: int, level: float = 0.05) -> float:
    """Power of `pairs` of flights, one of each design, by the paired t test.

    difference: of the means, in the unit of `sigmas`, the spread of single flights of each design (one standard deviation, without
    what the flights of a pair have in common). level: share of experiments without a difference that may show one.
    """
    scatter = math.hypot(*sigmas)
    if scatter == 0:
        return 1.0 if difference and pairs > 1 else 0.0
    return _t_power(difference / scatter * math.sqrt(pairs), pairs - 1, level)


def groups_power(difference: float, sigmas: tuple[float, float], each: int, level: float = 0.05) -> float:
    """Power of two groups of `each` flights in any order, by Welch's t test; arguments as `pairs_power`'s."""
    a, b = sigmas[0] ** 2 / each, sigmas[1] ** 2 / each
    if a + b == 0:
        return 1.0 if difference and each > 1 else 0.0
    freedom = (a + b) ** 2 / (a * a + b * b) * (each - 1)
    return _t_power(difference / math.sqrt(a + b), freedom, level)


def anova_power(means: Sequence[float], sigma: float, each: int, level: float = 0.05, *, blocked: bool = True) -> float:
    """Power of `each` flights of several designs by the F test: whether any of them differ.

    means: of the designs. sigma: spread of single flights of any of them. blocked: one flight of each design in each block.
    """
    m = np.asarray(means, float)
    if sigma == 0:
        return 1.0 if np.ptp(m) > 0 and each > 1 else 0.0
    spread = each * float(np.sum((m - m.mean()) ** 2)) / sigma**2
    return _f_power(spread, m.size - 1, (each - 1) * (m.size - 1) if blocked else m.size * (each - 1), level)


def slope_power(slope: float, doses: Sequence[float], sigma: float, each: int, level: float = 0.05) -> float:
    """Power of `each` flights at every dose, in blocks, by the t test of the slope of a straight line (of the outcome for one of dose)."""
    x = np.asarray(doses, float)
    if sigma == 0:
        return 1.0 if slope and each > 1 else 0.0
    freedom = x.size * each - each - 1
    return _t_power(slope * math.sqrt(each * float(np.sum((x - x.mean()) ** 2))) / sigma, freedom, level)


def flights_needed(power: Callable[[int], float], wanted: float) -> int:
    """The least number of flights of each design whose `power` is at least `wanted`. Raises `InputError` beyond `MOST`."""
    high = 2
    while power(high) < wanted:
        high *= 2
        if high > 2 * MOST:
            raise InputError(
                f"more than {MOST:,} flights of each design would be needed: the difference is too small beside the spread of single flights. "
                "Look for a larger difference (a bolder change), or for less spread (one motor lot, a steadier rail, calm air)"
            )
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle) >= wanted else (middle, high)
    found = 2 if power(2) >= wanted else high
    if found > MOST:
        return flights_needed(lambda n: 0.0, wanted)
    return found


def smallest_seen(power_of: Callable[[float], float], scale: float, wanted: float) -> float:
    """The smallest difference that an experiment shows with probability `wanted`. `power_of` a difference rises from zero; `scale` is a
    difference to begin at. NaN where none is (too few flights)."""
    high = scale
    for _ in range(60):
        if power_of(high) >= wanted:
            break
        high *= 2
    else:
        return math.nan
    low = 0.0
    while high - low > _CLOSE * high:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if power_of(middle) >= wanted else (middle, high)
    return high
