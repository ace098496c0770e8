"""The lab notebook: what was designed, predicted, flown and reported, noted by itself once a project has a folder `notebook`.

A note is a file of its own (so that a team's notes merge): who, when, what, the design by its hash and what changed of it, the numbers,
and hashes of the files read. Each names the `check` of the one before it and carries a hash of itself, so that a note that was changed
or is missing shows. Who holds all the files can write them all anew: to prove that a prediction was made before a flight, give the newest
`check` to somebody else at the time. People add Markdown files and pictures.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from downrange.errors import InputError, seen
from downrange.formats.reading import guarded, parse_json, read_bytes
from downrange.text import plain

if TYPE_CHECKING:
    from downrange.project.project import Project

__all__ = [
    "FOLDER",
    "Note",
    "Page",
    "Trial",
    "add_page",
    "begin",
    "design_hash",
    "design_state",
    "notes_of",
    "numbers_in",
    "pages_of",
    "problems_of",
    "record",
    "trials_of",
]

FOLDER = "notebook"
_FORMAT = 1
_LARGEST = 5_000_000  # bytes of a note
_MOST = 20_000  # notes that are read
_NUMBERS = 200  # that a note keeps
_NOT_DESIGN = (
    "site.", "launch.name", "launch.units", "launch.weather", "launch.conditions", "launch.rules", "launch.modes", "launch.uncertainty", "launch.rail",
    "weather", "rules: ", "ground.", "terrain", "command line.wind", "command line.elevation", "command line.azimuth", "command line.notes",
)  # fmt: skip


@dataclass(frozen=True)
class Note:
    """A note: its file, when (UTC), who, what happened, of which design, its `numbers` (SI, by key), what `changed` (path: was, is), and what was asked
    in `words`."""

    file: str
    time: datetime
    who: str
    what: str
    rocket: str
    design: str
    numbers: Mapping[str, float | None]
    changed: Mapping[str, tuple[str, str]]
    inputs: Mapping[str, str]
    files: Mapping[str, str]
    before: str
    check: str
    words: str = ""


@dataclass(frozen=True)
class Page:
    """A page that somebody wrote: its file, its day and title, by its name `2026-06-21 First flight.md`."""

    path: Path
    day: str
    title: str


@dataclass(frozen=True)
class Trial:
    """A flight that was logged, with the last prediction of the same rocket noted before it (None: there was none).

    `same`: whether that was of the same design. Numbers in SI by key.
    """

    flown: Note
    predicted: Note | None
    same: bool = field(default=False)


def _digest(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def design_state(project: Project) -> dict[str, str]:
    """What a design is, by path: rocket, motor, recovery and aerodynamics; not the place, the day, the rail or what judges them."""
    from downrange.project.manifest import inputs_state

    return {k: v for k, v in inputs_state(project).items() if not k.startswith(_NOT_DESIGN)}


def design_hash(project: Project) -> str:
    """A `d` (so that YAML takes it for a word) and eleven hexadecimal digits that stay the same as long as the design does (`design_state`)."""
    return "d" + _digest(design_state(project))[:11]


def folder_of(project: Project) -> Path:
    """Where the notebook of a project lies, or would."""
    return project.path.absolute().parent / FOLDER


def begin(project: Project) -> Path:
    """Make the notebook's folder; from then on commands note by themselves. Returns it."""
    folder = folder_of(project)
    folder.mkdir(exist_ok=True)
    record(project, "designed")
    return folder


def _who() -> str:
    try:
        return (os.environ.get("DOWNRANGE_WHO") or getpass.getuser())[:80]
    except (KeyError, OSError):  # a user without an entry
        return "unknown"


@guarded("a note of the notebook")
def _read(path: Path) -> Note:
    data = parse_json(read_bytes(path, _LARGEST).decode("utf-8", "replace"), path)
    if not isinstance(data, dict) or data.get("format") != _FORMAT:
        raise InputError("this is no note of a notebook", file=str(path))
    check = data.pop("check", None)
    if check != _digest(data):
        raise InputError("this note was changed after it was written", file=str(path))
    changed = {k: (str(a), str(b)) for k, (a, b) in data["changed"].items()}
    return Note(
        path.name, datetime.fromisoformat(data["time"]), data["who"], data["what"], data["rocket"], data["design"], data["numbers"], changed,
        data["inputs"], data["files"], data["before"], check, data.get("words", ""),
    )  # fmt: skip


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*.json") if p.is_file())[:_MOST]


def notes_of(project: Project) -> tuple[Note, ...]:
    """The notes of a project's notebook in the order of their time; none where it has no notebook. What cannot be believed is left out (`problems_of`)."""
    out = []
    for path in _files(folder_of(project)):
        try:
            out.append(_read(path))
        except InputError:
            continue
    return tuple(sorted(out, key=lambda n: (n.time, n.file)))


def problems_of(project: Project) -> tuple[str, ...]:
    """What is wrong with a notebook: notes that were changed, and notes that name one that is not there."""
    out, known = [], set[str]()
    for path in _files(folder_of(project)):
        try:
            known.add(_read(path).check)
        except InputError as error:
            out.append(f"{path.name}: {error.message}")
    out += [f"{n.file}: the note before it is missing" for n in notes_of(project) if n.before and n.before not in known]
    if sum(not n.before for n in notes_of(project)) > 1:
        out.append("more than one note is the first: notes between them are missing")
    return tuple(out)


def numbers_in(summary: Mapping[str, Any], within: str = "") -> dict[str, float]:
    """The finite numbers of a summary by their keys, those of what it holds as `outer.inner`; lists, words and what did not happen are left out.

    >>> numbers_in({"apogee_agl_m": 210, "best": {"ballast_kg": 0.02}, "landed": True, "modes": [1, 2], "delay_s": None})
    {'apogee_agl_m': 210.0, 'best.ballast_kg': 0.02}
    """
    out: dict[str, float] = {}
    for key, value in summary.items():
        if isinstance(value, Mapping):
            out |= numbers_in(value, f"{within}{key}.")
        elif isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            out[f"{within}{key}"] = float(value)
    return out


def record(
    project: Project,
    what: str,
    numbers: Mapping[str, Any] | None = None,
    files: Sequence[str | Path] = (),
    words: str = "",
) -> Path | None:
    """Note something, where the project has a notebook; a design that changed is noted before it. Returns the note's file, None where nothing was new.

    what: `designed`, `predicted`, `flown`, `reported`, `dispersed`, `learned`, ...: what was done. numbers: SI by key; what is no number is
    left out. files: that were read. words: what was asked.
    """
    folder = folder_of(project)
    if not folder.is_dir():
        return None
    notes = notes_of(project)
    state, design = design_state(project), design_hash(project)
    name = project.launch.rocket.name
    last = next((n for n in reversed(notes) if n.what == "designed" and n.rocket == name), None)
    base = {"format": _FORMAT, "who": _who(), "rocket": name, "design": design, "downrange": version("downrange")}
    before, written = notes[-1].check if notes else "", None
    if last is None or last.design != design:
        was = {} if last is None else last.inputs
        changed = {} if last is None else {
            k: [was.get(k, "not there"), state.get(k, "not there")] for k in sorted({*was, *state}) if was.get(k) != state.get(k)
        }  # fmt: skip
        written, before = _write(
            folder,
            base
            | {"what": "designed", "numbers": {}, "files": {}, "inputs": state, "changed": changed, "before": before},
        )
    if what == "designed":
        return written
    said = dict(list(numbers_in(numbers or {}).items())[:_NUMBERS])
    words = plain(words, 300)
    from downrange.project.manifest import file_hash

    hashes = {Path(f).name: file_hash(Path(f)) for f in files}
    same = next((n for n in reversed(notes) if n.what == what and n.design == design), None)
    if same is not None and written is None and (same.numbers, same.files, same.words) == (said, hashes, words):
        return None
    made = {"what": what, "numbers": said, "files": hashes, "inputs": {}, "changed": {}, "before": before}
    return _write(folder, base | made | ({"words": words} if words else {}))[0]


def _write(folder: Path, data: dict[str, Any]) -> tuple[Path, str]:
    """Write a note, whole, under a name that no other has."""
    now = datetime.now(UTC)
    data = data | {"time": now.isoformat(timespec="microseconds")}
    check = _digest(data)
    path = folder / f"{now:%Y%m%dT%H%M%S%f}-{data['what']}-{check[:8]}.json"
    made = path.with_suffix(".tmp")
    made.write_text(json.dumps(data | {"check": check}, indent=1), encoding="utf-8")
    os.replace(made, path)
    return path, check


def pages_of(project: Project) -> tuple[Page, ...]:
    """The pages that people wrote, by their day."""
    out = []
    for path in sorted(folder_of(project).glob("*.md"))[:_MOST]:
        m = re.fullmatch(r"(\d{4}-\d\d-\d\d)\s+(.+)", path.stem)
        out.append(Page(path, m[1] if m else "", m[2] if m else path.stem))
    return tuple(out)


def add_page(project: Project, title: str, text: str, pictures: Sequence[Path] = ()) -> Path:
    """Add a page of today with a text and pictures, which are copied into the notebook; returns its file.

    title: what the page is called. Raises `InputError` without a notebook, and where the page is there already.
    """
    folder = folder_of(project)
    if not folder.is_dir():
        raise InputError("this project has no notebook yet; downrange notebook begin starts one")
    plain = " ".join(re.sub(r"[^\w .,()+-]+", " ", title).split()).strip(" .")[:80]
    if not plain:
        raise InputError(f"a page needs a title of letters; seen {seen(title, 60)}", key="title")
    path = folder / f"{datetime.now(UTC):%Y-%m-%d} {plain}.md"
    if path.exists():
        raise InputError(
            f"there is a page {path.name!r} of today already; write in it, or use another title", key="title"
        )
    lines = [f"# {title}", "", text.strip(), ""]
    shown = folder / "pictures"
    for p in pictures:
        data = read_bytes(p, 20_000_000)
        shown.mkdir(exist_ok=True)
        copy = shown / f"{hashlib.sha256(data).hexdigest()[:10]}{p.suffix.lower()}"
        copy.write_bytes(data)
        shows = re.sub(r"[^\w ]+", " ", p.stem).strip() or "a picture"
        lines += [f"![{shows}](pictures/{copy.name})", ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def trials_of(project: Project) -> tuple[Trial, ...]:
    """The flights of the notebook, each with the last prediction that was noted before it: of the same design where there is one."""
    notes = notes_of(project)
    out = []
    for k, n in enumerate(notes):
        if n.what != "flown":
            continue
        earlier = [p for p in notes[:k] if p.what == "predicted" and p.rocket == n.rocket]
        own = [p for p in earlier if p.design == n.design]
        found = own or earlier
        out.append(Trial(n, found[-1] if found else None, bool(own)))
    return tuple(out)
