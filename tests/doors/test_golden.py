"""What commands print at 80 columns, in both systems of units: regression tests of words and layout against reviewed files.

The numbers in them are our own and stand here only to see that they do not move unnoticed; they are compared to 0.5 %, so that a processor
whose last digits differ passes. `DOWNRANGE_GOLDEN=write` writes the files anew, for review.
"""

import os
import re
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent / "golden"
ROOT = HERE.parents[2]
STARTER, GENESIS = "examples/first_rocket/launch.yaml", "examples/genesis/launch.yaml"
COMMANDS = {
    "check_starter": ("check", STARTER), "fly_starter": ("fly", STARTER), "fly_genesis": ("fly", GENESIS), "check_genesis": ("check", GENESIS),
    "fly_b6": ("fly", STARTER, "--motor", "Estes B6"), "motor_find": ("motor", "find", "29 mm G80"), "motor_show": ("motor", "show", "Estes C6-5"),
    "explain_apogee": ("explain", "apogee", STARTER), "explain_margin": ("explain", "margin", STARTER), "help_margin": ("help", "margin"),
    "safety_starter": ("safety", STARTER, "-n", "256"), "loads_starter": ("loads", STARTER),
}  # fmt: skip
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
