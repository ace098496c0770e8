"""Rule packs from YAML: the shipped ones by name, a user's own by path."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from downrange.errors import InputError, NotFoundError, UnitError, seen, suggest
from downrange.formats.reading import guarded
from downrange.project.fields import Strict
from downrange.safety.rules import Limit, Pack, Rule
from downrange.units import DIMENSIONS, parse_quantity

__all__ = ["is_pack_file", "pack_names", "read_pack"]


class _LimitFile(Strict):
    of: str
    unit: str = ""
    table: list[tuple[float, str]] = Field(default_factory=list)
    factor: float | None = None
    least: str | None = None


class _RuleFile(Strict):
    id: str
    title: str
    quantity: str
    kind: str
    at_most: str | float | _LimitFile | None = None
    at_least: str | float | _LimitFile | None = None
    when: list[tuple[str, float, float]] = Field(default_factory=list)
    source: str = ""
    confirmed: bool = False
    note: str = ""


class PackFile(Strict):
    """A rule pack."""

    id: str
    name: str
    authority: str
    edition: str
    source: str
    note: str = ""
    rules: list[_RuleFile]


def _limit(given: str | float | _LimitFile, kind: str) -> Limit:
    if not isinstance(given, _LimitFile):
        return Limit(parse_quantity(given, kind).value, unit=_unit_of(str(given)))
    table = tuple((bound, parse_quantity(text, kind).value) for bound, text in given.table)
    least = None if given.least is None else parse_quantity(given.least, kind).value
    stated = [text for _, text in given.table] + [given.least or ""]
    return Limit(of=given.of, table=table, factor=given.factor, least=least, unit=_unit_of(stated[0]))


def _unit_of(text: str) -> str:
    """The unit in a quantity's text."""
    return re.sub(r"^[^A-Za-z°%]*", "", text)


def _rule(r: _RuleFile, pack: PackFile) -> Rule:
    if (r.at_most is None) == (r.at_least is None):
        raise InputError(f"rule {r.id!r} needs one of at_most and at_least", key=r.id)
    if r.kind not in DIMENSIONS:
        raise InputError(f"rule {r.id!r}: unknown kind {r.kind!r}{suggest(r.kind, DIMENSIONS)}", key=r.id)
    comparator: Literal["at most", "at least"] = "at most" if r.at_most is not None else "at least"
    given = r.at_most if r.at_most is not None else r.at_least
    assert given is not None
    return Rule(
        r.id, r.title, r.quantity, r.kind, comparator, _limit(given, r.kind), r.source or pack.source, r.confirmed,
        tuple(r.when), r.note,
    )  # fmt: skip


@cache
def pack_names() -> tuple[str, ...]:
    """Names of the shipped packs."""
    folder = resources.files("downrange.safety") / "packs"
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".yaml")))


def is_pack_file(name: str | Path) -> bool:
    """Whether a pack is named by its file (`.yaml`), not by the name of a shipped one."""
    return str(name).lower().endswith((".yaml", ".yml"))


@guarded("a rule pack")
def read_pack(name: str | Path) -> Pack:
    """A rule pack: a shipped one by name, or a YAML file; raises `InputError` where it contradicts itself."""
    from downrange.formats.yaml_text import read_yaml
    from downrange.project.project import validate

    path = Path(name)
    if not is_pack_file(name):
        if str(name) not in pack_names():
            raise NotFoundError(
                f"no rule pack {seen(str(name), 80)}{suggest(str(name), pack_names())}; shipped: {', '.join(pack_names())}",
                key="rules",
            )
        path = Path(str(resources.files("downrange.safety") / "packs" / f"{name}.yaml"))
    data: Any = read_yaml(path)
    file = validate(PackFile, data, path)
    try:
        rules = tuple(_rule(r, file) for r in file.rules)
    except (InputError, UnitError) as error:
        raise InputError(error.message, file=str(path), key=error.key) from None
    return Pack(file.id, file.name, file.authority, file.edition, file.source, rules, file.note)
