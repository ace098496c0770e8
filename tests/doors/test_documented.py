"""Every command in README and docs is run as written, in a copy of the examples; and every one named in a sentence exists."""

import json
import re
import shlex
import shutil
from pathlib import Path

import click
import pytest

from downrange.cli.main import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "README.md": ".",
    "docs/tutorial.md": ".",
    "docs/two_stages.md": ".",
    "docs/safety.md": "examples/genesis",
    "docs/after.md": ".",
}  # and the folder where each begins
# Marked substitutions: what is flown too often, or asks a network, for a test.
FEWER = {"disperse": ("-n", "256"), "safety": ("-n", "256"), "find": ("-n", "1024"), "window": ("-n", "256")}
SLOW = {"--hold"}  # of aim: half a minute of flights; tests/doors/test_campaign_doors.py asks for it
ELSEWHERE = {"make", "git", "pip", "python"}


def pages() -> list[str]:
    return ["README.md", *(str(p.relative_to(ROOT)) for p in sorted((ROOT / "docs").glob("*.md")))]


def commands(page: str) -> list[list[str]]:
    """The lines of a page's shell blocks as words, without comments."""
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.S | re.M)
    lines = [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]
    return [words for words in lines if words and words[0] not in ELSEWHERE]


def test_every_page_with_commands_is_run():
    assert {p for p in pages() if commands(p)} == set(PAGES)


@pytest.fixture
def forecast(monkeypatch):
    """The network's answer: two hours of one member, as Open-Meteo writes it."""
    levels = {1000: 120, 925: 780, 850: 1480, 700: 3010, 500: 5600}
    hourly = {
        "time": ["2026-06-21T09:00", "2026-06-21T12:00"],
        "wind_speed_10m": [3.0, 4.0],
        "wind_direction_10m": [250, 260],
    }
    for p, z in levels.items():
        hourly |= {
            f"wind_speed_{p}hPa": [6.0, 8.0],
            f"wind_direction_{p}hPa": [260, 270],
            f"geopotential_height_{p}hPa": [z, z],
        }
        hourly |= {f"temperature_{p}hPa": [15 - z / 200, 16 - z / 200]}
    units = {k: "m/s" if "speed" in k else "°" if "direction" in k else "m" if "geo" in k else "°C" for k in hourly}
    data = {
        "latitude": 39.39,
        "longitude": -8.29,
        "elevation": 120.0,
        "hourly_units": units | {"time": "iso8601"},
        "hourly": hourly,
    }
    monkeypatch.setattr("downrange.formats.ensembles.open_meteo.fetch_open_meteo", lambda *_, **__: json.dumps(data).encode())


def shortened(words: list[str]) -> list[str]:
    """A command with the marked substitutions."""
    out = [w for w in words if w not in SLOW]
    if out[0] in FEWER:
        if "-n" in out:
            del out[out.index("-n") : out.index("-n") + 2]
        out += FEWER[out[0]]
    return out


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_work_as_written(page, tmp_path, call, monkeypatch, forecast):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    here = (tmp_path / PAGES[page]).resolve()
    ran = 0
    for words in commands(page):
        if words[0] == "cd":
            here = (here / words[1]).resolve()
            assert here.is_dir(), words
            continue
        assert Path(words[0]).name == "downrange", words
        monkeypatch.chdir(here)
        code, _, err = call(*shortened(words[1:]))
        assert code in (0, 1) and "error" not in err.lower() and "fault" not in err, (words, err)
        ran += 1
    assert ran >= 4


def test_commands_and_options_named_in_sentences_exist():
    named = 0
    for page in pages():
        for inside in re.findall(r"`downrange ([a-z][^`]*)`", (ROOT / page).read_text(encoding="utf-8")):
            words = inside.split()
            command = main.get_command(click.Context(main), words[0])
            assert command is not None and words[0] in COMMANDS, (page, inside)
            if isinstance(command, click.Group) and len(words) > 1:
                command = command.commands[words[1].rstrip(",")]
            known = {o for p in command.params for o in (*p.opts, *p.secondary_opts)}
            for option in re.findall(r"(?<![\w-])--[a-z-]+", inside):
                assert option in known, (page, inside, option)
            named += 1
    assert named > 20
