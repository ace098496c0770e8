"""What a shell may complete: motors, topics, words and keys, rule packs, launch files. Read only when a shell asks."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import BashComplete, CompletionItem, ShellComplete, add_completion_class

__all__ = ["KIND", "MILESTONE", "MOTOR", "PACK", "PowerShellComplete", "QuickBash", "TOPIC", "WORD"]

_MOST = 60  # offered at once


if TYPE_CHECKING:
    _Type = click.ParamType[str]
else:
    _Type = click.ParamType  # takes no argument before click 8.4


class Known(_Type):
    """Text of which some is known: completed, and not checked here."""

    name = "text"

    def __init__(self, known: Callable[[str], Iterable[tuple[str, str]]]) -> None:
        self.known = known

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        found = [
            CompletionItem(v, help=h or None)
            for v, h in self.known(incomplete)
            if v.lower().startswith(incomplete.lower())
        ]
        return found[:_MOST]


def _motors(start: str) -> Iterable[tuple[str, str]]:
    """Motors in production by common name, with the delays that are sold; files stay what a shell completes by itself."""
    from downrange.motor import catalogue_entries

    if not start:
        return [(f"{c}", "class") for c in "ABCDEFGHIJKLM"]
    seen: dict[str, str] = {}
    for e in catalogue_entries():
        if not e["available"] or "time_s" not in e:
            continue
        names = {e["name"], e["designation"]} | {f"{e['name']}-{d:g}" for d in e.get("delays_s", ())}
        seen.update({n: f"{e['maker_short']}, {e['diameter_m'] * 1e3:g} mm" for n in names if " " not in n})
    return sorted(seen.items())


def _topics(start: str) -> Iterable[tuple[str, str]]:
    from downrange.report.explain import TOPICS

    return [(n, t.words) for n, t in TOPICS.items()]


def _words(start: str) -> Iterable[tuple[str, str]]:
    from downrange.project.keys import keys
    from downrange.report.words import words

    return [(w.slug, w.first) for w in words().values()] + [(k, found[0].meaning) for k, found in keys().items()]


def _packs(start: str) -> Iterable[tuple[str, str]]:
    from downrange.project.rules import pack_names

    return [(n, "") for n in pack_names()]


def _kinds(start: str) -> Iterable[tuple[str, str]]:
    from downrange.report.composing import kind_names, read_kind

    return [(n, read_kind(n).file.about) for n in kind_names()]


def _milestones(start: str) -> Iterable[tuple[str, str]]:
    from downrange.report.composing import kind_names, read_kind

    return [(m, n) for n in kind_names() for m in read_kind(n).file.milestones]


MOTOR, TOPIC, WORD, PACK, KIND = Known(_motors), Known(_topics), Known(_words), Known(_packs), Known(_kinds)
MILESTONE = Known(_milestones)


class QuickBash(BashComplete):
    """Bash, without starting another one to ask its version: from 4.4 on it works, and older ones say so themselves."""

    @staticmethod
    def _check_version() -> None:
        pass


class PowerShellComplete(ShellComplete):
    """PowerShell, on Windows and elsewhere."""

    name = "powershell"
    source_template = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $env:COMP_WORDS = $commandAst.ToString()
    $env:COMP_INCOMPLETE = $wordToComplete
    $env:%(complete_var)s = "powershell_complete"
    try {
        %(prog_name)s | ForEach-Object {
            $value, $help = $_ -split "`t", 2
            if (-not $help) { $help = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, "ParameterValue", $help)
        }
    } finally {
        Remove-Item Env:COMP_WORDS, Env:COMP_INCOMPLETE, Env:%(complete_var)s
    }
}
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is being written, and that one."""
        line = os.environ["COMP_WORDS"]
        try:
            words = shlex.split(line)[1:]
        except ValueError:  # a quotation mark that is still open
            words = line.split()[1:]
        begun = os.environ.get("COMP_INCOMPLETE", "")
        return (words[:-1] if begun and words and words[-1] == begun else words), begun

    def format_completion(self, item: CompletionItem) -> str:
        """A value and, behind a tab, its help."""
        return f"{item.value}\t{item.help or ''}"


def register() -> dict[str, Any]:
    """Make the shells known to click; a name to its class."""
    add_completion_class(QuickBash)
    add_completion_class(PowerShellComplete)
    return {"bash": QuickBash, "powershell": PowerShellComplete}
