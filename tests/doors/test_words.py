"""`downrange help`, and the pages that are made from the code and stand in the repository."""

import importlib.util
import math
import re
from pathlib import Path

import click
import pytest

from downrange.cli.main import COMMANDS, main
from downrange.motor.motor import impulse_class
from downrange.report.explain import TOPICS
from downrange.report.words import word_named, words
from downrange.safety.risk import casualty_area

ROOT = Path(__file__).resolve().parents[2]
ASKED = (
    "calibre",
    "margin",
    "weathercocking",
    "pressure altitude",
    "impulse class",
    "delay",
    "drag coefficient",
    "drift",
    "casualty area",
    "confidence",
)


def made():
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "builders/make_docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", words())
def test_every_word_is_a_screen(name, call, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = call("help", *name.split())
    lines = out.splitlines()
    assert code == 0 and len(lines) <= 34 and max(map(len, lines)) <= 80
    assert "`" not in out and (ROOT / f"docs/pictures/words/{words()[name].slug}.png").stat().st_size > 2000


def test_words_are_found_by_what_people_call_them(call):
    assert all(word_named(w).name == w for w in ASKED)
    assert word_named("Static-Margin").name == "margin" and word_named("centre of pressure").name == "margin"
    assert word_named("±").name == "uncertainty" and word_named("cd").name == "drag coefficient"
    code, _, err = call("help", "calbre")
    assert code == 2 and "no help on 'calbre' - did you mean 'calibre'?" in err
    code, out, _ = call("help")
    assert code == 0 and all(w in out for w in words())
    assert "--tolerance" in call("help", "fly")[1]
    for topic in TOPICS:  # what can be explained is a word that one can look up, by one of its names
        assert any(topic in (w.name, *w.also) or topic.replace("-", " ") in (w.name, *w.also) for w in words().values()) or topic in (
            "mass", "speed", "acceleration", "opening", "descent",
        ), topic  # fmt: skip


def test_what_a_word_says_to_ask_can_be_asked():
    for word in words().values():
        head, *rest = word.ask.split()
        assert head == "downrange" and rest[0] in COMMANDS, word.name
        command = main.get_command(click.Context(main), rest[0])
        known = {o for p in command.params for o in p.opts}
        assert all(o in known for o in rest if o.startswith("--")), word.ask
        if rest[0] == "explain":
            assert rest[1] in TOPICS


def test_the_numbers_in_the_words_are_right():
    """Each figure that a screen gives, reckoned here."""
    text = {n: w.text for n, w in words().items()}
    assert "10 / (0.1 · 9.81) = 10.2" in text["thrust to weight"] and round(10 / (0.1 * 9.81), 1) == 10.2
    for wind, speed, angle in re.findall(r"(\d+) m/s of wind at (\d+) m/s: (\d+)°", text["weathercocking"]):
        assert round(math.degrees(math.atan(int(wind) / int(speed)))) == int(angle)
    for pull, length, speed in re.findall(r"(\d+) m/s² over (\d+) m: (\d+) m/s", text["rail exit"]):
        assert round(math.sqrt(2 * int(pull) * int(length))) == int(speed)
    ends = re.findall(r"([A-M]) (?:up )?to ([\d.,]+)", text["impulse class"])
    assert len(ends) == 13
    for letter, most in ends:
        top = float(most.replace(",", ""))
        assert impulse_class(top) == letter and impulse_class(1.01 * top) == chr(ord(letter) + 1)
    assert (
        "2 kg at 6 m/s: 36 J" in text["landing energy"]
        and "2 kg without a parachute at 80 m/s: 6,400 J" in text["landing energy"]
    )
    assert round(0.5 * 0.04 * 4**2, 1) == 0.3
    for n, bound in re.findall(r"([\d,]+) flights: less than ([\d.]+) %", text["confidence"]):
        n = int(n.replace(",", ""))
        assert 100 * (1 - 0.05 ** (1 / n)) == pytest.approx(float(bound), rel=0.1)
    assert casualty_area(0.05, math.pi / 2) == pytest.approx(0.4, abs=0.05) and casualty_area(
        0.05, math.pi / 4
    ) == pytest.approx(1.6, abs=0.05)
    for height, speed in re.findall(r"(\d+) m: (\d) m/s", text["wind"]):
        assert round(5 * (int(height) / 10) ** (1 / 7)) == int(speed)
    assert pytest.approx(0.07, abs=0.002) == 20 / 288.15 and "about 7 % less" in text["pressure altitude"]
    assert pytest.approx(1.8, abs=0.05) == 1.5**1.5 and "Half as thick again: 1.8 times" in text["flutter"]


@pytest.mark.parametrize("page", ["docs/words.md", "docs/parts.md"])
def test_pages_made_from_the_code_are_current(page):
    assert (ROOT / page).read_text(encoding="utf-8") == made().pages()[page], "run python builders/make_docs.py"


def test_no_table_of_the_documentation_is_broken_by_a_blank_line():
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.S | re.M)
        for block in re.findall(r"(?:^\|.*\n)+", text, re.M):
            rows = block.splitlines()
            assert len(rows) >= 2 and re.fullmatch(r"\|[-:| ]+\|", rows[1]), (path.name, rows[0][:80])
            columns = {len(re.findall(r"(?<!\\)\|", re.sub(r"`[^`]*`", "", r))) for r in rows}
            assert len(columns) == 1, (path.name, rows[0][:80], columns)
