"""Logs of flight computers: which family a file is of, and its `FlightLog`.

A family is a module in `family` with `NAME`, `recognise(source)` and `read(source)`; a new one is one new file. Every
family is asked how sure it is; the surest reads. What no family knows, the generic mapper takes, by its headings or as it is told.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

from downrange.errors import InputError, seen, suggest
from downrange.formats.logs.draft import Draft, Match, finish
from downrange.formats.logs.source import Source, open_source
from downrange.formats.reading import guarded
from downrange.tracking.log import FlightLog

__all__ = ["families", "read_log"]

_SURE = 0.6


@cache
def families() -> dict[str, ModuleType]:
    """Modules of the families by the name of the module, like `altus_csv`."""
    package = importlib.import_module("downrange.formats.logs.family")
    return {
        i.name: importlib.import_module(f"{package.__name__}.{i.name}") for i in pkgutil.iter_modules(package.__path__)
    }


def _recognised(source: Source) -> tuple[ModuleType | None, Match, str]:
    """The surest family, how sure, and what else it could be."""
    found = [(m, f) for f in families().values() if (m := f.recognise(source)) is not None]
    found.sort(key=lambda x: -x[0].confidence)
    if not found or found[0][0].confidence < _SURE:
        return None, Match(0.0, ""), ""
    other = f"; it could also be {found[1][1].NAME} ({found[1][0].confidence:.0%})" if len(found) > 1 else ""
    return found[0][1], found[0][0], other


@guarded("a flight log")
def read_log(
    path: str | Path,
    *,
    family: str | None = None,
    columns: Mapping[str, str] | None = None,
    mapping: str | Path | None = None,
) -> FlightLog:
    """Read the log of a flight computer.

    `family` (like `altus_csv`) is taken instead of what the file looks like; `table` is any other table. `columns` says what its
    columns are: a heading, and a quantity with a unit, like `{"Alt": "altitude_agl ft"}`. `mapping` is a YAML that says the same;
    one beside the file with its name and `.columns.yaml` is taken unasked. Times of the log are seconds from lift-off, values SI.

    Raises `InputError` for a file that is empty, no log, or of another family than `family`.
    """
    from downrange.formats.logs.generic import beside, parse_columns, read_any

    source = open_source(path)
    beside_it = beside(source.path) if mapping is None else Path(mapping)
    if family is not None and family not in families() and family != "table":
        raise InputError(
            f"no family of logs is called {seen(family, 60)}{suggest(family, families())}; known: {', '.join(families())}, table"
        )
    module, match, other = looks = _recognised(source)
    if family is not None and family != "table":
        module, match = families()[family], Match(1.0, "as asked for")
    if module is None or beside_it is not None or columns or family == "table":
        draft: Draft
        draft, match = read_any(source, beside_it, parse_columns(columns or {}))
        return finish(draft, source, match)
    if source.text is None and module.__name__.rsplit(".", 1)[-1] not in ("cats_cfl", "rff", "geo"):
        raise InputError(f"this is a binary file; a log of {module.NAME} is text")
    try:
        draft = module.read(source)
    except InputError as error:
        if family is None or looks[0] is None or looks[0] is module:
            raise
        seems = f"{error.message}; by its looks it is of {looks[0].NAME}: leave the family out"
        raise InputError(seems, line=error.line, key=error.key) from None
    return finish(draft, source, Match(match.confidence, match.why + other))
