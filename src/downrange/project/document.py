"""The files of one project while they are edited: texts that keep their comments, undo and redo, and what others write meanwhile."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from downrange.errors import DownrangeError, InputError, seen
from downrange.formats.reading import Folder
from downrange.formats.yaml_edit import insert_item, move_item, plain_values, remove, set_value
from downrange.formats.yaml_text import parse_yaml
from downrange.project.finding import launch_beside, launch_in
from downrange.project.grains import says_grains
from downrange.project.mapping import Place, project_of
from downrange.project.project import Project
from downrange.project.validating import line_of_key

__all__ = ["Change", "Document", "set_in"]

Role = Literal["launch", "rocket", "site", "motor"]
_STEPS = 1000  # that can be undone
_LARGEST = 2_000_000  # bytes of a file
_FILE_NAME = re.compile(r"[^\x00\n]{1,200}\.[A-Za-z]\w{0,9}")  # of a text that may name one


@dataclass(frozen=True)
class Change:
    """One change of a project. `way`: keys and numbers from the launch file down, like `("rocket", "parts", 1, "length")`.

    `set` gives the place `value` (made where it is not there), `remove` takes it out; `insert` puts `value` into the list at `way` as
    its item `index`, `move` moves its item `index` to `to`.
    """

    kind: Literal["set", "remove", "insert", "move"]
    way: tuple[str | int, ...]
    value: Any = None
    index: int = 0
    to: int = 0

    @classmethod
    def read(cls, said: Any) -> Change:
        """From keys and values, as a page sends them. Raises `InputError` for what is not a change."""
        if not isinstance(said, Mapping) or said.get("kind") not in ("set", "remove", "insert", "move"):
            raise InputError(f"a change has a kind (set, remove, insert, move); seen {seen(said, 80)}")
        way = said.get("way")
        if (
            not isinstance(way, list)
            or not way
            or not all(isinstance(w, str | int) and not isinstance(w, bool) for w in way)
        ):
            raise InputError(f"a change has a way, a list of keys and numbers; seen {seen(way, 80)}")
        numbers = [said.get(k, 0) for k in ("index", "to")]
        if not all(isinstance(n, int) and 0 <= n < 10_000 for n in numbers):
            raise InputError(f"the place in a list is a number from 0; seen {seen(numbers, 80)}")
        return cls(said["kind"], tuple(way), said.get("value"), *numbers)

    def on(self, text: str, way: tuple[str | int, ...]) -> str:
        """A file's text with this change, whose place in the file is `way`."""
        if self.kind == "set":
            return set_value(text, way, self.value)
        if self.kind == "remove":
            return remove(text, way)
        if self.kind == "insert":
            return insert_item(text, way, self.index, self.value)
        return move_item(text, way, self.index, self.to)


def _names_in(said: Any) -> set[str]:
    """The texts in what a project says that look like the name of a file."""
    if isinstance(said, Mapping):
        return {n for v in said.values() for n in _names_in(v)}
    if isinstance(said, list | tuple):
        return {n for v in said for n in _names_in(v)}
    return {said} if isinstance(said, str) and _FILE_NAME.fullmatch(said) else set()


def set_in(said: Any, way: Sequence[str | int], value: Any) -> Any:
    """Plain values with another `value` at a place; what is not on the way there is shared with the old ones.

    Raises `InputError` where the way does not lead there.
    """
    if not way:
        return value
    step, rest = way[0], way[1:]
    if isinstance(said, dict) and isinstance(step, str):
        return {**said, step: set_in(said.get(step, {}), rest, value)}
    if isinstance(said, list) and isinstance(step, int) and 0 <= step < len(said):
        return [set_in(v, rest, value) if k == step else v for k, v in enumerate(said)]
    raise InputError(f"there is no {seen('.'.join(map(str, way)), 120)} here")


@dataclass
class _File:
    """A file of a project: its text now, and as it stands on disk."""

    path: Path
    text: str
    disk: str
    breaks: str = "\n"

    @classmethod
    def read(cls, path: Path) -> _File:
        if not path.is_file():
            raise InputError("no such file", file=str(path))
        if path.stat().st_size > _LARGEST:
            raise InputError(f"larger than {_LARGEST / 1e6:g} MB: this is no project file", file=str(path))
        try:
            raw = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InputError("this is not a text file in UTF-8", file=str(path)) from None
        text = raw.replace("\r\n", "\n")
        return cls(path, text, text, "\r\n" if "\r\n" in raw else "\n")

    def write(self) -> None:
        """Whole or not at all."""
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as f:
                f.write(self.text.replace("\n", self.breaks))
            if self.path.exists():
                os.chmod(name, self.path.stat().st_mode & 0o777)
            os.replace(name, self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        self.disk = self.text


@dataclass
class Document:
    """A project that is being edited. Nothing is written before `save`, which refuses what would not open again."""

    path: Path
    trusted: bool = False
    _files: dict[str, _File] = field(default_factory=dict)
    _past: list[dict[str, str]] = field(default_factory=list)
    _future: list[dict[str, str]] = field(default_factory=list)
    _pending: list[Change] = field(default_factory=list)
    _read_as: tuple[dict[str, str], dict[str, Any]] | None = None

    @classmethod
    def open(cls, path: str | Path, *, trusted: bool = False) -> Document:
        """The project of a launch file, a rocket file or a folder. Raises `InputError` as `open_project` does for what it cannot read."""
        found = launch_in(Path(path))
        found = launch_beside(found, parse_yaml(_File.read(found).text, str(found)))
        made = cls(found.absolute(), trusted)
        made._files = made._read()
        return made

    def _read(self) -> dict[str, _File]:
        files = {"launch": _File.read(self.path)}
        said = parse_yaml(files["launch"].text, str(self.path))
        folder = Folder.of(self.path.parent, self.trusted)
        for role in ("rocket", "site"):
            if isinstance(said.get(role), str):
                files[role] = _File.read(folder.file(said[role], role))
        motor = said.get("motor")
        if isinstance(motor, str) and motor.lower().endswith((".yaml", ".yml")):  # a motor of grains
            files["motor"] = _File.read(folder.file(motor, "motor"))
        return files

    @property
    def files(self) -> dict[str, Path]:
        """The files by what they hold: `launch`; `rocket`, `site`, and the `motor` where it is made of grains, where they have files of their own."""
        return {role: f.path for role, f in self._files.items()}

    @property
    def texts(self) -> dict[str, str]:
        """What the files say now."""
        return {role: f.text for role, f in self._files.items()}

    @property
    def said(self) -> dict[str, Any]:
        """What the project says, as plain values that nobody may change: the launch with its rocket and its site in it."""
        texts = self.texts
        if self._read_as is None or self._read_as[0] != texts:  # reading takes as long as a flight
            read = {r: plain_values(parse_yaml(f.text, str(f.path))) for r, f in self._files.items() if r != "motor"}
            self._read_as = (texts, {**read.pop("launch"), **read})
        return self._read_as[1]

    @property
    def motor_said(self) -> Any:
        """What a motor made of grains says, in its own file or in the launch's, as plain values; None where there is none."""
        if (file := self._files.get("motor")) is not None:
            return plain_values(parse_yaml(file.text, str(file.path)))
        motor = self.said.get("motor")
        return motor if says_grains(motor) else None

    @property
    def place(self) -> Place:
        """What the paths in it are relative to."""
        site = self._files.get("site", self._files["launch"])
        return Place(self.path, site.path, trusted=self.trusted, rocket_path=self.files.get("rocket"))

    @property
    def unsaved(self) -> bool:
        """Whether the texts differ from what was read or written last."""
        return any(f.text != f.disk for f in self._files.values())

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether a step that was taken back can be taken again."""
        return bool(self._future)

    def project(self) -> Project:
        """The project as it stands. Raises `InputError` with file, line and key."""
        if (motor := self._files.get("motor")) is not None and motor.text != motor.disk:
            from downrange.project.motors import grain_motor_said

            grain_motor_said(parse_yaml(motor.text, motor.path.name), motor.path, trusted=self.trusted)
        try:
            return project_of(self.said, self.place)
        except InputError as error:
            raise self._placed(error) from None

    def _placed(self, error: InputError) -> InputError:
        """An error about a key with the file and the line where that stands."""
        role, key = "launch", error.key or ""
        for name in ("rocket", "site"):
            if name in self._files and (key.startswith(f"{name}.") or error.file == str(self._files[name].path)):
                role, key = name, key.removeprefix(f"{name}.")
        if error.line is not None or not key:
            return error
        file = self._files[role]
        line = line_of_key(parse_yaml(file.text, str(file.path)), key)
        return type(error)(error.message, file=error.file or file.path.name, line=line, key=error.key)

    def _where(self, way: tuple[str | int, ...]) -> tuple[_File, tuple[str | int, ...]]:
        role = str(way[0])
        if role in ("rocket", "site", "motor") and role in self._files and len(way) > 1:
            return self._files[role], way[1:]
        return self._files["launch"], way

    def edit(self, changes: Sequence[Change]) -> None:
        """Make changes, as one step that can be undone; none is made where one cannot be."""
        before = self.texts
        try:
            for c in changes:
                file, way = self._where(c.way)
                file.text = c.on(file.text, way)
        except DownrangeError:
            self._put(before)
            raise
        if self.texts != before:
            self._past = [*self._past[-_STEPS:], before]
            self._future = []
            self._pending.extend(changes)

    def undo(self) -> None:
        """Take the last step back."""
        self._step(self._past, self._future)

    def redo(self) -> None:
        """Take again the step that was taken back last."""
        self._step(self._future, self._past)

    def _step(self, source: list[dict[str, str]], target: list[dict[str, str]]) -> None:
        if source:
            target.append(self.texts)
            self._put(source.pop())
            self._pending = []

    def _put(self, texts: Mapping[str, str]) -> None:
        for role, text in texts.items():
            if role in self._files:
                self._files[role].text = text

    def save(self) -> None:
        """Write what changed. Raises `InputError` for what would not open again, and where a file was changed by somebody else."""
        self.project()
        if changed := self.changed_outside():
            names = ", ".join(self._files[r].path.name for r in changed)
            raise InputError(f"{names} was changed by another program meanwhile: take its version, or keep yours")
        for f in self._files.values():
            if f.text != f.disk:
                f.write()
        self._pending = []

    def changed_outside(self) -> tuple[str, ...]:
        """The files that another program wrote since they were read or written here."""
        return tuple(r for r, f in self._files.items() if f.path.is_file() and _File.read(f.path).text != f.disk)

    def stamps(self) -> dict[str, tuple[int, int]]:
        """When the other files that the project names (motors, weather, shapes) were written, ns, and how many bytes they have; zeros where there is none."""
        own = {f.path.resolve() for f in self._files.values()}
        folders = {f.path.parent.resolve() for f in self._files.values()}
        found: dict[str, tuple[int, int]] = {}
        for name in sorted(_names_in([self.said, self.motor_said])):
            paths = {(folder / name).resolve() for folder in folders} - own
            inside = [p for p in paths if self.trusted or any(p.is_relative_to(f) for f in folders)]
            there = [p.stat() for p in inside if p.is_file()]
            found[name] = (max((s.st_mtime_ns for s in there), default=0), sum(s.st_size for s in there))
        return found

    def merge(self) -> bool:
        """Take what other programs wrote, with the changes not saved yet made again on top; False, and nothing done, where they do not fit.

        Raises `InputError` where a file on disk cannot be read as it is.
        """
        changed = self.changed_outside()
        if not changed:
            return True
        named = self._read()
        read = {r: named[r] for r in changed if r in named and named[r].path == self._files[r].path}
        for f in read.values():
            parse_yaml(f.text, f.path.name)
        before, kept = self.texts, {r: f.disk for r, f in self._files.items()}
        for r, f in read.items():
            self._files[r].text = self._files[r].disk = f.text
        try:
            for c in self._pending:
                file, way = self._where(c.way)
                file.text = c.on(file.text, way)
        except DownrangeError:
            for r, f in self._files.items():
                f.text, f.disk = before[r], kept[r]
            return False
        for r in {*named, *self._files}:  # another file of that part may be named now, or none
            if r not in named:
                del self._files[r]
            elif r not in self._files or self._files[r].path != named[r].path:
                self._files[r] = named[r]
        self._past, self._future = [*self._past[-_STEPS:], before], []
        return True

    def keep_mine(self) -> None:
        """What other programs wrote will be overwritten by the next `save`."""
        for r in self.changed_outside():
            self._files[r].disk = _File.read(self._files[r].path).text

    def take_theirs(self) -> None:
        """What other programs wrote, without the changes that were not saved."""
        before = self.texts
        self._files = self._read()
        self._past, self._future, self._pending = [*self._past[-_STEPS:], before], [], []
