"""Project files, club records and rule packs that once broke something: each is read, or refused in one sentence."""

from pathlib import Path

import pytest

from downrange.errors import InputError
from downrange.formats.yaml_text import read_yaml
from downrange.project.campaigns import probabilities_of
from downrange.project.project import load_rocket, open_project, validate
from downrange.project.rules import read_pack
from downrange.project.schema import LaunchFile

_HOSTILE = Path(__file__).parents[3] / "shared/validation/hostile"


def _record(folder):
    path = folder / "launch.yaml"
    return probabilities_of(validate(LaunchFile, read_yaml(path), path))


_READERS = {
    "launch.yaml": lambda folder: open_project(folder / "launch.yaml"),
    "rocket.yaml": lambda folder: load_rocket(folder / "rocket.yaml"),
    "site.yaml": lambda folder: open_project(folder / "launch.yaml").ground,
    "club_record": _record,
    "rule_pack": lambda folder: read_pack(folder / "p.yaml"),
}
_CASES = sorted(f for f in _HOSTILE.glob("*-*") if f.name.rpartition("-")[0] in _READERS) if _HOSTILE.is_dir() else []


@pytest.mark.skipif(not _CASES, reason="the hostile files (../shared/validation/hostile) are not here")
@pytest.mark.parametrize("folder", _CASES or [None], ids=lambda f: f.name if f else "none")
def test_hostile_files_are_read_or_refused(folder):
    try:
        _READERS[folder.name.rpartition("-")[0]](folder)
    except InputError as error:
        assert (error.file or error.key) and len(error.message) < 500 and error.message.isprintable()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("temperature: 20 degC ± 10 %", "launch.yaml:.*weather.temperature.*percentage of a temperature"),
        ("temperature: {normal: [68 degF, 5 %]}", "percentage of a temperature"),
        ("wind: {speed: 5 m**9**9**9**9, from: 0 deg}", "weather.wind.speed.*power 9"),
        ("wind: {speed: '5 m/s" + " " * 20_000 + "', from: 0 deg}", "a text of 20,005 characters"),
        ("wind: {speed: '5 m/s" + " " * 15_000 + "x', from: 0 deg}", "weather.wind.speed.*too long"),
        ("wind: {speed: '1,5 m/s', from: 0 deg}", "weather.wind.speed.*decimal point"),
        ("pressure: " + "9" * 5000, "a number of 5,000 characters"),
        ("turbulence: " + "x" * 3000, "unknown turbulence 'xxx"),
        ("t" * 3000 + ": 1", "unknown key 'ttt|not valid YAML"),
        ("wind: {speed: 5 m/s, from: 0 deg, layers: " + "[" * 60 + "]" * 60 + "}", "nested more than 40"),
    ],
    ids=lambda value: value[:24],
)
def test_a_launch_file_says_what_is_wrong(tmp_path, text, says):
    path = tmp_path / "launch.yaml"
    path.write_text(f"rocket: r.yaml\nmotor: C6\nsite: s.yaml\nweather:\n  {text}\n", encoding="utf-8")
    with pytest.raises(InputError, match=says) as caught:
        open_project(path)
    assert caught.value.line == 5 or "not valid" in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_sigma_in_degrees_is_a_difference(tmp_path):
    path = tmp_path / "launch.yaml"
    path.write_text(
        "rocket: r.yaml\nmotor: C6\nsite: s.yaml\nweather: {temperature: {normal: [68 degF, 5 degF]}}\n",
        encoding="utf-8",
    )
    read = validate(LaunchFile, read_yaml(path), path).weather.temperature
    assert read.value == pytest.approx(293.15) and read.distribution.sigma == pytest.approx(25 / 9)
