"""What a project was before: the commits of git that changed its files, or what was kept of it each time it was saved; and its named variants.

A variant is a launch file beside the launch file, `launch.NAME.yaml`, with its rocket in `rocket.NAME.yaml` where that has a file of its own: the
command line flies it like any other.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from downrange.errors import DownrangeError, InputError, seen
from downrange.flight import fly
from downrange.formats.reading import Folder, parse_json
from downrange.formats.yaml_edit import plain_values, set_value
from downrange.formats.yaml_text import parse_yaml
from downrange.project.manifest import inputs_state
from downrange.project.mapping import Place, project_of

if TYPE_CHECKING:
    from downrange.project.document import Document

__all__ = [
    "Change",
    "Effect",
    "Version",
    "differences",
    "effects",
    "keep",
    "save_variant",
    "said_in",
    "variants_of",
    "versions_of",
]

_MOST = 20  # versions that are shown
_KEPT = 200  # that are kept
_LARGEST = 8_000_000  # bytes of what is kept, and of what git gives
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,39}")
_ROLES = ("launch", "rocket", "site")
_NUMBERS = ("apogee_agl", "static_margin", "min_stability")


@dataclass(frozen=True)
class Version:
    """A state of a project. name: of the commit, or empty. time: ISO 8601. who, words: of the commit. texts: what its files said, by role."""

    name: str
    time: str
    who: str
    words: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Change:
    """A value of the files by its path: what it `was` and what it `is`; empty where it was or is not there."""

    path: str
    was: str
    is_: str


@dataclass(frozen=True)
class Effect:
    """What a version changed of the one before it, and what it flies: apogee (m), margin on the pad and least margin (calibres).

    numbers: by the names of the quantities; NaN in flights that have none. error: why it cannot fly, or empty.
    """

    changes: tuple[Change, ...]
    numbers: Mapping[str, float]
    error: str = ""


def said_in(texts: Mapping[str, str]) -> dict[str, Any]:
    """What files with these texts (by role: launch, rocket, site) say, as plain values: the launch with its rocket and its site in it."""
    read = {role: plain_values(parse_yaml(text, f"{role}.yaml")) for role, text in texts.items()}
    return {**read.pop("launch"), **read}


def differences(before: Mapping[str, Any], after: Mapping[str, Any], place: Place) -> tuple[Change, ...]:
    """The values that differ between two projects, in the words of their files.

    Raises `InputError` where one cannot be read.
    """
    a, b = (inputs_state(project_of(said, place)) for said in (before, after))
    return tuple(Change(k, a.get(k, ""), b.get(k, "")) for k in dict.fromkeys((*a, *b)) if a.get(k) != b.get(k))


def effects(versions: Sequence[Mapping[str, Any] | None], place: Place) -> tuple[Effect, ...]:
    """What each of some versions (what they say, newest first; None where that cannot be read) changed and flies."""
    out: list[Effect] = []
    for k, said in enumerate(versions):
        before = versions[k + 1] if k + 1 < len(versions) else None
        nothing = dict.fromkeys(_NUMBERS, float("nan"))
        if said is None:
            out.append(Effect((), nothing, "its files cannot be read"))
            continue
        try:
            flight = fly(project_of(said, place).launch)
        except DownrangeError as error:
            out.append(Effect((), nothing, getattr(error, "message", str(error))))
            continue
        try:
            changes = () if before is None else differences(before, said, place)
        except DownrangeError:
            changes = ()
        out.append(Effect(changes, {n: float(flight.figures[n]) for n in _NUMBERS}))
    return tuple(out)


def versions_of(document: Document) -> tuple[tuple[Version, ...], bool]:
    """The latest versions of a project, newest first, and whether they are those of git; else what was kept when it was saved."""
    if _in_git(document):
        return _commits(document), True
    path = _store(document)
    return tuple(reversed(_read(path)))[:_MOST], False


def keep(document: Document) -> None:
    """Keep what the files say now, where git does not keep the project and the last that was kept says something else."""
    if _in_git(document):
        return
    path, texts = _store(document), document.texts
    had = list(_read(path))
    if had and had[-1].texts == texts:
        return
    had.append(Version("", datetime.now(UTC).isoformat(timespec="seconds"), "", "", texts))
    while (
        len(text := json.dumps([{"time": v.time, "texts": dict(v.texts)} for v in had[-_KEPT:]])) > _LARGEST
        and len(had) > 1
    ):
        had = had[len(had) // 2 :]
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_suffix(".new")
    made.write_text(text, encoding="utf-8")
    os.replace(made, path)


def variants_of(document: Document) -> dict[str, Path]:
    """The launch files of a project's named variants, by name."""
    stem, suffix, folder = document.path.stem, document.path.suffix, document.path.parent
    found = {
        p.name[len(stem) + 1 : -len(suffix)]: p
        for p in sorted(folder.glob(f"*{suffix}"))
        if p.name.startswith(f"{stem}.")
    }
    return {name: p for name, p in found.items() if _NAME.fullmatch(name) and p.is_file() and not p.is_symlink()}


def save_variant(document: Document, name: str) -> Path:
    """Write what the files say now as the variant `name`, and return its launch file. Raises `InputError` for a name that is no file's or is there."""
    if not _NAME.fullmatch(name):
        raise InputError(f"a variant's name is 1 to 40 letters, digits, spaces, - or _; seen {seen(name, 60)}")
    document.project()  # what does not open is no variant
    target = document.path.with_name(f"{document.path.stem}.{name}{document.path.suffix}")
    texts, written = dict(document.texts), []
    if "rocket" in texts:
        rocket = document.files["rocket"]
        own = rocket.with_name(f"{rocket.stem}.{name}{rocket.suffix}")
        texts["launch"] = set_value(
            texts["launch"], ("rocket",), os.path.relpath(own, document.path.parent).replace(os.sep, "/")
        )
        written.append((own, texts["rocket"]))
    written.append((target, texts["launch"]))
    if there := [p for p, _ in written if p.exists() or p.is_symlink()]:
        raise InputError(f"there is a {seen(there[0].name, 80)} already; choose another name")
    for path, text in written:
        path.write_text(text, encoding="utf-8", newline="\n")
    return target


def _top(document: Document) -> Path:
    return (Folder.of(document.path.parent).top or document.path.parent).resolve()


def _in_git(document: Document) -> bool:
    return (_top(document) / ".git").exists()


def _store(document: Document) -> Path:
    """Where versions are kept. Raises `InputError` where that is a link to elsewhere."""
    top = _top(document)
    below = (
        document.path.resolve().relative_to(top)
        if document.path.resolve().is_relative_to(top)
        else Path(document.path.name)
    )
    path = top / ".downrange" / "history" / ("+".join(below.parts) + ".json")
    if not path.resolve().is_relative_to(top) or path.is_symlink():
        raise InputError("the folder .downrange of this project leads out of it: nothing is kept there")
    return path


def _read(path: Path) -> tuple[Version, ...]:
    """What was kept; nothing where there is no such file. Raises `InputError` for what is no such file."""
    if not path.is_file():
        return ()
    wrong = InputError("this is not the history that a studio keeps; move it away", file=str(path))
    if path.stat().st_size > 2 * _LARGEST:
        raise wrong
    try:
        rows = parse_json(path.read_text(encoding="utf-8"), path)
    except UnicodeDecodeError:
        raise wrong from None
    out = []
    for row in rows if isinstance(rows, list) else [None]:
        texts = row.get("texts") if isinstance(row, dict) else None
        if (
            not isinstance(row, dict)
            or not isinstance(texts, dict)
            or "launch" not in texts
            or not all(k in _ROLES and isinstance(v, str) for k, v in texts.items())
        ):
            raise wrong
        out.append(Version("", str(row.get("time", ""))[:40], "", "", texts))
    return tuple(out)


def _git(folder: Path, *said: str) -> str | None:
    """What git answers, None where it does not; nothing that the repository's own settings name is run, nothing is fetched."""
    env = {
        **os.environ,
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_TERMINAL_PROMPT": "0",
    }
    try:
        run = subprocess.run(
            ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-C", str(folder), *said],
            capture_output=True, timeout=20, check=False, env=env,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return run.stdout.decode("utf-8", "replace") if run.returncode == 0 and len(run.stdout) <= _LARGEST else None


def _commits(document: Document) -> tuple[Version, ...]:
    """The commits that changed the project's files, newest first; none where git is not there."""
    folder, files = document.path.parent, document.files
    names = {role: os.path.relpath(p.resolve(), folder.resolve()).replace(os.sep, "/") for role, p in files.items()}
    listed = _git(
        folder, "rev-list", f"--max-count={_MOST}", "--no-commit-header", "--format=%H%x1f%aI%x1f%an%x1f%s", "HEAD", "--", *names.values()
    )  # fmt: skip
    out = []
    for line in (listed or "").splitlines():
        commit, time, who, words = (line.split("\x1f") + [""] * 4)[:4]
        texts = {
            r: t for r, n in names.items() if (t := _git(folder, "cat-file", "blob", f"{commit}:./{n}")) is not None
        }
        if "launch" in texts:
            out.append(Version(commit[:12], time[:40], who[:80], words[:200], texts))
    return tuple(out)
