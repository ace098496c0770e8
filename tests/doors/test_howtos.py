"""The code of the how-tos runs."""

import re
from pathlib import Path

import numpy as np
import pytest

from downrange.project.rules import read_pack

HOWTO = Path(__file__).parents[2] / "docs" / "howto"


def block(page, language):
    return re.search(rf"```{language}\n(.*?)```", (HOWTO / page).read_text(encoding="utf-8"), re.DOTALL).group(1)


def test_the_rule_pack_of_the_how_to(tmp_path):
    (tmp_path / "ours.yaml").write_text(block("rule-pack.md", "yaml"), encoding="utf-8")
    wind, people = read_pack(tmp_path / "ours.yaml").rules
    assert wind.limit.value == pytest.approx(8.9408)  # 20 mph
    assert people.limit.table[1] == (320.0, pytest.approx(60.96)) and not people.confirmed  # 200 ft


def test_the_change_of_the_how_to():
    from downrange.failures import modes
    from downrange.flight.named import named_rows
    from downrange.flight.rows import FIELD, ROW

    scope = vars(modes).copy()
    exec(block("failure-mode.md", "python"), scope)
    rows = np.ones((3, ROW))
    scope["WeakIgniter"]().rows(named_rows(rows), None, lambda name: np.array([0.0, 0.5, 1.0]))
    assert np.allclose(rows[:, FIELD["thrust"]], [0.4, 0.5, 0.6]) and (rows == 1).sum() == 3 * (ROW - 1)


def test_the_part_and_the_format_of_the_how_tos():
    import downrange.rocket.parts as parts

    scope = vars(parts).copy()
    exec(block("part.md", "python"), scope)
    assert scope["Camera"](height=0.03).height == 0.03
    format_scope = {}
    exec(block("format.md", "python"), format_scope)
    assert format_scope["SUFFIXES"] == (".txt",) and callable(format_scope["read"])


def test_the_air_brakes_of_the_how_to(monkeypatch, capsys):
    monkeypatch.chdir(HOWTO.parents[1])
    scope: dict = {}
    exec(block("controllers.md", "python"), scope)
    flight = scope["flight"]
    assert flight.apogee_pressure_altitude_agl_m == pytest.approx(1800, abs=40) and not flight.control.mishaps
    assert "instead of 2099 m" in capsys.readouterr().out


def test_the_recovery_of_the_how_to(tmp_path):
    """Its parts fly, all four ways down."""
    from test_recovery_doors import written

    from downrange.flight import compile_launch, fly
    from downrange.project import load

    text = (HOWTO / "recovery.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 4
    for lines in blocks:
        inside = "".join(f"  {line}\n" for line in lines.splitlines())[2:]  # under the tube's parts
        flight = fly(compile_launch(load(written(tmp_path, inside.removeprefix("- ")))), interpreted=False)
        assert np.isfinite(flight.figures["landing_sink"])
