"""Reading what others wrote: where a file may lie, how large and deep it may be, and one guard for all readers.

A reader checks structure itself, so that its messages say what to do; `reading` is the net beneath it: whatever a
library throws becomes one `InputError` with the file. Files are untrusted: see `Folder` for where they may lie.
"""

from __future__ import annotations

import functools
import json
import re
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from downrange.errors import DownrangeError, InputError, NotFoundError, seen, suggest

__all__ = ["Folder", "guarded", "parse_json", "parse_xml", "read_bytes", "reading"]

P = ParamSpec("P")
T = TypeVar("T")
_DEPTH = 40  # levels of JSON or XML; no format that is read here needs more than 12
_ELEMENTS = 200_000  # of XML
_MARKS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{\]}]', re.DOTALL)


@contextmanager
def reading(path: str | Path, what: str, *, quiet: bool = False) -> Iterator[None]:
    """Turn whatever is thrown while `what` (like "a GeoJSON file") is read from `path` into one `InputError`.

    Errors of the package pass, with the file where they have none; `MemoryError` and `KeyboardInterrupt` pass.
    `quiet` keeps warnings of libraries about the file's content from the caller.
    """
    try:
        with warnings.catch_warnings() if quiet else nullcontext():
            if quiet:
                warnings.simplefilter("ignore")
            yield
    except DownrangeError as error:
        of_a_flag = isinstance(error, InputError) and (error.key or "").startswith("--")
        if isinstance(error, InputError) and error.file is None and not of_a_flag:
            error.file = str(path)
        raise
    except MemoryError:
        raise
    except RecursionError:
        raise InputError(f"this is nested too deeply for {what}", file=str(path)) from None
    except OSError as error:
        why = error.strerror or seen(str(error), 120)
        raise InputError(f"cannot be read as {what}: {why}", file=str(path)) from None
    except Exception as error:
        why = f"{type(error).__name__}: {seen(str(error), 120)}"
        raise InputError(f"cannot be read as {what} ({why})", file=str(path)) from None


def guarded(what: str, *, quiet: bool = False) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """`reading` about a whole function whose first argument is the path."""

    def wrap(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def reader(*args: P.args, **kwargs: P.kwargs) -> T:
            path = args[0] if args else next(iter(kwargs.values()))
            with reading(path, what, quiet=quiet):  # type: ignore[arg-type]
                return function(*args, **kwargs)

        return reader

    return wrap


@dataclass(frozen=True)
class Folder:
    """The folder that paths in a file are relative to, and the `top` that they may not leave (the same where None).

    A path may go down from the file's own folder, and up to the top of its project (`Folder.of`); links are followed
    before that is judged. `trusted` lifts it. `opened` notes every path that was asked for, with the key that named it
    and its name there: the files that a result depends on.
    """

    root: Path
    trusted: bool
    opened: set[tuple[str, str, Path]] = field(default_factory=set, compare=False, repr=False)
    top: Path | None = None

    @classmethod
    def of(cls, root: Path, trusted: bool = False) -> Folder:
        """The folder of a project file. The project reaches up to the nearest folder that holds `.git` or
        `.downrange`, below the home folder; without one it is the file's own folder."""
        here, home = root.resolve(), Path.home().resolve() if _has_home() else None
        for folder in (here, *here.parents):
            if folder == home or folder == folder.parent:
                break
            if (folder / ".git").exists() or (folder / ".downrange").exists():
                return cls(root, trusted, top=folder)
        return cls(root, trusted, top=here)

    def within(self, root: Path) -> Folder:
        """Another folder of the same project."""
        return Folder(root, self.trusted, self.opened, self.top or self.root)

    def file(self, name: str, key: str, *, folders: bool = False) -> Path:
        """The path of a file (or of a folder too, where `folders`) that exists; raises `InputError` outside the project."""
        try:
            path = (self.root / name).resolve()
            here = path.is_file() or (folders and path.is_dir())
        except (OSError, ValueError, RuntimeError):  # too long, a null character, a loop of links
            raise NotFoundError(f"{seen(name)} cannot be the name of a file", key=key) from None
        self._inside(path, name, key)
        if not here:
            near = suggest(path.name, [p.name for p in path.parent.glob("*")] if path.parent.is_dir() else [])
            raise NotFoundError(f"no such file {seen(name)}{near}", key=key)
        for inner in path.rglob("*") if path.is_dir() else ():
            if inner.is_symlink():
                self._inside(inner.resolve(), str(inner.relative_to(path)), key)
        self.opened.add((key, name, path))
        return path

    def _inside(self, path: Path, name: str, key: str) -> None:
        top = (self.top or self.root).resolve()
        if not self.trusted and not path.is_relative_to(top):
            raise InputError(
                f"the path {seen(name)} leaves the project folder {top.name!r}; move the file in, or say that you trust this "
                "file (--trust)", key=key,
            )  # fmt: skip


def _has_home() -> bool:
    try:
        return bool(Path.home())
    except RuntimeError:  # a user without an entry and without HOME
        return False


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a file; raises `InputError` where it is not there or has more than `limit`."""
    if path.is_dir():
        raise InputError("this is a folder; name a file in it", file=str(path))
    if not path.is_file():
        near = suggest(path.name, [p.name for p in path.parent.glob("*")] if path.parent.is_dir() else [])
        raise NotFoundError(f"no such file{near}", file=str(path))
    if (size := path.stat().st_size) > limit:
        raise InputError(f"{size / 1e6:,.0f} MB is too large (limit {limit / 1e6:,.0f} MB)", file=str(path))
    return path.read_bytes()


def parse_json(text: str, path: Path) -> Any:
    """JSON as RFC 8259 has it: no NaN or Infinity, no number that is not finite, at most 40 levels deep. Raises `InputError` for anything else."""

    def number(word: str) -> float:
        value = float(word[:400])
        if not abs(value) < 1e300:
            raise InputError(f"a number is out of range: {seen(word, 60)}", file=str(path))
        return value

    def integer(word: str) -> int | float:
        return int(word) if len(word) < 300 else number(word)

    def constant(word: str) -> float:
        raise InputError(f"{word} is not a number in JSON", file=str(path))

    if (deep := _depth(text)) > _DEPTH:
        raise InputError(f"nested too deeply: {deep} levels, at most {_DEPTH}", file=str(path))
    try:
        return json.loads(text, parse_float=number, parse_int=integer, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise InputError(f"not valid JSON: {error.msg}", file=str(path), line=error.lineno) from None


def _depth(text: str) -> int:
    """The deepest nesting of brackets outside strings. Linear: the pattern matches an unfinished string too."""
    if text.count("[") + text.count("{") <= _DEPTH:
        return 0
    deep = most = 0
    for mark in _MARKS.finditer(text):
        if (c := mark.group()) in "[{":
            deep += 1
            most = max(most, deep)
        elif c in "]}":
            deep -= 1
    return most


class _Builder(ET.TreeBuilder):
    """Refuses document types (and so entities), depth, and more elements than any real file has."""

    def __init__(self) -> None:
        super().__init__()
        self.deep = self.seen = 0

    def doctype(self, *_: object) -> None:
        raise InputError("a document type or entities are refused")

    def start(self, tag: Any, attrs: Any) -> Any:
        self.deep += 1
        self.seen += 1
        if self.deep > _DEPTH:
            raise InputError(f"nested too deeply: more than {_DEPTH} levels")
        if self.seen > _ELEMENTS:
            raise InputError(f"more than {_ELEMENTS:,} elements: split or simplify the file")
        return super().start(tag, attrs)

    def end(self, tag: Any) -> Any:
        self.deep -= 1
        return super().end(tag)


def parse_xml(data: bytes, path: Path, what: str) -> ET.Element:
    """XML in the encoding that it declares; without document types and entities, at most 40 levels deep. Raises `InputError` for anything else."""
    parser = ET.XMLParser(target=_Builder())
    try:
        parser.feed(data)
        root: ET.Element = parser.close()
    except InputError as error:
        raise InputError(error.message, file=str(path)) from None
    except (ET.ParseError, ValueError, LookupError) as error:
        line = error.position[0] if isinstance(error, ET.ParseError) else None
        raise InputError(f"not valid {what}: {seen(str(error), 120)}", file=str(path), line=line) from None
    return root
