"""What people see: units of two systems in numbers and sentences, counts in words, and tables that cut no number."""

import io
import re

import pytest
from rich.console import Console

from downrange.report.layout import plain_table
from downrange.text import counted
from downrange.units import SYSTEMS, column, display, in_units


@pytest.mark.parametrize(
    ("value", "kind", "metric", "us"),
    [
        # NIST SP 811: ft 0.3048 m, lb 0.45359237 kg, mile 1609.344 m, lbf 4.4482216152605 N, acre 4046.873 m²
        (457.2, "length", "457 m", "1,500 ft"), (0.0254, "length", "25.4 mm", "1 in"), (1.0, "size", "1 m", "39.4 in"), (0.054, "size", "54 mm", "2.13 in"),
        (15.8496, "speed", "15.8 m/s", "52 ft/s"), (8.9408, "wind", "8.94 m/s", "20 mph"), (0.45359237, "mass", "0.454 kg", "1 lb"),
        (0.028349523125, "mass", "28.3 g", "1 oz"), (101.68635, "energy", "102 J", "75 ft·lbf"), (4.4482216, "force", "4.45 N", "1 lbf"),
        (1609.344, "distance", "1.61 km", "1 mi"), (4046.873, "area", "0.405 ha", "1 acres"), (9.80665, "acceleration", "9.81 m/s²", "32.2 ft/s²"),
        (293.15, "temperature", "20 °C", "68 °F"), (640.0, "impulse", "640 N s", "640 N s"), (float("nan"), "length", "-", "-"),
    ],
)  # fmt: skip
def test_numbers_in_two_systems(value, kind, metric, us):
    assert display(value, kind, "metric", 3) == metric
    assert display(value, kind, "us", 3) == us


@pytest.mark.parametrize(
    "kind",
    ["length", "size", "speed", "wind", "mass", "energy", "force", "moment", "area", "distance", "pressure", "inertia"],
)
def test_a_column_and_a_number_agree(kind):
    for system in SYSTEMS:
        unit, factor = column(kind, system)
        assert display(1234.5, kind, system, 12) == f"{1234.5 * factor:.12g} {unit}"


@pytest.mark.parametrize(
    ("metric", "us"),
    [
        ("Leaves the rail at 12.3 m/s (at least 15 m/s is usual)", "Leaves the rail at 40.4 ft/s (at least 49 ft/s is usual)"),
        ("at 1,234 m above, below 300.5 m", "at 4,049 ft above, below 985.9 ft"), ("2.5 cm forward; 113.4 g less", "0.98 in forward; 4 oz less"),
        ("700 J, 12.3 kg, 24.8 to 18.7 mm", "516 ft·lbf, 27.1 lb, 0.976 to 0.736 in"), ("-40 °C, 20 ± 2 °C", "-40 °F, 68 ± 4 °F"), ("9.81 m/s² and 5 m, 1,524 ± 3.0 m", "32.2 ft/s² and 16 ft, 5,000 ± 9.8 ft"),
        # left alone: motors, impulses, names, powers, words that only look alike
        ("a 54 mm motor of 640 N s", "a 54 mm motor of 640 N s"), ("'12 m mast' is 3 s late", "'12 m mast' is 3 s late"),
        ("the motor's end, 2 m aft of the rocket's", "the motor's end, 6.6 ft aft of the rocket's"), ("8 m²; 3 more; 5 min; v1.2 m-rail", "8 m²; 3 more; 5 min; v1.2 m-rail"),
    ],
)  # fmt: skip
def test_sentences_in_us_units(metric, us):
    assert in_units(metric, "us") == us
    assert in_units(metric, "metric") == metric


def test_counts_fit_their_number():
    assert [counted(n, "motor") for n in (0, 1, 2)] == ["0 motors", "1 motor", "2 motors"]


def shown(table, width: int) -> str:
    console = Console(width=width, file=io.StringIO(), color_system=None)
    console.print(table)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [200, 80, 60, 40, 24])
def test_no_width_cuts_a_number(width):
    numbers = [f"{1234.5678 * 7**k:,.4f}" for k in range(6)]
    table = plain_table(
        "what may happen", "probability", "at most", "lands m away", "energy", "farthest of all", "as said", words=(6,)
    )
    table.add_row("a name of several words", *numbers[:5], "words that may be broken anywhere")
    table.add_row("2", *numbers[1:])
    text = shown(table, width)
    assert all(len(line) <= width for line in text.splitlines())
    for n in numbers:
        assert n in text
    assert "…" not in text
    heads = re.sub(r"\s+", " ", text)
    assert all(word in heads for word in ("probability", "farthest", "energy"))


def test_a_narrow_table_stands_below_each_other_with_its_heads():
    table = plain_table("Mach", "CD off", "CD on")
    table.add_row("0.3", "0.123456789", "0.987654321")
    assert shown(table, 80).split() == ["Mach", "CD", "off", "CD", "on", "0.3", "0.123456789", "0.987654321"]
    assert [line.rstrip() for line in shown(table, 24).splitlines()] == [
        "Mach 0.3",
        "   CD off 0.123456789",
        "   CD on 0.987654321",
    ]
