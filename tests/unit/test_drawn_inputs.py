"""What an input moves in a flight's numbers: the right device, the right mass, the wind's own direction; quantiles by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest

from alpha import alpha_iii
from campaigns import genesis
from downrange.atmosphere import Wind
from downrange.dispersion import air_heights, gather_inputs, quantile
from downrange.dispersion.band import _Gust, _quantiles, _values
from downrange.dispersion.fan import _winds
from downrange.dispersion.inputs import finish_rows
from downrange.dispersion.known import CANOPY_SCATTER, Known, effect
from downrange.dispersion.way import Way
from downrange.flight import Launch, Rail, fly
from downrange.flight.named import named_rows
from downrange.motor import Motor
from downrange.rocket import MassObject, Rocket
from downrange.uncertainty import LogNormal, Normal, Quantity, Uniform


@pytest.fixture(scope="module")
def flight():
    return fly(genesis().launch)


def gathered(flight, known=None):
    heights = air_heights(flight.program)
    return gather_inputs(
        flight.program, {}, relaunch=lambda _: flight.launch, heights=heights, flight=flight, known=known
    )


@pytest.mark.parametrize("k", [0, 1])
def test_an_input_of_a_device_moves_that_device_alone(flight, k):
    """Drogue and main: lag (s) and drag area (m2) of one leave the other as it was."""
    inputs = gathered(flight)
    named = {i.name: i for i in inputs.inputs}
    devices = flight.program.devices
    for label, field, change in (("lag", "lag", 0.7), ("canopy_drag", "cd_area", 1.5 * devices[k].cd_area)):
        item = named[f"{label}.{devices[k].name}"]
        wide = np.repeat(inputs.centre[None], 2, axis=0)
        before = named_rows(finish_rows(wide.copy(), flight.launch))[field].copy()
        item.add_at(wide, np.array([0.7, 0.7]) if label == "lag" else np.array([2.5, 2.5]))
        moved = named_rows(finish_rows(wide, flight.launch))[field] - before
        assert moved[:, k] == pytest.approx(change, rel=1e-6), label
        assert not np.delete(moved, k, axis=1).any(), label


def test_quantiles_of_unlike_weights_are_at_their_middles():
    """Values 1 and 2 of weights 3/4 and 1/4 stand at shares 3/8 and 7/8: 5/8 is halfway between."""
    x, mode, p = np.array([1.0, 2.0]), np.array([0, 1]), np.array([0.75, 0.25])
    assert quantile(x, mode, p, 0.625).value == pytest.approx(1.5)
    assert quantile(x, mode, p, 0.375).value == pytest.approx(1.0) and quantile(
        x, mode, p, 0.75
    ).value == pytest.approx(1.75)


def test_what_flights_taught_stands_in_place_of_what_it_tells_of(flight):
    """No input is there twice; the mass learned is that without the motor; a motor's thrust is that motor's."""
    program, ours = flight.program, flight.launch.motor.designation
    drogue = program.devices[0].name
    known = Known(("mass", f"canopy.{drogue}", "thrust.other"), ((0.01, 0.0, 0.0), (0.0, 0.04, 0.0), (0.0, 0.0, 0.01)))
    names = [i.name for i in gathered(flight, known).inputs]
    assert len(names) == len(set(names))
    spread = {i.name: i.distribution.spread for i in gathered(flight, known).inputs}
    usual = {i.name: i.distribution.spread for i in gathered(flight).inputs}
    # A canopy's drag area is drawn by the scatter from flight to flight, the other's as before.
    assert spread[f"canopy_drag.{drogue}"] == pytest.approx(LogNormal(1.0, CANOPY_SCATTER).spread)
    assert spread[f"canopy_drag.{program.devices[1].name}"] == usual[f"canopy_drag.{program.devices[1].name}"]
    assert spread["thrust"] == usual["thrust"]  # another motor was flown
    assert (
        known.tells_of("mass", program)
        and not known.tells_of("thrust", program)
        and not known.tells_of("drag", program)
    )
    assert Known((f"thrust.{ours}",), ((0.01,),)).tells_of("thrust", program)
    assert Known(("drag.subsonic",), ((0.01,),)).tells_of("drag", program)
    moved = effect("mass", program, Way.of(flight))
    row = program.compiled.row
    at = np.flatnonzero(row == flight.launch.dry.mass)
    assert moved[at] == pytest.approx(flight.launch.rocket.without_motor.mass)


@pytest.mark.parametrize("d", [Normal(3.0, 0.5), LogNormal(2.0, 0.3), Uniform(-1.0, 4.0)])
def test_values_are_the_quantiles_where_a_normal_one_has_them(d):
    """Shares of a normal: 2.275 % below -2, 15.866 % below -1, 84.134 % below 1."""
    shares = np.array([0.0227501, 0.1586553, 0.5, 0.8413447])
    assert _values(d, np.array([-2.0, -1.0, 0.0, 1.0])) == pytest.approx(d.quantile(shares), rel=1e-5)


def test_a_gust_blows_along_the_mean_wind():
    """Wind of 5 m/s towards 53.13 degrees from east: twice 1 m/s more of it does to the apogee what flying in 7 m/s does."""
    base = genesis().launch

    def flown(speed: float):
        wind = Wind.constant(speed, math.atan2(0.6, 0.8) + math.pi)  # from; towards (0.6, 0.8) east, north
        return fly(replace(base, weather=replace(base.weather, wind=wind)), stop_at_apogee=True)

    flight = flown(5.0)
    gust = _Gust.of(flight)
    assert gust.speed == pytest.approx(5.0, rel=0.02) and gust.direction == pytest.approx([0.6, 0.8], abs=0.02)
    assert gust.slope == pytest.approx(math.log(flown(7.0).apogee / flight.apogee) / 2, rel=0.1)


def test_five_members_of_an_ensemble_carry_half_of_the_error_of_one(flight):
    inputs = gathered(flight)
    members = np.zeros((5, air_heights(flight.program).size, 2))
    one, some, five = (_winds(flight.program, inputs, m)[0].sigma for m in (None, members[:4], members))
    assert one == some == inputs.wind_sigma > 0 and five == pytest.approx(one / 2)


def test_quantiles_of_a_band_are_those_of_numpy():
    x = np.random.default_rng(3).normal(size=37)
    shares = (0.05, 0.25, 0.75, 0.95)
    assert _quantiles(x, shares) == list(np.quantile(x, shares))


def test_a_stated_mass_is_drawn_as_stated_whatever_parts_are():
    """The default is of what nobody weighed; a spread that is said for the whole rocket is not less by what is said of its parts."""
    launch = loaded_alpha()
    heavy = next(q for q in launch.rocket.placed if q.part.name == "load")
    flight = fly(launch)
    part = {f"rocket.{heavy.path}.mass": Quantity(heavy.part.mass, Normal(heavy.part.mass, 0.001))}

    def spread(name="mass", part=part, **stated):
        inputs = gather_inputs(
            flight.program, part, relaunch=lambda _: launch, heights=air_heights(flight.program), flight=flight, stated=stated
        )  # fmt: skip
        return next(i.distribution.spread for i in inputs.inputs if i.name == name)

    share = heavy.part.mass / launch.rocket.without_motor.mass
    assert 0.2 < share < 0.8
    assert spread(mass=Quantity(0.0, Normal(0.0, 0.05))) == pytest.approx(0.05)
    assert spread() == pytest.approx(0.05 * (1 - share), rel=1e-3)  # 5 % where nothing was weighed
    for other in ("thrust", "drag", "density"):
        assert spread(other) == spread(other, part={}) > 0


def loaded_alpha():
    """The Alpha III with nearly half of its mass in a payload that was weighed."""
    t = np.array([0, 0.05, 0.9, 1.0])
    motor = Motor(
        designation="toy", time=t, thrust=np.array([0, 12, 9, 0.0]), diameter=0.018, length=0.07, propellant_mass=0.006, dry_mass=0.01
    )  # fmt: skip
    nose, body = alpha_iii().parts
    load = MassObject(name="load", mass=0.02, length=0.03, offset=0.05)
    return Launch(Rocket("Alpha", (nose, replace(body, parts=(*body.parts, load)))), motor, rail=Rail(1.0))
