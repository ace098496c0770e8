"""What commands print at 80 columns, in both systems of units: regression tests of words and layout against reviewed files.

The numbers in them are our own and stand here only to see that they do not move unnoticed; they are compared to 0.5 %, so that a processor
whose last digits differ passes. `DOWNRANGE_GOLDEN=write` writes the files anew, for review.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from rich.cells import cell_len

from downrange.cli import main as cli_main

HERE = Path(__file__).resolve().parent / "golden"
ROOT = HERE.parents[2]
STARTER, GENESIS = "examples/first_rocket/launch.yaml", "examples/genesis/launch.yaml"
COMMANDS = {
    "check_starter": ("check", STARTER), "fly_starter": ("fly", STARTER), "fly_genesis": ("fly", GENESIS), "check_genesis": ("check", GENESIS),
    "fly_b6": ("fly", STARTER, "--motor", "Estes B6"), "motor_find": ("motor", "find", "29 mm G80"), "motor_show": ("motor", "show", "Estes C6-5"),
    "explain_apogee": ("explain", "apogee", STARTER), "explain_margin": ("explain", "margin", STARTER), "help_margin": ("help", "margin"),
    "safety_starter": ("safety", STARTER, "-n", "256"), "loads_starter": ("loads", STARTER),
}  # fmt: skip
KIT = "first_rocket/launch.yaml"
# in a copy of the examples, as these write files or read those beside them
ELSEWHERE = {
    "help": ("help",), "explain": ("explain",), "bench": ("bench",), "bench_canopy_inputs": ("bench", "canopy"),
    "bench_canopy": ("bench", "canopy", "mass=1.2kg", "rate=5m/s"), "aero": ("aero", "first_rocket/rocket.yaml", "--mach", "0.1..0.3"),
    "aim": ("aim", KIT), "find": ("find", KIT, "--seen", "bearing 90 deg", "-n", "1024", "--overwrite"), "checklist": ("checklist", KIT),
    "card": ("card", KIT, "-o", "card.html"), "compare": ("compare", "first_rocket/rocket.yaml", "tarc/rocket.yaml"),
    "compare_motors": ("compare", KIT, "--motors", "18 mm C", "--goal", "apogee 300 m"),
    "sweep": ("sweep", KIT, "fins.span=40mm..60mm/3", "--of", "apogee"),
    "solve": ("solve", KIT, "--want", "apogee 150 m", "--by", "ballast 0..30 g", "--nominal"),
    "optimise": ("optimise", KIT, "goals.yaml", "--fresh", "--overwrite"), "workshop": ("workshop", "first_rocket/rocket.yaml", "-o", "w"),
    "weather_show": ("weather", "show", "genesis/launch.yaml", "genesis/weather.csv"), "log_show": ("log", "show", "genesis/simulated_flight.csv"),
    "log_reconstruct": ("log", "reconstruct", "genesis/simulated_flight.csv"),
    "track_two": ("track", "--baseline", "300 m", "--sight", "30 deg 50 deg", "--sight", "70 deg 62 deg"), "track": ("track", "sights.yaml"),
    "motor_compare": ("motor", "compare", "m.ric"), "motor_design": ("motor", "design", "m.ric"), "motor_engine": ("motor", "engine", "engine.yaml"),
    "motor_simulate": ("motor", "simulate", "m.ric"), "motor_reduce": ("motor", "reduce", "thrust.csv", "--propellant-mass", "3 ± 0.03 kg"),
    "learn": ("learn", "genesis/launch.yaml", "genesis/simulated_flight.csv", "--dry-run"),
    "diagnose": ("diagnose", "genesis/launch.yaml", "--log", "genesis/simulated_flight.csv", "--flights", "64"),
    "notebook_none": ("notebook", "show", "tarc/launch.yaml"), "fair_list": ("fair", "plan"),
    "fair_plan": ("fair", "plan", "Does wax raise apogee?", "--spread", "4 %", "--mean", "300 m", "--matters", "10 m"),
    "lesson_list": ("lesson",), "lesson": ("lesson", "why-fins"), "report_list": ("report", "--list"),
    "disperse": ("disperse", KIT, "-n", "128", "--no-report", "-o", "campaign"),
    "check_two_stage": ("check", "two_stage/launch.yaml"), "fly_two_stage": ("fly", "two_stage/launch.yaml"),
    "fly_explained": ("fly", "cluster/launch.yaml", "--explain"),
    "loads_two_stage": ("loads", "two_stage/launch.yaml"), "export": ("export", KIT, "-o", "kit.ork"), "import": ("import", "kit.ork"),
}  # fmt: skip
SI = {
    "bench_canopy",
    "bench_canopy_inputs",
    "solve",
    "optimise",
    "fly_explained",
}  # what was typed, or a sum, which is done in SI
NO_UNITS = {"help", "explain", "report_list", "import"}
RANDOM = {"disperse", "find", "diagnose", "learn", "fair_plan"}  # what is drawn differs a little between processors
_NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")


def words(text: str) -> str:
    """A text with its numbers left out, blanks and lines of the frame as one."""
    return re.sub(r"─+", "─", re.sub(r"\s+", " ", _NUMBER.sub("#", text)))


def numbers(text: str) -> list[float]:
    return [float(n.replace(",", "")) for n in _NUMBER.findall(text)]


def alike(seen: str, golden: str, rel: float = 5e-3) -> None:
    assert words(seen).strip() == words(golden).strip()
    assert numbers(seen) == pytest.approx(numbers(golden), rel=rel, abs=2e-3)


@pytest.mark.parametrize("units", ["metric", "us"])
@pytest.mark.parametrize("name", COMMANDS)
def test_output_at_80_columns(name, units, call, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    shown = () if COMMANDS[name][0] == "help" else ("--units", units)
    code, out, _ = call(*COMMANDS[name], *shown)
    assert code in (0, 1)
    lines = [line.rstrip() for line in out.splitlines()]
    assert max(map(len, lines)) <= 80 and "…" not in out and not re.search(r"\b1 (motors|hours|flights)\b", out)
    path = HERE / f"{name}_{units}.txt"
    if os.environ.get("DOWNRANGE_GOLDEN") == "write":
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    alike("\n".join(lines), path.read_text(encoding="utf-8"), 0.05 if name.startswith("safety") else 5e-3)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """The examples, and the small files of what flies nothing."""
    from test_engine_door import HYBRID
    from test_stand_door import files

    from grain_motors import RIC

    folder = tmp_path_factory.mktemp("place")
    shutil.copytree(ROOT / "examples", folder, dirs_exist_ok=True)
    files(folder)
    (folder / "m.ric").write_text(RIC, encoding="utf-8")
    (folder / "engine.yaml").write_text(HYBRID, encoding="utf-8")
    (folder / "goals.yaml").write_text(
        "goals: [highest apogee]\nlimits: [static margin at least 1.2]\nby: [fins.span 30..60 mm]\ndesigns: 10\n"
    )
    (folder / "sights.yaml").write_text(
        "error: 0.5 deg\nstations:\n  - {name: w, east: -150 m, north: 0 m}\n  - {name: e, east: 150 m, north: 0 m}\n"
        "  - {name: n, east: 0 m, north: 200 m}\nsights:\n  - {station: w, azimuth: 45 deg, elevation: 54.7 deg}\n"
        "  - {station: e, azimuth: 315 deg, elevation: 54.7 deg}\n  - {station: n, elevation: 80.5 deg}\n"
    )
    from downrange.formats.foreign.ork_file import ork_bytes
    from downrange.project import open_project

    launch = open_project(folder / KIT).launch
    (folder / "kit.ork").write_bytes(ork_bytes(launch.rocket, [launch])[0])
    return folder


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_every_other_command_prints(name, place, call, monkeypatch):
    """In metric and US units, plain and coloured; of standard error what is not progress."""
    monkeypatch.chdir(place)
    monkeypatch.setenv("COLUMNS", "80")
    for units in ("metric", "us") if name not in NO_UNITS else ("metric",):
        words_ = (*ELSEWHERE[name], *(() if name in NO_UNITS else ("--units", units)))
        code, out, err = call(*words_)
        assert code in (0, 1), err
        told = [
            line for line in err.splitlines() if line.startswith(("wrote", "not stated", "nothing", "!", "kit.ork"))
        ]
        lines = [line.rstrip().replace(f"{place}{os.sep}", "") for line in [*out.splitlines(), *told]]
        assert max(map(cell_len, out.splitlines()), default=0) <= 80
        assert "…" not in out and not re.search(r"\b1 (motors|hours|flights)\b|TrapezoidalFin|\b\w+_agl\b| agl ", out)
        if units == "us" and name not in SI:
            assert not re.search(r"\d (m|mm|kg|g|m/s|J|MPa)\b(?![³/²,)])", "\n".join(lines)), out
        path = HERE / f"{name}_{units}.txt"
        if os.environ.get("DOWNRANGE_GOLDEN") == "write":
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        alike("\n".join(lines), path.read_text(encoding="utf-8"), 0.1 if name in RANDOM else 5e-3)


@pytest.mark.parametrize(
    "name", ["bench_canopy", "track", "aero", "compare", "motor_design", "lesson_list", "sweep", "weather_show"]
)
def test_colour_is_only_colour_elsewhere(name, place, call, monkeypatch):
    monkeypatch.chdir(place)
    monkeypatch.setenv("COLUMNS", "80")
    plain = call(*ELSEWHERE[name])[1]
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = call(*ELSEWHERE[name])[1]
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain and "\x1b" not in plain


def test_no_command_is_without_a_golden_file():
    """But those that print no card: pages, scripts, schemas, what this machine is, what bears the hour, and what waits for a network or a controller."""
    none = {"new", "studio", "hil", "plot", "completion", "schema", "doctor", "window", "predict"}
    seen = {words_[0] for words_ in (*COMMANDS.values(), *ELSEWHERE.values())}
    assert seen | none == set(cli_main.COMMANDS) and not seen & none


def test_the_card_in_the_readme_is_what_fly_prints(call, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("COLUMNS", raising=False)
    card = re.search(r"```text\n(╭─ Genesis.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    assert card
    alike(call("fly", GENESIS)[1].strip(), card[1].strip())


@pytest.mark.parametrize("name", ["fly_starter", "check_genesis", "motor_find", "explain_margin", "help_margin"])
def test_colour_changes_no_word_and_can_be_left_out(name, call, monkeypatch):
    """With colours the same text stands there; `NO_COLOR` leaves out every one of them, and what is bold or dim with it."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    plain = call(*COMMANDS[name])[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = call(*COMMANDS[name])[1]
    monkeypatch.setenv("NO_COLOR", "1")
    left_out = call(*COMMANDS[name])[1]
    assert "\x1b[" in coloured and "\x1b" not in plain and "\x1b" not in left_out
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain == left_out
