"""What the bounds refuse is refused at the file's door with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from downrange.errors import InputError
from downrange.flight import compile_launch, launch_figures, pad_warnings
from downrange.project import load

ROCKET = """\
name: T
parts:
- type: nose cone
  shape: ogive
  length: 150 mm
  diameter: 50 mm
  wall: 2 mm
- type: body tube
  length: 600 mm
  wall: 1 mm
  motor_mount: true
  parts:
  - type: trapezoidal fins
    position: bottom
    count: 3
    root_chord: 100 mm
    tip_chord: 50 mm
    span: 60 mm
    sweep: 50 mm
    thickness: 3 mm
  - type: parachute
    offset: 50 mm
    diameter: 600 mm
    spill_hole: 60 mm
    deploy: {event: apogee}
  - type: rail buttons
    position: absolute
    offset: 400 mm
    spacing: 300 mm
  - type: mass
    name: battery
    mass: 20 g
    offset: 100 mm
"""
SITE = "latitude: 45 deg\nlongitude: 7 deg\nelevation: 1000 m\n"
LAUNCH = "rocket: rocket.yaml\nsite: site.yaml\nmotor: AeroTech F52T\nrail: {length: 1.5 m, elevation: 90 deg, azimuth: 0 deg}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("rocket.yaml", ROCKET), ("site.yaml", SITE), ("launch.yaml", LAUNCH)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def edit(folder: Path, name: str, old: str, new: str) -> Path:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder / "launch.yaml"


@pytest.mark.parametrize(
    ("name", "old", "new", "place", "says"),
    [
        ("rocket.yaml", "spill_hole: 60 mm", "spill_hole: 700 mm", r"rocket.yaml:24 \[parts\[1\].parts\[1\].spill_hole\]", "not smaller than the canopy"),
        ("rocket.yaml", "length: 600 mm", "length: 1e6 m", r"rocket.yaml:9 \[", "at most 100 m"),
        ("rocket.yaml", "length: 600 mm", "length: {uniform: [1 mm, 1e9 m]}", r"rocket.yaml:9 \[", "at most 100 m"),
        ("rocket.yaml", "length: 600 mm", "length: 600 mm ± 1e9 m", r"rocket.yaml:9 \[", "wider than all it can be"),
        ("rocket.yaml", "count: 3", "count: 0", r"rocket.yaml:15 \[parts\[1\].parts\[0\].count\]", "at least 1"),
        ("rocket.yaml", "    mass: 20 g\n", "", r"rocket.yaml:30 \[parts\[1\].parts\[3\].mass\]", "needs its mass"),
        ("rocket.yaml", "wall: 1 mm", "wall: 26 mm", r"rocket.yaml:10 \[", "26 mm"),
        ("rocket.yaml", "thickness: 3 mm", "thickness: 3 mm\n    cant: 1e9 deg", r"rocket.yaml:21 \[", "at most 30°"),
        ("site.yaml", "45 deg", "1e9 deg", r"site.yaml:1 \[latitude\]", "the poles"),
        ("site.yaml", "7 deg", "1e9 deg", r"site.yaml:2 \[longitude\]", "whole turn"),
        ("site.yaml", "1000 m", "1e6 m", r"site.yaml:3 \[elevation\]", "Everest"),
        ("launch.yaml", "azimuth: 0 deg", "azimuth: 133 rad", r"launch.yaml:4 \[rail.azimuth\]", "whole turn"),
        ("launch.yaml", "1.5 m", "1e9 m", r"launch.yaml:4 \[rail.length\]", "at most 200 m"),
        ("launch.yaml", "rail:", "thrust_line: {angle_y: 90 deg}\nrail:", r"launch.yaml:4 \[thrust_line.angle_y\]", "true to a degree"),
        ("launch.yaml", "rail:", "weather: {pressure: 1040 hPa}\nrail:", r"launch.yaml:4 \[weather.pressure\]", "where 899 hPa is usual"),
        ("launch.yaml", "rail:", "weather: {temperature: 500 degC}\nrail:", r"launch.yaml:4 \[weather.temperature\]", "at most 350 K"),
        ("launch.yaml", "rail:", "weather: {wind: {speed: 900 km/h, from: 0 deg}}\nrail:", r"launch.yaml:4 \[weather.wind.speed\]", "jet streams"),
        ("launch.yaml", "AeroTech F52T", "[Estes C6, Estes C6]", r"launch.yaml:3 \[motor\]", "2 motors under 'motor', which takes one"),
        ("launch.yaml", "AeroTech F52T", "{name: AeroTech F52T, length: 900 mm}", r"launch.yaml:3 \[motor\]", "150 mm out of the nose tip"),
        ("launch.yaml", "AeroTech F52T", "{name: AeroTech F52T, diameter: 54 mm}", r"launch.yaml:3 \[motor\]", "54 mm wide but the mount"),
    ],
)  # fmt: skip
def test_the_file_door_says_where_and_why(folder, name, old, new, place, says):
    launch = edit(folder, name, old, new)
    with pytest.raises(InputError, match=f"{place}.*{says}") as caught:
        load(launch)
    assert len(str(caught.value)) < 700


def test_a_crossing_outline_is_refused_with_its_line(folder):
    shape = "root_chord: 100 mm\n    tip_chord: 50 mm\n    span: 60 mm\n    sweep: 50 mm\n"
    edit(folder, "rocket.yaml", shape, "points: [[0 mm, 0 mm], [100 mm, 60 mm], [0 mm, 60 mm], [100 mm, 0 mm]]\n")
    launch = edit(folder, "rocket.yaml", "trapezoidal fins", "freeform fins")
    with pytest.raises(InputError, match=r"rocket.yaml:16 \[parts\[1\].parts\[0\].points\].*crosses itself"):
        load(launch)


def test_a_high_pressure_is_doubted_and_a_part_outside_is_told(folder):
    edit(folder, "rocket.yaml", "offset: 100 mm", "offset: 620 mm")
    program = compile_launch(load(edit(folder, "launch.yaml", "rail:", "weather: {pressure: 950 hPa}\nrail:")))
    said = " ".join(pad_warnings(program, launch_figures(program)))
    assert "reduced to sea level?" in said and "battery lies outside body tube" in said


def test_two_fins_are_unstable_and_drag_is_read_by_its_heading(folder):
    assert launch_figures(compile_launch(load(folder / "launch.yaml")))["static_margin"] > 1
    launch = edit(folder, "rocket.yaml", "count: 3", "count: 2")
    (folder / "d.csv").write_text("mach,reynolds,cd\n0,9,0.5\n2,9,0.7\n", encoding="utf-8")
    launch.write_text(LAUNCH + "aero: {drag: d.csv}\n", encoding="utf-8")
    program = compile_launch(load(launch))
    figures = launch_figures(program)
    assert (
        -9 < figures["static_margin"] < -5 and abs(figures["static_margin"] - figures["static_margin_barrowman"]) < 0.1
    )
    assert any(w.startswith("UNSTABLE") for w in pad_warnings(program, figures))
    assert program.aero.drag(1.0, 1e7) == pytest.approx(0.6, abs=0.01)


def test_a_printed_motor_brings_its_delay(folder):
    edit(folder, "rocket.yaml", "event: apogee", "event: ejection")
    (device,) = compile_launch(load(edit(folder, "launch.yaml", "AeroTech F52T", "AeroTech F52-8T"))).devices
    assert device.label == "ejection, 8 s after burn-out"
    edit(folder, "launch.yaml", "AeroTech F52-8T", "AeroTech F52T")
    with pytest.raises(InputError, match="say which delay"):
        load(folder / "launch.yaml")
