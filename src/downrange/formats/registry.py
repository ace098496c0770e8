"""Which reader reads a file: found by the suffix of its name.

A kind of file (motors, shapes, ensembles) is a package here. Each module in it is one format: it says in `SUFFIXES` which
names it reads, small letters with the dot, and has a function `read`. The modules are found in the folder, so that a new
format is one new file and nothing else.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar, cast

from downrange.errors import InputError, seen

__all__ = ["Readers"]

R = TypeVar("R")


class Readers(Generic[R]):
    """The readers of one kind of file: `read` of every module of `package`, by suffix. They are imported on first use.

    `what` names the kind in messages, like "motor files are {}", with the suffixes in the braces. A module that lacks `SUFFIXES` or `read`, and a suffix that
    two modules claim, are errors of ours: `TypeError`, when the readers are first asked for.
    """

    def __init__(self, package: str, what: str) -> None:
        self.package, self.what = package, what

    @cached_property
    def by_suffix(self) -> dict[str, R]:
        """Readers by suffix, in the order of their modules' names."""
        found: dict[str, R] = {}
        for info in pkgutil.iter_modules(importlib.import_module(self.package).__path__):
            module = importlib.import_module(f"{self.package}.{info.name}")
            suffixes, read = getattr(module, "SUFFIXES", None), getattr(module, "read", None)
            if not isinstance(suffixes, tuple) or not suffixes or not callable(read):
                raise TypeError(
                    f"{module.__name__} is no format: it needs SUFFIXES, a tuple like ('.eng',), and read()"
                )
            for suffix in suffixes:
                if suffix in found or suffix != suffix.lower() or not suffix.startswith("."):
                    raise TypeError(f"{module.__name__}: the suffix {suffix!r} is taken, or is not like '.eng'")
                found[suffix] = cast(R, read)
        return found

    def knows(self, name: str | Path) -> bool:
        """Whether a file of this name is of this kind, by its suffix."""
        return Path(name).suffix.lower() in self.by_suffix

    def of(self, path: Path, otherwise: str | None = None) -> R:
        """The reader of a file; that of the suffix `otherwise` for an unknown one. Raises `InputError` without it."""
        suffix = path.suffix.lower()
        if suffix not in self.by_suffix and otherwise is None:
            raise InputError(
                f"cannot tell the format of {seen(suffix, 40)}; {self.what.format(', '.join(self.by_suffix))}",
                file=str(path),
            )
        return self.by_suffix.get(suffix) or self.by_suffix[otherwise or suffix]
