"""Campaigns beside another code's."""

from __future__ import annotations

from collections.abc import Iterator

from census.rows import Row, digits


def rocketpys() -> Iterator[Row]:
    """Mean and spread of Calisto's campaign beside RocketPy's 300 flights."""
    from parity.test_rocketpy_campaign import ROCKETPY, fly_calisto

    c = fly_calisto()
    for name, (mean, sigma) in ROCKETPY.items():
        for quantity, reference, ours in (("mean", mean, c[name].mean()), ("standard deviation", sigma, c[name].std())):
            error = 100 * (float(ours) / reference - 1)
            yield Row(
                "campaign beside RocketPy", "Calisto in wind", name, quantity, "RocketPy 1.13.0, 300 flights", reference,
                float(ours), digits(reference, 4), error, "%",
            )  # fmt: skip
