"""`downrange new` with its starters, and what shells complete; bash is asked for real."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from ruamel.yaml import YAML

from downrange.project.keys import keys
from downrange.project.starters import TEMPLATES

BASH = shutil.which("bash")


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_starter_is_fit_to_fly_as_it_is(template, tmp_path, call):
    """No warning at all; the competition's flies to 3,000 m as its comment says."""
    assert call("new", tmp_path / "x", "--template", template)[0] == 0
    code, out, _ = call("check", tmp_path / "x", "--json")
    made = json.loads(out)
    assert code == 0 and made["fit_to_fly"] and made["warnings"] == [] and made["assumed"] == []
    flown = json.loads(call("fly", tmp_path / "x", "--json")[1])
    low, high = {"kit": (200, 450), "two-stage": (500, 800), "54mm": (1000, 2500), "98mm": (2850, 3150)}[template]
    assert low < flown["apogee_agl_m"] < high and flown["result"] == "landed"
    assert len(flown["bodies"]) == (1 if template == "kit" else 2)  # the booster of two stages lands by itself
    from downrange.project import open_project

    uncertain = open_project(tmp_path / "x").uncertain
    assert "weather.wind.from_direction" in uncertain  # nobody knows the wind's direction to the degree


def test_new_asks_on_a_terminal(tmp_path, call, monkeypatch):
    monkeypatch.setattr("downrange.cli.new._terminal", lambda: True)
    for answer, motor in (("3", "I284W"), ("2", "C6-7"), ("98mm", "L850W"), ("", "C6")):
        asked = []
        monkeypatch.setattr(
            "click.termui.visible_prompt_func", lambda text, a=answer, seen=asked: seen.append(text) or a
        )
        code, out, _ = call("new", tmp_path / f"r{motor}")
        assert code == 0 and asked and "What is to be flown?" in out
        assert motor in (tmp_path / f"r{motor}" / "launch.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["Genesis", "My Rocket", "yes", "1e3", "a: b", "x # y", "- dash", "{a}", "it's", 'say "hi"', "Ümläut 日本", "null", "0o17", "[x", "*a", "&b", "!t", "%p", "@q", "2026-01-01"]
)  # fmt: skip
def test_any_name_of_a_folder_is_the_rockets_name(name, tmp_path, call):
    if os.name == "nt" and set(name) & set('":*'):
        pytest.skip("not a name of a folder here")
    assert call("new", tmp_path / name)[0] == 0
    data = YAML(typ="safe").load((tmp_path / name / "rocket.yaml").read_text(encoding="utf-8"))
    assert data["name"] == name and isinstance(data["name"], str)
    assert json.loads(call("fly", tmp_path / name, "--json")[1])["rocket"] == name


@pytest.mark.skipif(BASH is None, reason="no bash here")
def test_bash_completes_commands_options_motors_topics_and_keys(tmp_path):
    here = tmp_path / "bin"
    here.mkdir()
    program = here / "downrange"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m downrange.cli.main "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    asked = [
        ("ex", "explain"),
        ("explain ap", "apogee"),
        ("fly --mot", "--motor"),
        ("fly --motor C6-", "C6-5"),
        ("help swe", "sweep"),
        ("new x --template 5", "54mm"),
    ]
    script = 'source <(downrange completion bash)\nt() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _downrange_completion downrange; echo "${COMPREPLY[*]}"; }\n'
    script += "".join(f"t downrange {words}\n" for words, _ in asked)
    done = subprocess.run(
        [BASH, "-c", script], capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PATH": f"{here}{os.pathsep}{os.environ['PATH']}"}
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert done.stderr == "" and len(lines) == len(asked)
    for line, (words, right) in zip(lines, asked, strict=True):
        assert right in line.split(), (words, line)


def test_other_shells_and_powershell_by_its_own_words(call, monkeypatch):
    for shell, mark in (
        ("zsh", "#compdef downrange"),
        ("fish", "complete --no-files --command downrange"),
        ("powershell", "Register-ArgumentCompleter"),
    ):
        code, out, _ = call("completion", shell)
        assert code == 0 and mark in out and out.rstrip().splitlines()[-1].startswith("# ")
    assert call("completion", "tcsh")[0] == 2
    for line, begun, right in (
        ("downrange explain ma", "ma", "margin"),
        ("downrange fly --motor 'I28", "'I28", None),
        ("downrange ", "", "fly"),
    ):
        monkeypatch.setenv("_DOWNRANGE_COMPLETE", "powershell_complete")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_INCOMPLETE", begun)
        code, out, _ = call()
        assert code == 0 and (right is None or right in [x.split("\t")[0] for x in out.splitlines()])


def test_keys_are_those_of_the_schema(call):
    known = keys()
    assert {k.where for k in known["from"]} == {"launch.yaml, weather.wind", "launch.yaml, weather.wind.layers"}
    assert known["sweep"][0].where == "trapezoidal fins" and known["sweep"][0].kind.startswith("length")
    assert "from_direction" not in known and {"elevation", "azimuth", "ceiling", "people", "altitude"} <= set(known)
    code, out, _ = call("help", "sweep")
    assert code == 0 and "how far the tip's leading edge lies aft" in " ".join(out.split())
    assert call("help", "swep")[0] == 2
