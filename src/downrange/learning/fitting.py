"""The parameters of a rocket from its flights: the most probable values under a prior, how sure they are, and what cannot be told apart.

Gauss-Newton on the posterior (Tarantola, Inverse Problem Theory, SIAM 2005, section 3.4): with what was told y, what the kernel predicts h(θ), its
derivatives H, the errors R of each flight, and a normal prior of mean m and covariance P

    C = (P⁻¹ + Σ Hᵀ R⁻¹ H)⁻¹,    θ ← θ + C (Σ Hᵀ R⁻¹ (y - h) - P⁻¹ (θ - m))

What flights tell is judged beside the prior: with P = L Lᵀ the eigenvalues λ of Lᵀ (Σ Hᵀ R⁻¹ H) L are the information on each combination of parameters
in units of the prior's; a combination with λ below one is what it was before. The normal approximation is checked by draws from it that the kernel flies:
the effective share of importance weights (Kong, Liu and Wong, JASA 89 (1994), 278).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from downrange.errors import InputError
from downrange.learning.flown import FlownFlight
from downrange.learning.learned import Learned

__all__ = ["Fit", "Surprise", "fit_flights"]

_TURNS = 8
_DONE = 1e-4  # of a logarithm
_DRAWS = 256
_ALIKE = 0.35  # posterior correlation from which two are said to move together
_TOLD = 0.5  # of the prior variance gone, from which a parameter counts as told


@dataclass(frozen=True)
class Surprise:
    """How a flight stands to what was known: `before` is the probability of one as far off under the prior alone, `beside` under what all the others say."""

    name: str
    before: float
    beside: float


@dataclass(frozen=True, eq=False)
class Fit:
    """What flights taught. `prior` and `learned` have the same names; `told` is the share of each prior variance that they took away.

    `together` has, for each parameter that they did not tell alone, the others that it moves with; `combinations` is how many combinations
    of parameters they told, `sampled` the effective share of draws of the normal approximation (1: exact), `wide` by how much the covariance
    was widened because flights contradict each other (1: they do not).
    """

    prior: Learned
    learned: Learned
    told: dict[str, float]
    together: dict[str, tuple[str, ...]]
    combinations: int
    surprises: tuple[Surprise, ...]
    sampled: float
    wide: float
    turns: int


@dataclass(frozen=True, eq=False)
class _Part:
    """One flight at the parameters: information HᵀR⁻¹H, HᵀR⁻¹(y - h), and residual, derivatives, errors."""

    left: np.ndarray
    rows: np.ndarray
    errors: np.ndarray

    @property
    def information(self) -> np.ndarray:
        return self.rows.T @ np.linalg.solve(self.errors, self.rows)

    @property
    def pull(self) -> np.ndarray:
        return self.rows.T @ np.linalg.solve(self.errors, self.left)

    @property
    def misfit(self) -> float:
        return float(self.left @ np.linalg.solve(self.errors, self.left))


def fit_flights(
    flights: Sequence[FlownFlight], prior: Learned, *, tell: Callable[[int, int], None] | None = None
) -> Fit:
    """The parameters of `prior` from flights, each used once. `tell` is called with flights flown and to fly.

    Raises `InputError` for no flight that told anything, and one that is there twice (by what it was read from).
    """
    flights = [f for f in flights if f.told]
    if not flights:
        raise InputError("no flight told anything: a height, a log with a coast or a steady descent is needed")
    seen = [f.digest for f in flights if f.digest]
    if twice := next((d for k, d in enumerate(seen) if d in seen[:k]), None):
        names = [f.name for f in flights if f.digest == twice]
        raise InputError(f"{names[0][:60]} and {names[1][:60]} are one flight: each teaches once")
    p = np.array(prior.covariance)
    inverse, start = np.linalg.inv(p), np.array(prior.mean)
    mean, first = start, list[_Part]()
    parts = list[_Part]()
    done, of, turns = 0, len(flights) * 3, 0
    for turn in range(1, _TURNS + 1):
        turns, parts = turn, []
        for f in flights:
            parts.append(_part(f, prior.at(mean)))
            done += 1
            if tell is not None:
                tell(min(done, of - 1), of)
        first = first or parts
        c = np.linalg.inv(inverse + sum(x.information for x in parts))
        step = c @ (sum(x.pull for x in parts) - inverse @ (mean - start))
        mean = mean + np.clip(step, -0.5, 0.5)
        if np.abs(step).max() < _DONE:
            break
    wide = _widened(parts, mean - start, inverse)
    learned = Learned(prior.names, tuple(mean.tolist()), _rows(c * wide))
    told = {n: float(np.clip(1 - wide * c[k, k] / p[k, k], 0.0, 1.0)) for k, n in enumerate(prior.names)}
    scale = np.linalg.cholesky(p)
    information = np.linalg.eigvalsh(scale.T @ sum(x.information for x in parts) @ scale)
    if tell is not None:
        tell(of, of)
    return Fit(
        prior, learned, told, _together(c, told, prior.names), int((information > 1).sum()), _surprises(flights, first, parts, p, mean - start, inverse),
        _sampled(flights, prior, learned.at(mean), c, parts), wide, turns,
    )  # fmt: skip


def _rows(c: np.ndarray) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(x) for x in r) for r in 0.5 * (c + c.T))


def _part(flight: FlownFlight, at: Learned) -> _Part:
    value, rows = flight.predicted(at)
    if not np.all(np.isfinite(value)):
        raise InputError(f"{flight.name}: with what the flights say it would not fly; is its log of another flight?")
    measured = np.array([t.value for t in flight.told])
    return _Part(measured - value, rows, flight.errors(rows, at.names))


def _widened(parts: Sequence[_Part], moved: np.ndarray, inverse: np.ndarray) -> float:
    """Factor of the covariance where flights contradict each other: the misfit over its expectation, if that is improbable (1 %)."""
    from scipy.special import gammaincc

    misfit = sum(x.misfit for x in parts) + float(moved @ inverse @ moved)
    count = sum(len(x.left) for x in parts)
    return max(misfit / count, 1.0) if gammaincc(0.5 * count, 0.5 * misfit) < 0.01 else 1.0


def _odds(left: np.ndarray, spread: np.ndarray) -> float:
    """The probability that something as far off comes, or farther (chi-squared)."""
    from scipy.special import gammaincc

    return float(gammaincc(0.5 * len(left), 0.5 * float(left @ np.linalg.solve(spread, left))))


def _surprises(
    flights: Sequence[FlownFlight], first: Sequence[_Part], last: Sequence[_Part], p: np.ndarray, moved: np.ndarray, inverse: np.ndarray
) -> tuple[Surprise, ...]:  # fmt: skip
    """Each flight beside the prior, where the parameters began, and beside what the others say, to first order about where they ended."""
    out = []
    whole = inverse + sum(x.information for x in last)
    pull = sum(x.information @ moved + x.pull for x in last)  # that of each, had the parameters not moved
    for flight, a, b in zip(flights, first, last, strict=True):
        before = _odds(a.left, a.rows @ p @ a.rows.T + a.errors)
        others = np.linalg.inv(whole - b.information)
        expected = others @ (pull - b.information @ moved - b.pull)
        left = b.left + b.rows @ (moved - expected)
        out.append(Surprise(flight.name, before, _odds(left, b.rows @ others @ b.rows.T + b.errors)))
    return tuple(out)


def _together(c: np.ndarray, told: dict[str, float], names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What each parameter that was not told alone moves with: those whose posterior correlation with it is large."""
    sigma = np.sqrt(np.diag(c))
    alike = np.abs(c / np.outer(sigma, sigma))
    return {
        n: tuple(names[j] for j in np.argsort(-alike[k]) if j != k and alike[k, j] > _ALIKE and told[names[j]] > 0.05)
        for k, n in enumerate(names)
        if told[n] < _TOLD
    }


def _sampled(
    flights: Sequence[FlownFlight], prior: Learned, at: Learned, c: np.ndarray, parts: Sequence[_Part]
) -> float:
    """Effective share of draws of the normal approximation that the kernel flies: near one where it is the posterior."""
    rng = np.random.default_rng(1994)
    z = rng.normal(size=(_DRAWS, len(at.names)))
    means = np.array(at.mean) + z @ np.linalg.cholesky(0.5 * (c + c.T)).T
    off = means - np.array(prior.mean)
    log = -0.5 * np.einsum("ni,ij,nj->n", off, np.linalg.inv(np.array(prior.covariance)), off) + 0.5 * (z**2).sum(
        axis=1
    )
    for flight, part in zip(flights, parts, strict=True):
        left = np.array([t.value for t in flight.told]) - flight.drawn_many(at, means)
        log -= 0.5 * np.einsum("ni,ij,nj->n", left, np.linalg.inv(part.errors), left)
    log = np.where(np.isfinite(log), log, -math.inf)
    weight = np.exp(log - log.max())
    return float(weight.sum() ** 2 / (weight**2).sum() / _DRAWS)
