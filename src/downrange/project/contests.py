"""What contests ask for: targets, windows and prices by season, from packs with their sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from downrange.design import Want
from downrange.errors import InputError, NotFoundError, seen, suggest
from downrange.formats.yaml_text import read_yaml
from downrange.project.asking import read_want
from downrange.project.fields import Strict
from downrange.project.project import validate

__all__ = ["Contest", "contest_names", "read_contest", "with_wants"]


class _WantFile(Strict):
    want: str
    confirmed: bool


class _SeasonFile(Strict):
    target: str
    window: str
    confirmed: bool
    note: str = ""


class _ContestFile(Strict):
    id: str
    name: str
    authority: str
    source: str
    score: str
    wants: list[_WantFile]
    seasons: dict[str, _SeasonFile]


@dataclass(frozen=True)
class Contest:
    """A season of a contest: its `wants` with their prices, and in words how it is scored, what it rests on, and what is `unconfirmed`."""

    name: str
    wants: tuple[Want, ...]
    score: str
    source: str
    note: str
    unconfirmed: tuple[str, ...]


@cache
def _packs() -> dict[str, _ContestFile]:
    folder = resources.files("downrange.design") / "contests"
    files = sorted(str(f) for f in folder.iterdir() if f.name.endswith(".yaml"))
    read = [validate(_ContestFile, read_yaml(Path(f)), Path(f)) for f in files]
    return {pack.id: pack for pack in read}


def contest_names() -> tuple[str, ...]:
    """Names of the seasons that are known, like `tarc-2026`."""
    return tuple(f"{pack.id}-{season}" for pack in _packs().values() for season in pack.seasons)


def read_contest(name: str) -> Contest:
    """The season of a contest by its `name`, like `tarc-2026`. Raises `NotFoundError` where there is none, with those that are known."""
    known = contest_names()
    if name not in known:
        raise NotFoundError(
            f"no contest {seen(name, 60)}{suggest(name, known)}; known: {', '.join(known)}", key="--contest"
        )
    pack_id, _, season = name.partition("-")
    pack, year = _packs()[pack_id], _packs()[pack_id].seasons[season]
    texts = [w.want.format(target=year.target, window=year.window) for w in pack.wants]
    open_ = [
        t for t, w in zip(texts, pack.wants, strict=True) if not w.confirmed or ("{" in w.want and not year.confirmed)
    ]
    return Contest(
        f"{pack.name} {season}", tuple(read_want(t) for t in texts), pack.score, pack.source, year.note, tuple(open_)
    )


def with_wants(contest: Contest, wants: Sequence[Want]) -> tuple[Want, ...]:
    """The wants of a contest with others in their place: a want of the same output replaces the contest's, at its price.

    wants: of the day, like the target that finals announce. Raises `InputError` where one stands twice.
    """
    names = [w.output.name for w in wants]
    if twice := next((n for k, n in enumerate(names) if n in names[:k]), None):
        raise InputError(f"{twice.replace('_', ' ')} is wanted twice; keep one", key="want")
    own = {w.output.name: w for w in contest.wants}
    new = [
        w
        if w.per is not None or w.output.name not in own
        else Want(w.output, w.low, w.high, own[w.output.name].per, w.text)
        for w in wants
    ]
    return (*(w for w in contest.wants if w.output.name not in names), *new)
