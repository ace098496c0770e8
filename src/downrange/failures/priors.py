"""How probable each mode is: shipped priors, the user's, and what a club's own record makes of them.

The modes share one Dirichlet distribution. Its prior counts are the prior probabilities times a strength (how many
flights the prior is worth); a record of flights adds its counts (Gelman et al., Bayesian Data Analysis, 3rd ed., 3.4).
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from downrange.errors import InputError, suggest
from downrange.failures.modes import NOMINAL, Mode
from downrange.text import big

__all__ = ["STRENGTH", "ModeProbability", "mode_probabilities", "without"]

STRENGTH = 50.0  # flights: a club's own fifty weigh as much as the prior


_MOST = 1_000_000  # flights in a record: more than all clubs together have flown


@dataclass(frozen=True)
class ModeProbability:
    """A mode with its prior and posterior mean, the middle 90 % of the posterior, and how often the record has it.

    `counts` is the sum of the Dirichlet distribution's counts: the prior's strength and the record's flights.
    """

    mode: Mode
    prior: float
    probability: float
    low: float
    high: float
    seen: int
    source: str
    counts: float = STRENGTH


def _checked_record(record: Mapping[str, int], flights: int) -> None:
    """Raises `InputError` for a record that cannot be."""
    for what, n in (("flights", flights), *record.items()):
        if not 0 <= n <= _MOST:
            raise InputError(
                f"the record of {what[:60]!r} counts {big(n)}; a count is between 0 and {_MOST:,}",
                key="modes.record",
            )
    failed = sum(record.values())
    if failed > flights:
        raise InputError(
            f"the record counts {failed} failures in {flights} flights; a flight counts once, under what went wrong first",
            key="modes.record",
        )


def _spread(probability: float, counts: float) -> tuple[float, float]:
    """The middle 90 % of the beta distribution that one share of a Dirichlet distribution has."""
    from scipy.special import betaincinv

    a, b = max(probability * counts, 1e-12), max((1 - probability) * counts, 1e-12)
    return float(betaincinv(a, b, 0.05)), float(betaincinv(a, b, 0.95))


def mode_probabilities(
    modes: Sequence[Mode], *, stated: Mapping[str, float] | None = None, record: Mapping[str, int] | None = None,
    flights: int = 0, strength: float = STRENGTH,
) -> tuple[ModeProbability, ...]:  # fmt: skip
    """Probabilities of the nominal flight (first) and of `modes`.

    `stated` replaces priors; `record` counts what happened in `flights` flights, the rest of which were nominal. Without
    flights the posterior is the prior, to the last bit. Raises `InputError` for probabilities that are not between 0 and
    1 or sum to more than one, and impossible records.

    strength: of how many flights the prior speaks.
    """
    stated, record = dict(stated or {}), dict(record or {})
    known = [m.name for m in modes]
    for name in (*stated, *record):
        if name not in known:
            raise InputError(
                f"unknown mode {name[:60]!r}{suggest(name[:60], known)}; known: {', '.join(k[:40] for k in known)}",
                key="modes",
            )
    if twice := sorted({name[:60] for name in known if known.count(name) > 1 or name == NOMINAL}):
        raise InputError(f"two modes are called {twice[0]!r}: give your own another name", key="modes")
    prior = np.array([stated.get(m.name, m.probability) for m in modes])
    if not np.all((prior >= 0) & (prior <= 1)):
        raise InputError("a probability is between 0 and 1 (0 % and 100 %)", key="modes")
    if prior.sum() > 1 + 1e-9:
        raise InputError(f"the probabilities of what goes wrong sum to {prior.sum():.3g}, more than one", key="modes")
    _checked_record(record, flights)
    if not 0 < strength <= _MOST:
        raise InputError(
            f"the prior's strength is a number of flights above zero, at most {_MOST:,}; seen {strength:g}",
            key="modes.strength",
        )
    seen = np.array([record.get(name, 0) for name in known], int)
    share = np.append(max(1 - prior.sum(), 0.0), prior)
    total = strength + flights
    posterior = share if flights == 0 else (strength * share + np.append(flights - seen.sum(), seen)) / total
    everyone = (Mode(NOMINAL, (), 0.0, "Everything works as planned."), *modes)
    return tuple(
        ModeProbability(
            m, float(share[k]), float(posterior[k]), *_spread(float(posterior[k]), total),
            int(flights - seen.sum()) if k == 0 else int(seen[k - 1]),
            "what is left" if k == 0 else ("yours" if m.name in stated else "prior, not data"), total,
        )
        for k, m in enumerate(everyone)
    )  # fmt: skip


def without(modes: Sequence[ModeProbability], skipped: Container[str]) -> tuple[ModeProbability, ...]:
    """The modes without those that cannot happen: prior, posterior and record of these go to the nominal flight, the
    first, as the shares of a Dirichlet distribution add.

    skipped: names of these.
    """
    lost = [m for m in modes if m.mode.name in skipped]
    kept = [m for m in modes if m.mode.name not in skipped]
    if lost:
        first, counts = kept[0], kept[0].counts
        p = min(first.probability + sum(m.probability for m in lost), 1.0)
        prior = min(first.prior + sum(m.prior for m in lost), 1.0)
        low, high = _spread(p, counts)
        seen = first.seen + sum(m.seen for m in lost)
        kept[0] = replace(first, prior=prior, probability=p, low=low, high=high, seen=seen)
    return tuple(kept)
