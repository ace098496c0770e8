"""Drag of streamers, and of bodies that hang or tumble, against published drops and towed strips."""

import numpy as np
import pytest

from downrange.flight.recovery import (
    HangingBody,
    hanging_body,
    hanging_drag_area,
    streamer_drag_coefficient,
    tumbling_drag_area,
)
from downrange.rocket import BodyTube, NoseCone, Rocket, TrapezoidalFins

G, RHO = 9.81, 1.225


def speed(mass: float, drag_area: float, rho: float = RHO) -> float:
    return float(np.sqrt(2 * mass * G / (rho * drag_area)))


def finned_tube(count: int, root: float, tip: float, span: float, diameter: float, length: float) -> Rocket:
    fins = TrapezoidalFins(
        count=count, root_chord=root, tip_chord=tip, span=span, sweep=root - tip, thickness=0.002, position="bottom"
    )
    return Rocket("stage", (BodyTube(length=length, diameter=diameter, wall=0.0005, parts=(fins,)),))


def big_rocket() -> Rocket:
    """2.4 m of 100 mm, four fins of 200 to 100 mm chord and 100 mm span."""
    fins = TrapezoidalFins(
        count=4, root_chord=0.2, tip_chord=0.1, span=0.1, sweep=0.1, thickness=0.004, position="bottom"
    )
    nose = NoseCone(shape="ogive", length=0.4, diameter=0.1, wall=0.003)
    return Rocket("big", (nose, BodyTube(length=2.0, wall=0.002, parts=(fins,))))


@pytest.mark.parametrize(
    ("model", "mass", "measured"),
    [  # Niskanen, OpenRocket Technical Documentation (2013), section 3.5: drops in air of 1.31 kg/m3
        ((3, 0.07, 0.04, 0.06, 0.044, 0.108), 0.018, 5.6),
        ((4, 0.07, 0.04, 0.06, 0.044, 0.108), 0.022, 6.3),
        ((3, 0.20, 0.14, 0.13, 0.103, 0.290), 0.160, 6.6),
    ],
)
def test_tumbling_stages_fall_as_they_were_dropped(model: tuple, mass: float, measured: float) -> None:
    # The authors' own fit meets these within 7 %.
    assert speed(mass, tumbling_drag_area(finned_tube(*model)), rho=1.31) == pytest.approx(measured, rel=0.08)


def test_tumbling_parts_add_up_to_the_whole() -> None:
    rocket = big_rocket()
    fore, aft = tumbling_drag_area(rocket, 0.0, 0.9), tumbling_drag_area(rocket, 0.9, 2.4)
    assert fore + aft == pytest.approx(tumbling_drag_area(rocket), rel=1e-3)
    # By hand: 0.56 of the tube from 0.9 to 2.4 m, and four fins of 0.015 m2 of which 1.41 work.
    assert aft == pytest.approx(0.56 * 0.1 * 1.5 + 1.42 * 1.41 * 0.015, rel=1e-6)


def test_a_fin_that_broke_off_no_longer_brakes() -> None:
    fins = TrapezoidalFins(
        count=3, missing=(2,), root_chord=0.1, tip_chord=0.1, span=0.05, sweep=0.0, thickness=0.002, position="bottom"
    )
    rocket = Rocket("two left", (BodyTube(length=0.5, diameter=0.05, wall=0.0005, parts=(fins,)),))
    assert tumbling_drag_area(rocket) == pytest.approx(0.56 * 0.025 + 1.42 * 1.0 * 0.005, rel=1e-6)


def test_a_small_drogue_leaves_the_rocket_across_the_flow() -> None:
    # 10.8 kg under 0.053 m2: across, 0.23 m2 of tube and nose times 0.9 and 0.03 m2 of fins times 1.17 add to it.
    rocket, canopy = big_rocket(), 0.75 * np.pi / 4 * 0.3**2
    body = float(hanging_drag_area(rocket, canopy))
    by_hand = 0.9 * (0.2 + 0.4 * 0.1 * 0.65) + 1.17 * 0.03
    assert body == pytest.approx(by_hand, rel=0.08)
    assert 22 < speed(10.8, canopy + body) < 27


def test_under_a_large_main_it_hangs_along_the_flow() -> None:
    body = hanging_body(big_rocket())
    assert body.along == pytest.approx(0.82 * np.pi / 4 * 0.1**2, rel=1e-9)
    assert body.along < float(body.under(3.0)) < 0.02
    assert float(body.under(0.0)) == pytest.approx(body.across, rel=1e-12)


@pytest.mark.parametrize("along", [0.0, 0.01, 0.1, 0.24])
def test_no_canopy_brings_it_down_sooner_than_none(along: float) -> None:
    body = HangingBody(0.24, along)
    canopy = np.linspace(0, 3, 3001)
    total = canopy + body.under(canopy)
    assert total[0] == pytest.approx(0.24)
    assert (np.diff(total) > 0).all()


def test_a_measured_descent_has_the_body_in_it() -> None:
    body = HangingBody(0.24, 0.008)
    for measured in (0.25, 0.4, 1.0, 5.0):
        canopy = body.canopy_alone(measured)
        assert canopy + float(body.under(canopy)) == pytest.approx(measured, rel=1e-9)
        assert canopy < measured
    assert body.canopy_alone(0.1) == 0.0


@pytest.mark.parametrize(
    ("length", "width", "area", "expected"),
    [  # Carruthers and Filippone (2005): 0.561 AR^-0.480 at 0.025 m2, 0.405 AR^-0.494 at 0.075 m2
        (0.5, 0.05, 0.025, 0.561 * 10**-0.480),
        (np.sqrt(0.025 * 30), np.sqrt(0.025 / 30), 0.025, 0.561 * 30**-0.480),
        (np.sqrt(0.075 * 20), np.sqrt(0.075 / 20), 0.075, 0.405 * 20**-0.494),
    ],
)
def test_streamers_as_measured_in_the_tunnel(length: float, width: float, area: float, expected: float) -> None:
    assert length * width == pytest.approx(area)
    assert streamer_drag_coefficient(length, width) == pytest.approx(expected, rel=1e-9)


def test_streamers_outside_the_range_keep_the_value_at_its_edge() -> None:
    widest = streamer_drag_coefficient(np.sqrt(0.05 * 10), np.sqrt(0.05 / 10))
    longest = streamer_drag_coefficient(np.sqrt(0.05 * 30), np.sqrt(0.05 / 30))
    assert streamer_drag_coefficient(np.sqrt(0.05 * 3), np.sqrt(0.05 / 3)) == pytest.approx(widest)
    assert streamer_drag_coefficient(np.sqrt(0.05 * 80), np.sqrt(0.05 / 80)) == pytest.approx(longest)
    assert streamer_drag_coefficient(10.0, 1.0) == pytest.approx(0.405 * 10**-0.494)


@pytest.mark.parametrize(
    ("length", "width", "drag_area"),
    [
        # Kidwell, NARAM-43 (2001): flat crepe paper of 4 by 40 in (2.6 g) with 5 g sinks at 2.80 m/s
        (1.016, 0.1016, 2 * 0.0076 * G / (RHO * 2.80**2)),
        # KTH SQUID (REXUS 10, 2010): a strip of cloth of 0.2 by 1.8 m pulls with 22 N at 30 m/s
        (1.8, 0.2, 2 * 22 / (RHO * 30.0**2)),
    ],
)
def test_streamers_in_the_open_air(length: float, width: float, drag_area: float) -> None:
    assert streamer_drag_coefficient(length, width) * length * width == pytest.approx(drag_area, rel=0.3)
