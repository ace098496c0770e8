"""Where to a command writes is looked at before the work: a name that cannot be written ends it before any file is read."""

import click
import pytest

from downrange.cli.main import COMMANDS, main

NOTHING = "nothing.yaml"  # a launch that is not there: what names --out came before it was opened
FILES = [
    (("aero", NOTHING), ".png"), (("card", NOTHING), ".pdf"), (("checklist", NOTHING), ".html"), (("compare", NOTHING, "--motor", "C6"), ".png"),
    (("compare", NOTHING, "--motors", "18 mm"), ".csv"), (("diagnose", NOTHING, "log.csv"), ".html"), (("export", NOTHING), ".ork"),
    (("learn", NOTHING), ".html"), (("loads", NOTHING), ".svg"), (("log", "show", "log.csv"), ".csv"), (("motor", "show", "no such"), ".png"),
    (("motor", "simulate", "no.yaml"), ".eng"), (("motor", "design", "no.yaml"), ".ric"), (("motor", "engine", "no.yaml"), ".rse"),
    (("motor", "reduce", "no.csv"), ".eng"), (("notebook", "show", NOTHING), ".pdf"), (("optimise", NOTHING, "goals.yaml"), ".png"),
    (("report", NOTHING), ".pdf"), (("solve", NOTHING, "--want", "apogee 1 m", "--by", "ballast 0..1 g"), ".png"),
    (("sweep", NOTHING, "fins.span=1..2mm/2"), ".csv"), (("weather", "fetch", NOTHING), ".json"), (("window", NOTHING, "--weather", "."), ".png"),
]  # fmt: skip
FOLDERS = [
    ("disperse", NOTHING), ("find", NOTHING, "--last-fix", "0,0"), ("fly", NOTHING), ("lesson", "why-fins"), ("log", "reconstruct", "log.csv"), ("plot", NOTHING), ("workshop", NOTHING),
    ("import", "no.ork"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "suffix"), FILES, ids=lambda w: " ".join(w[:2]) if isinstance(w, tuple) else "")
def test_a_file_that_cannot_be_written_is_refused_before_the_work(words, suffix, call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"taken{suffix}").mkdir()
    for out, said in (("x.xyz", "x.xyz"), (f"nowhere/x{suffix}", "no folder"), (f"taken{suffix}", "folder|directory")):
        code, _, err = call(*words, "--out", out)
        assert code == 2, (out, err)
        assert "--out" in err and any(s in err for s in said.split("|")), (out, err)
    assert [p.name for p in tmp_path.iterdir()] == [f"taken{suffix}"]


@pytest.mark.parametrize("words", FOLDERS, ids=lambda w: " ".join(w[:2]))
def test_a_folder_is_not_called_like_a_file(words, call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = call(*words, "--out", "flight.png")
    assert code == 2 and "[--out]" in err and "leave .png out" in err, err
    assert not list(tmp_path.iterdir())


def test_a_table_is_not_promised_where_a_figure_is_drawn(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in (
        ("optimise", NOTHING, "goals.yaml"),
        ("solve", NOTHING, "--want", "apogee 1 m", "--by", "ballast 0..1 g"),
    ):
        code, _, err = call(*words, "--out", "x.csv")
        assert code == 2 and "wrote" not in err and ".pdf" in err, err


def _with_out(command: click.Command, path: tuple[str, ...]) -> set[tuple[str, ...]]:
    if isinstance(command, click.Group):
        return set().union(*(_with_out(c, (*path, n)) for n, c in command.commands.items()))
    return {path} if any("--out" in p.opts for p in command.params) else set()


def test_every_command_that_writes_is_among_these():
    """A new one is added above, or here with the reason."""
    with click.Context(main) as ctx:
        found = set().union(*(_with_out(main.get_command(ctx, n), (n,)) for n in COMMANDS))
    tried = {w[:k] for w, *_ in [*FILES, *((f,) for f in FOLDERS)] for k in (1, 2)}
    assert {p for p in found if p not in tried} <= {
        ("fair", "plan"),
        ("fair", "analyse"),  # a folder or a file: fair_out looks at it
        ("predict", "board"),  # may be said several times, each a file or a folder: the command looks at all before it begins
    }
