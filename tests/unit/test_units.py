import math

import pytest

from downrange.errors import UnitError
from downrange.uncertainty import Choice, Normal, Triangular, Uniform
from downrange.units import display, from_si, parse_quantity, to_si


@pytest.mark.parametrize(
    ("text", "kind", "si"),
    [
        ("54 mm", "length", 0.054), ("3.2 lb", "mass", 1.45149558), ("12 in", "length", 0.3048), ("5 mph", "speed", 2.2352),
        ("10 knots", "speed", 5.144444444), ("84°", "angle", math.radians(84)), ("15 degC", "temperature", 288.15),
        ("59 °F", "temperature", 288.15), ("1013.25 hPa", "pressure", 101325.0), ("7.5 kg m^2", "inertia", 7.5),
        ("0.067 kg/m^2", "surface density", 0.067), ("0.75", "number", 0.75), ("-3 mm", "length", -0.003),
    ],
)  # fmt: skip
def test_reads_units(text, kind, si):
    assert parse_quantity(text, kind).value == pytest.approx(si, rel=1e-8)


@pytest.mark.parametrize(
    ("given", "kind", "distribution"),
    [
        ("12.3 ± 0.2 kg", "mass", Normal(12.3, 0.2)),
        ("12.3 kg +/- 200 g", "mass", Normal(12.3, 0.2)),
        ("50 g ± 4 %", "mass", Normal(0.05, 0.002)),
        ("20 ± 2 degC", "temperature", Normal(293.15, 2.0)),
        ({"uniform": ["5 m/s", "9 m/s"]}, "speed", Uniform(5, 9)),
        ({"triangular": ["1 m", "2 m", "4 m"]}, "length", Triangular(1, 2, 4)),
        ({"choice": ["5 s", "7 s"]}, "time", Choice((5, 7))),
    ],
)
def test_reads_distributions(given, kind, distribution):
    seen = parse_quantity(given, kind).distribution
    assert type(seen) is type(distribution)
    for a, b in zip(vars(seen).values(), vars(distribution).values(), strict=True):
        assert a == pytest.approx(b)


@pytest.mark.parametrize(
    ("given", "kind", "says"),
    [
        (54, "length", "54 has no unit"), ("54 kg", "length", "right kind"), ("54 zorks", "length", "unknown unit"),
        ("wide", "length", "cannot read"), ("nan m", "length", "cannot read"), (float("inf"), "mass", "finite"), (True, "mass", "cannot read"),
        ({"uniform": ["9 m/s", "5 m/s"]}, "speed", "cannot read the distribution"), ("1 ± 2 ± 3 m", "length", "more than one"),
        ("5 ± -1 m", "length", "negative"),
    ],
)  # fmt: skip
def test_refuses_with_the_reason(given, kind, says):
    with pytest.raises(UnitError, match=says):
        parse_quantity(given, kind)


def test_there_and_back():
    for kind, unit in (("length", "ft"), ("temperature", "degF"), ("pressure", "inHg"), ("speed", "mph")):
        assert from_si(to_si(37.7, unit, kind), unit, kind) == pytest.approx(37.7, rel=1e-12)


def test_display():
    assert display(3048.0, "length", "imperial") == "10,000 ft"
    assert display(0.0514, "mass") == "51.4 g"
    assert display(float("nan"), "length") == "-"
