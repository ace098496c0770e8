"""How probable each mode is: shipped priors, the user's, and what a club's own record makes of them.

The modes share one Dirichlet distribution. Its prior counts are the prior probabilities times a strength (how many
flights the prior is worth); a record of flights adds its counts (Gelman et al., Bayesian Data Analysis, 3rd ed., 3.4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from downrange.errors import InputError, suggest
from downrange.flight.modes import NOMINAL, Mode

__all__ = ["STRENGTH", "ModeProbability", "mode_probabilities"]

STRENGTH = 50.0  # flights: a club's own fifty weigh as much as the prior


@dataclass(frozen=True)
class ModeProbability:
    """A mode with its prior and posterior mean, the middle 90 % of the posterior, and how often the record has it."""

    mode: Mode
    prior: float
    probability: float
    low: float
    high: float
    seen: int
    source: str


def mode_probabilities(
    modes: Sequence[Mode], *, stated: Mapping[str, float] | None = None, record: Mapping[str, int] | None = None,
    flights: int = 0, strength: float = STRENGTH,
) -> tuple[ModeProbability, ...]:  # fmt: skip
    """Probabilities of the nominal flight (first) and of `modes`.

    `stated` replaces priors; `record` counts what happened in `flights` flights, the rest of which were nominal.
    Raises `InputError` for probabilities that are not between 0 and 1 or sum to more than one, and impossible records.
    """
    stated, record = dict(stated or {}), dict(record or {})
    known = [m.name for m in modes]
    for name in (*stated, *record):
        if name not in known:
            raise InputError(f"unknown mode {name!r}{suggest(name, known)}; known: {', '.join(known)}", key="modes")
    prior = np.array([stated.get(m.name, m.probability) for m in modes])
    if np.any(prior < 0) or np.any(prior > 1):
        raise InputError("a probability is between 0 and 1 (0 % and 100 %)", key="modes")
    if prior.sum() > 1 + 1e-9:
        raise InputError(f"the probabilities of what goes wrong sum to {prior.sum():.3g}, more than one", key="modes")
    seen = np.array([record.get(name, 0) for name in known])
    if np.any(seen < 0) or seen.sum() > flights:
        raise InputError(f"the record counts {seen.sum()} failures in {flights} flights", key="modes.record")
    if strength <= 0:
        raise InputError("the prior's strength is a number of flights above zero", key="modes.strength")
    share = np.append(1 - prior.sum(), prior)
    count = strength * share + np.append(flights - seen.sum(), seen)
    total = count.sum()
    from scipy.special import betaincinv

    safe, rest = np.maximum(count, 1e-12), np.maximum(total - count, 1e-12)
    low, high = betaincinv(safe, rest, 0.05), betaincinv(safe, rest, 0.95)
    everyone = (Mode(NOMINAL, (), 0.0, "Everything works as planned."), *modes)
    return tuple(
        ModeProbability(
            m, float(share[k]), float(count[k] / total), float(low[k]), float(high[k]),
            int(flights - seen.sum()) if k == 0 else int(seen[k - 1]),
            "what is left" if k == 0 else ("yours" if m.name in stated else "prior, not data"),
        )
        for k, m in enumerate(everyone)
    )  # fmt: skip
