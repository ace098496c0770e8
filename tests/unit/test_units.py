"""Units and quantities at the doors, against NIST SP 811 and numbers that pint 0.25 gave."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from downrange.errors import InputError, UnitError, seen
from downrange.uncertainty import Choice, Normal, Triangular, Uniform
from downrange.units import DIMENSIONS, display, from_si, parse_quantity, to_si
from downrange.units.grammar import names_of, parse_unit
from downrange.units.names import ALONE, NAMES
from downrange.units.quantities import _BIGGEST

# One of each in SI: numbers of pint 0.25.3, written down; exact where NIST SP 811 says so.
_PINT = {
    "length": "mm 0.001 cm 0.01 m 1 km 1000 µm 1e-6 um 1e-6 in 0.0254 inch 0.0254 inches 0.0254 ft 0.3048 foot 0.3048 feet 0.3048 yd 0.9144 "
    "yards 0.9144 mi 1609.344 miles 1609.344 nmi 1852 nautical_mile 1852 thou 2.54e-5 micron 1e-6 micrometre 1e-6 millimeters 1e-3",
    "area": "mm**2 1e-6 cm^2 1e-4 m² 1 in**2 6.4516e-4 ft**2 0.09290304 ha 1e4 acre 4046.8726098742513 m2 1 square_foot 0.09290304",
    "mass": "g 1e-3 kg 1 mg 1e-6 lb 0.45359237 lbs 0.45359237 pounds 0.45359237 oz 0.028349523125 ounces 0.028349523125 t 1000 tonne 1000 "
    "gr 6.479891e-5 grain 6.479891e-5 slug 14.59390293720637 kilograms 1",
    "time": "ms 1e-3 s 1 sec 1 second 1 min 60 minutes 60 h 3600 hr 3600 hours 3600 d 86400 day 86400",
    "speed": "m/s 1 km/h 0.2777777777777778 km/hour 0.2777777777777778 kph 0.2777777777777778 ft/s 0.3048 fps 0.3048 mph 0.44704 mi/h 0.44704 "
    "knot 0.5144444444444445 knots 0.5144444444444445 kt 0.5144444444444445 kn 0.5144444444444445 ft/min 0.00508 mile/hour 0.44704 m*s^-1 1",
    "angle": "rad 1 mrad 0.001 deg 0.017453292519943295 degree 0.017453292519943295 degrees 0.017453292519943295 ° 0.017453292519943295 "
    "º 0.017453292519943295 arcmin 2.9088820866572163e-4 arcsec 4.84813681109536e-6 turn 6.283185307179586",
    "angular speed": "rad/s 1 rpm 0.10471975511965977 deg/s 0.017453292519943295 rev/s 6.283185307179586",
    "pressure": "Pa 1 hPa 100 kPa 1000 MPa 1e6 GPa 1e9 bar 1e5 mbar 100 millibar 100 psi 6894.7572931683635 ksi 6894757.293168363 atm 101325 "
    "torr 133.32236842105263 mmHg 133.322387415 inHg 3386.388640341 inH2O 249.08891 cmH2O 98.0665 kgf/cm**2 98066.5 at 98066.5 "
    "lbf/ft**2 47.88025898033586 lbf/in^2 6894.7572931683635",
    "inertia": "kg*m**2 1 g*cm**2 1e-7 lb*in**2 2.926396534292e-4 slug*ft**2 1.3558179483314006 oz*in**2 1.8289978339325e-5",
    "density": "kg/m**3 1 g/cm**3 1000 g/cc 1000 lb/ft**3 16.01846337396015 oz/in**3 1729.9940443876956 lb/in**3 27679.90471020313",
    "surface density": "kg/m**2 1 g/m² 1e-3 oz/yd**2 0.0339057474748823 oz/ft^2 0.3051517272739408",
    "line density": "kg/m 1 g/m 1e-3 oz/ft 0.09301024647309712 lb/ft 1.488163943569554",
    "acceleration": "m/s**2 1 m/s/s 1 ft/s**2 0.3048 g_0 9.80665 g0 9.80665 standard_gravity 9.80665 cm/s**2 0.01",
    "force": "N 1 kN 1000 mN 0.001 daN 10 lbf 4.4482216152605 pound_force 4.4482216152605 ozf 0.2780138509537813 kgf 9.80665 gf 9.80665e-3 "
    "dyn 1e-5 kip 4448.2216152605 kg*m/s^2 1",
    "stiffness": "GPa 1e9 ksi 6894757.293168363",
    "energy": "J 1 kJ 1000 mJ 1e-3 N*m 1 ft*lbf 1.3558179483314004 in*lbf 0.1129848290276167 foot_pound 1.3558179483314004 erg 1e-7",
    "impulse": "N*s 1 kN*s 1000 lbf*s 4.4482216152605 kgf*s 9.80665",
    "per area": "1/m**2 1 1/km^2 1e-6 /km^2 1e-6 1/mi**2 3.8610215854244587e-7 /ft**2 10.763910416709724",
    "number": "% 0.01 percent 0.01",
}
_CASES = [
    (kind, *pair) for kind, text in _PINT.items() for pair in zip(text.split()[::2], text.split()[1::2], strict=True)
]


@pytest.mark.parametrize(("kind", "unit", "si"), _CASES)
def test_units_are_what_pint_and_nist_say(kind, unit, si):
    assert to_si(1.0, unit, kind) == pytest.approx(float(si), rel=1e-14)
    assert parse_quantity(f"-37.5 {unit}", kind).value == pytest.approx(-37.5 * float(si), rel=1e-14)


@pytest.mark.parametrize(
    ("text", "kind", "si"),
    [
        ("54 mm", "length", 0.054), ("54mm", "length", 0.054), ("3.2 lb", "mass", 1.451495584), ("12 in", "length", 0.3048), ("5 mph", "speed", 2.2352),
        ("10 knots", "speed", 5.144444444444444), ("84°", "angle", 84 * math.pi / 180), ("59 °F", "temperature", 288.15),
        ("15 degC", "temperature", 288.15), ("15 °C", "temperature", 288.15), ("15 ℃", "temperature", 288.15), ("15 deg C", "temperature", 288.15),
        ("-40 F", "temperature", 233.15), ("-40 C", "temperature", 233.15), ("68 degrees Fahrenheit", "temperature", 293.15),
        ("518.67 degR", "temperature", 288.15), ("288.15 K", "temperature", 288.15), ("1013.25 hPa", "pressure", 101325.0), ("1013 mb", "pressure", 101300.0),
        ("29.92 inHg", "pressure", 101320.748119002720), ("7.5 kg m^2", "inertia", 7.5), ("7.5 kg·m²", "inertia", 7.5), ("7.5 kg m2", "inertia", 7.5),
        ("75 ft lbf", "energy", 101.6863461248550), ("75 ft-lbf", "energy", 101.6863461248550), ("640 N s", "impulse", 640.0), ("640 N-s", "impulse", 640.0),
        ("640 N.s", "impulse", 640.0), ("680 kg m-3", "density", 680.0), ("680 kg m⁻³", "density", 680.0), ("680 kg/(m^3)", "density", 680.0),
        ("4 kg m/s/s", "force", 4.0), ("30 miles per hour", "speed", 13.4112), ("6 fpm", "speed", 0.03048), ("3 square feet", "area", 0.27870912),
        ("3 sq in", "area", 1.93548e-3), ("3 feet squared", "area", 0.27870912), ("2 lb per cubic foot", "density", 32.0369267479203),
        ("50 / km^2", "per area", 5e-5), ("50 1/km^2", "per area", 5e-5), ("50 per km^2", "per area", 5e-5), ("5 nautical miles", "length", 9260.0),
        ("2 mil", "length", 5.08e-5), ("15 g", "acceleration", 147.09975), ("1.5 cal", "calibre", 1.5), ("0.75", "number", 0.75), ("75 %", "number", 0.75),
        ("-3 mm", "length", -0.003), ("−3 mm", "length", -0.003), ("5 m s−1", "speed", 5.0), ("1e−3 m", "length", 1e-3), ("1.5E3 mm", "length", 1.5),
        (".5 m", "length", 0.5), ("5. m", "length", 5.0), ("0", "length", 0.0), (0, "mass", 0.0), ('6"', "length", 0.1524), ("6'", "length", 1.8288),
    ],
)  # fmt: skip
def test_reads_units(text, kind, si):
    assert parse_quantity(text, kind).value == pytest.approx(si, rel=1e-14)


def test_decimals_stay_what_was_written():
    assert parse_quantity("54 mm", "length").value == 0.054
    assert parse_quantity("12 in", "length").value == 0.3048
    assert parse_quantity("15 degC", "temperature").value == 288.15
    assert parse_quantity("59 degF", "temperature").value == 288.15
    assert parse_quantity("1.23456789e-9 kg m^2", "inertia").value == 1.23456789e-9


@pytest.mark.parametrize(
    ("given", "kind", "distribution"),
    [
        ("12.3 ± 0.2 kg", "mass", Normal(12.3, 0.2)),
        ("12.3 kg +/- 200 g", "mass", Normal(12.3, 0.2)),
        ("12.3 kg +- 0.2", "mass", Normal(12.3, 0.2)),
        ("50 g ± 4 %", "mass", Normal(0.05, 0.002)),
        ("50 g ± 4 percent", "mass", Normal(0.05, 0.002)),
        ("1 ± 3 %", "number", Normal(1, 0.03)),
        ("20 % ± 5 %", "number", Normal(0.2, 0.05)),
        ("0 ± 15 m", "length", Normal(0, 15)),
        ("20 ± 2 degC", "temperature", Normal(293.15, 2.0)),
        ("20 degC ± 2 degC", "temperature", Normal(293.15, 2.0)),
        ("20 degC ± 2 K", "temperature", Normal(293.15, 2.0)),
        ("20 degC ± 9 degF", "temperature", Normal(293.15, 5.0)),
        ("68 ± 5 degF", "temperature", Normal(293.15, 25 / 9)),
        ("68 °F ± 5", "temperature", Normal(293.15, 25 / 9)),
        ({"normal": ["68 degF", "5 degF"]}, "temperature", Normal(293.15, 25 / 9)),
        ({"normal": ["20 degC", "2 degC"]}, "temperature", Normal(293.15, 2)),
        ({"normal": ["20 degC", "2 K"]}, "temperature", Normal(293.15, 2)),
        ({"normal": ["293.15 K", "9 degF"]}, "temperature", Normal(293.15, 5)),
        ({"normal": ["12.3 kg", "200 g"]}, "mass", Normal(12.3, 0.2)),
        ({"normal": ["12.5 kg", "4 %"]}, "mass", Normal(12.5, 0.5)),
        ({"normal": ["20 %", "5 %"]}, "number", Normal(0.2, 0.05)),
        ({"normal": [1.5, 0.25]}, "number", Normal(1.5, 0.25)),
        ({"normal": ["1 m", 0]}, "length", Normal(1, 0)),
        ({"uniform": ["5 m/s", "9 m/s"]}, "speed", Uniform(5, 9)),
        ({"uniform": ["5 m/s", "36 km/h"]}, "speed", Uniform(5, 10)),
        ({"uniform": ["59 degF", "77 degF"]}, "temperature", Uniform(288.15, 298.15)),
        ({"triangular": ["1 m", "2 m", "4 m"]}, "length", Triangular(1, 2, 4)),
        ({"triangular": ["14 degF", "32 degF", "59 degF"]}, "temperature", Triangular(263.15, 273.15, 288.15)),
        ({"choice": ["5 s", "7 s"]}, "time", Choice((5, 7))),
        ({"choice": ["50 degF", "68 degF"]}, "temperature", Choice((283.15, 293.15))),
    ],
)
def test_reads_distributions(given, kind, distribution):
    quantity = parse_quantity(given, kind)
    got = quantity.distribution
    assert type(got) is type(distribution)
    for a, b in zip(vars(got).values(), vars(distribution).values(), strict=True):
        assert a == pytest.approx(b)
    assert quantity.value == pytest.approx(distribution.centre)


@pytest.mark.parametrize(
    ("given", "kind", "says"),
    [
        (54, "length", "54 has no unit"), ("54", "length", "54 has no unit"), ("54 kg", "length", "right kind"), ("54 zorks", "length", "unknown unit 'zorks'"),
        ("wide", "length", "cannot read"), ("", "length", "cannot read ''"), ("nan m", "length", "cannot read"), (float("inf"), "mass", "finite"),
        (float("nan"), "number", "finite"), (True, "mass", "cannot read True"), (None, "mass", "cannot read None"), (["5 m"], "length", "cannot read"),
        # what pint evaluated, or hung on
        ("5 m**9**9**9**9", "length", "power 9"), ("5 m**2**2", "area", "cannot read the unit"), ("5 m" + " " * 20_000 + "x", "length", "too long"), ("5 " + "(" * 150, "length", "too long"),
        ("5 " + "(" * 50 + "m", "length", "bracket"), ("1/0", "length", "fraction"), ("5 m/0", "length", "cannot read the unit"), ("5 m**0", "length", "power '?0"),
        ("5 m^0.5", "length", "power|cannot read"), ("5 m^99", "length", "whole number from 1 to 6"), ("5 m^-2147483648", "length", "whole number"),
        ("5 __import__", "length", "unit"), ("5 m; 3", "length", "cannot read the unit"), ("5 m m^-", "length", "cannot read the unit"),
        ("5 m*/s", "speed", "cannot read the unit"), ("5 m/", "length", "cannot read the unit"), ("5 *m", "length", "cannot read the unit"),
        ("5 ()", "length", "cannot read the unit"), ("5 m)", "length", "cannot read the unit"), ("5 /", "length", "cannot read the unit"), ("5 m.", "length", "cannot read"),
        # nothing is dropped
        ("10 m 5", "length", "cannot read the unit"), ("10 5 m", "length", "one number and one unit"), ("5 m ± 1 s", "length", "right kind"),
        ("5 m ± 1 % ± 2", "length", "more than one ±"), ("1 ± 2 ± 3 m", "length", "more than one"), ("5 m ±", "length", "cannot read"), ("± 5 m", "length", "cannot read"),
        ("12.3 ± 5 % kg", "mass", "cannot read the unit|unit"), ("5 ft 6 in", "length", "cannot read the unit"), ("5' 6\"", "length", "cannot read the unit"),
        ("1 1/2 in", "length", "fraction"), ("3/8 in", "length", "fraction"), ("½ in", "length", "cannot read"), ("1½ in", "length", "cannot read the unit"),
        ("5² m", "length", "cannot read the unit"), ("5-6 m", "length", "range"), ("5 to 6 m", "length", "range"), ("0x10 m", "length", "in the unit"),
        ("1_000 m", "length", "cannot read"), ("٣ m", "length", "cannot read"), ("5 % in", "length", "unit"), ("5 degC/m", "temperature", "no product"),
        # commas
        ("1,5 m", "length", "decimal point"), ("1,500 ft", "length", "decimal point"), ("1.500,5 m", "length", "decimal point"), ("5 m ± 0,1 m", "length", "decimal point"),
        # numbers that no double holds
        ("1e999 m", "length", "finite"), ("1e308 km", "length", "too large"), (10**400, "number", "finite"), (10**5000, "number", "finite"), ("1e30 mm", "length", "too large"),
        ("1 kg ± 1e300 %", "mass", "too large"), ("5 GPa^6 GPa^6 GPa^6 GPa^6/Pa^6/Pa^6/Pa^6/Pa^6 m", "length", "cannot read the unit"),
        # another kind, or more than one
        ("5 deg", "number", "right kind"), ("0.5 rad", "number", "right kind"), ("5 %", "angle", "right kind"), ("5 nm", "length", "nmi"), ("5 NM", "length", "nmi"),
        ("3 ton", "mass", "tonne"), ("100 lb", "force", "did you mean 'lbf'"), ("75 ft lb", "energy", "did you mean 'ft lbf'"), ("5 N", "mass", "right kind"),
        # spreads
        ("5 ± -1 m", "length", "negative"), ("5 m ± -1 %", "length", "negative"), ({"normal": ["5 m", "-1 m"]}, "length", "negative"),
        ({"normal": [5, -1]}, "number", "negative"), ("0 m ± 5 %", "length", "of zero"), ({"normal": ["5 m", 1]}, "length", "has no unit"),
        ({"normal": ["5 m", "1"]}, "length", "has no unit"), ({"normal": ["5 m", "1 s"]}, "length", "right kind"), ({"normal": ["5 m", True]}, "length", "sigma"),
        # temperatures
        ("20 degC ± 10 %", "temperature", "percentage of a temperature"), ("20 ± 10 % degC", "temperature", "unit"), ("300 K ± 1 %", "temperature", "percentage"),
        ({"normal": ["68 degF", "10 %"]}, "temperature", "percentage"), ("-300 degC", "temperature", "absolute zero"), ("-1 K", "temperature", "absolute zero"),
        (0, "temperature", "has no unit"), ("20 ± 2", "temperature", "has no unit"),
        # distributions
        ({"uniform": ["9 m/s", "5 m/s"]}, "speed", "cannot read the distribution"), ({"uniform": ["5 ± 1 m/s", "9 m/s"]}, "speed", "± of its own"),
        ({"uniform": [{"uniform": ["1 m/s", "2 m/s"]}, "9 m/s"]}, "speed", "inside a distribution"), ({"triangular": ["3 m", "2 m", "4 m"]}, "length", "triangular"),
        ({"normal": ["5 m", "1 m", "2 m"]}, "length", "cannot read the distribution"), ({"gauss": ["5 m"]}, "length", "cannot read the distribution"),
        ({"uniform": "5 m"}, "length", "list of values"), ({"uniform": []}, "length", "list of values"), ({}, "length", "one key"), ({1: 2, "a": 3}, "length", "one key"),
        ({"choice": ["1 m"] * 5000}, "length", "at most 1000"), ({"uniform": ["59 degF", "15 degC"]}, "temperature", "cannot read the distribution"),
    ],
    ids=lambda value: ascii(seen(value, 40)),
)  # fmt: skip
def test_refuses_with_the_reason(given, kind, says):
    with pytest.raises(UnitError, match=says) as caught:
        parse_quantity(given, kind)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("given", "kind", "hint"),
    [
        ("5 MPH", "speed", "mph"), ("54 mms", "length", "mm"), ("5 Kg", "mass", "kg"), ("5 metrs", "length", "metres"), ("3 pund", "mass", "pound"),
        ("3 PSI", "pressure", "psi"), ("5 degres", "angle", "degrees"), ("680 kgg/m^3", "density", "kg"), ("5 seconts", "time", "seconds"),
    ],
)  # fmt: skip
def test_suggests_the_nearest_unit(given, kind, hint):
    with pytest.raises(UnitError, match="unknown unit .* did you mean '[a-z]+'") as caught:
        parse_quantity(given, kind)
    near = caught.value.message.split("did you mean '")[1].split("'")[0]
    assert parse_unit(near).powers == parse_unit(hint).powers


def test_there_and_back():
    for kind, unit in (("length", "ft"), ("temperature", "degF"), ("pressure", "inHg"), ("speed", "mph")):
        assert from_si(to_si(37.7, unit, kind), unit, kind) == pytest.approx(37.7, rel=1e-12)
    assert from_si(293.15, "degF", "temperature") == pytest.approx(68, rel=1e-14)
    assert from_si(0.3048, "in", "length") == pytest.approx(12, rel=1e-14)


_MEASURES = [(kind, name) for kind, (si, _) in DIMENSIONS.items() if si for name in names_of(parse_unit(si).powers)]


@given(st.sampled_from(_MEASURES), st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-6))
def test_every_unit_goes_there_and_back(measure, value):
    kind, unit = measure
    si = to_si(value, unit, kind)
    assert from_si(si, unit, kind) == pytest.approx(value, rel=1e-12, abs=1e-12 * abs(from_si(0.0, unit, kind)))
    if kind != "temperature":
        assume(abs(si) <= _BIGGEST)
        read = parse_quantity(f"{value!r} {unit}", kind)
        assert read.value == pytest.approx(si, rel=1e-15)
        assert parse_quantity(f"{value!r} {unit} ± {abs(value)!r} {unit}", kind).distribution.sigma == pytest.approx(
            abs(si)
        )


@given(st.sampled_from(sorted(set(NAMES))), st.sampled_from(sorted(set(NAMES))), st.integers(1, 3), st.integers(1, 3))
def test_products_multiply_and_quotients_divide(a, b, n, m):
    one, two = parse_unit(a), parse_unit(b)
    product, quotient = parse_unit(f"{a}^{n} {b}**{m}"), parse_unit(f"{a}^{n}/{b}^{m}")
    scale = (one.num / one.den) ** n, (two.num / two.den) ** m
    assert product.num / product.den == pytest.approx(scale[0] * scale[1], rel=1e-12)
    assert quotient.num / quotient.den == pytest.approx(scale[0] / scale[1], rel=1e-12)
    assert product.powers == tuple(n * p + m * q for p, q in zip(one.powers, two.powers, strict=True))
    assert quotient.powers == tuple(n * p - m * q for p, q in zip(one.powers, two.powers, strict=True))


_PIECES = st.sampled_from(
    [*"0123456789.,+-*/^()±%°'\"²½ \t\n_eE", "**", "per", "m", "kg", "s", "degF", "lbf", "µ", "\x00", "\ud800", "1e9", "−", "+/-", "square"]
)  # fmt: skip


@settings(max_examples=500)
@given(st.lists(_PIECES, max_size=60).map("".join) | st.text(max_size=80), st.sampled_from(sorted(DIMENSIONS)))
def test_any_text_is_read_or_refused(text, kind):
    try:
        value = parse_quantity(text, kind).value
    except InputError as error:
        assert len(error.message) < 400 and error.message.isprintable()
    else:
        assert math.isfinite(value)


@pytest.mark.parametrize(
    "text",
    ["5 m" + " " * 10**6, "9" * 10**6 + " m", "5 " + "m*" * 10**6, "5 m ± " + "(" * 10**6, "5 " + "±" * 10**6],
    ids=len,
)
def test_long_texts_are_refused_at_once(text):
    """No part of the text beyond the limit is looked at: quadratic work on a million characters would not end."""
    with pytest.raises(UnitError, match="too long") as caught:
        parse_quantity(text, "length")
    assert len(caught.value.message) < 300


def test_every_name_is_a_unit():
    for name in NAMES:
        unit = parse_unit(name)
        assert unit.num > 0 and unit.den > 0 and any(unit.powers), name
    assert ALONE["degF"].shift / ALONE["degF"].den == pytest.approx(459.67 * 5 / 9, rel=1e-15)


def test_display():
    assert display(3048.0, "length", "us") == "10,000 ft"
    assert display(0.0514, "mass") == "51.4 g"
    assert display(float("nan"), "length") == "-"
