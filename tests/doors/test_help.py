"""What `--help` says of each command: an example that reads, whole sentences within 80 columns, and the same words for the same thing."""

import re
import shlex
from pathlib import Path

import click
import pytest

from downrange.cli.examples import EXAMPLES
from downrange.cli.main import main


def every(group: click.Group = main, before: str = "") -> dict[str, click.Command]:
    ctx, out = click.Context(group), {}
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        out |= every(command, f"{before}{name} ") if isinstance(command, click.Group) else {before + name: command}
    return out


COMMANDS = every()
# work that is over at once, or is not work: what is printed, found or asked
QUICK = {
    "new",
    "bench",
    "studio",
    "help",
    "motor find",
    "motor show",
    "track",
    "weather fetch",
    "weather show",
    "completion",
    "schema",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_has_an_example_that_reads(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("forecast", "trial"):
        (tmp_path / folder).mkdir()
    command = COMMANDS[name]
    assert EXAMPLES[name]
    for line in EXAMPLES[name]:
        words = shlex.split(line)
        for word in words:
            if re.fullmatch(r"[\w/]+\.(yaml|csv|ric|ork|json)", word):
                Path(word).touch()
        assert words[: len(name.split())] == name.split() and len(f"    downrange {line}") <= 80
        with command.make_context(name, words[len(name.split()) :]) as ctx:
            assert ctx.params is not None
    text = command.get_help(click.Context(command, info_name=name, terminal_width=80))
    assert "For example:" in text and f"downrange {EXAMPLES[name][0]}" in text
    assert max(map(len, text.splitlines())) <= (80 if name != "completion" else 90)


def test_no_example_is_of_a_command_that_is_not_there():
    assert set(EXAMPLES) == set(COMMANDS)


@pytest.mark.parametrize("name", ["motor", "fair", "log", "notebook", "weather"])
def test_a_family_says_whole_sentences(name):
    family = main.get_command(click.Context(main), name)
    assert isinstance(family, click.Group)
    text = family.get_help(click.Context(family, terminal_width=80))
    assert not re.search(r"\w\.\.\.$", text, re.M)
    assert all(
        " ".join((c.help or "").split("\n\n")[0].split())[:60] in " ".join(text.split())
        for c in family.commands.values()
    )


def test_where_to_write_is_one_word_everywhere():
    """`-o` and `--out`; nowhere one without the other."""
    writers = 0
    for name, command in COMMANDS.items():
        named = {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
        assert ("-o" in named) == ("--out" in named), name
        writers += "-o" in named
    assert writers > 25


def test_timings_wherever_there_is_work():
    without = {n for n, c in COMMANDS.items() if not any("--timings" in p.opts for p in c.params)}
    assert without == QUICK
