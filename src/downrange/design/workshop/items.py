"""The parts of a rocket as things to make: each with what holds it, and how many of it are needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import pi

from downrange.rocket import BodyTube, InnerTube, NoseCone, Part, Placed, Rocket, Transition, called

__all__ = ["Item", "items_of"]


@dataclass(frozen=True, eq=False)
class Item:
    """A part to make: `placed` in its own body, `host` that it stands in or on (None: it is the body itself).

    `copies`: in how many equal places it stands (in the tubes of a cluster, on each pod). `within`: what it belongs to, in words.
    `path`: in the whole rocket. `x`: of its front, m aft of the nose tip of the whole rocket. `beside`: what its host holds, `held` what it holds itself.
    """

    placed: Placed
    host: Placed | None
    copies: int
    within: str
    path: str
    x: float
    beside: tuple[Placed, ...] = ()
    held: tuple[Placed, ...] = ()

    @property
    def part(self) -> Part:
        """The part itself."""
        return self.placed.part

    @property
    def name(self) -> str:
        """What it is called, in words."""
        return called(self.part)

    @property
    def length(self) -> float:
        """Front to aft end, m."""
        return self.placed.aft - self.placed.front


def items_of(
    rocket: Rocket, *, copies: int = 1, within: str = "", path: str = "", datum: float = 0.0
) -> Iterator[Item]:
    """Every part of a rocket, those of its pods and boosters behind the one that holds them, in the order of the file."""
    attached = {a.path: a for a in rocket.attached}
    hosts: list[tuple[Placed, int]] = []
    for q in rocket.placed:
        hosts = hosts[: q.depth]
        host, times = hosts[-1] if hosts else (None, copies)
        inner = times * (len(host.part.middles) if host is not None and isinstance(host.part, InnerTube) else 1)
        where = within or (rocket.stage_of(q.path).name if rocket.staged else "")
        yield Item(q, host, inner, where, f"{path}{q.path}", datum + q.front, _held(rocket, host), _held(rocket, q))
        hosts.append((q, inner))
        if q.path in attached:
            a = attached[q.path]
            yield from items_of(
                a.rocket, copies=inner * len(a.places), within=a.name, path=f"{path}{q.path}.", datum=datum + a.front
            )


def _held(rocket: Rocket, host: Placed | None) -> tuple[Placed, ...]:
    """What a part holds itself, not what those hold."""
    if host is None:
        return ()
    start, below = f"{host.path}.parts[", host.depth + 1
    return tuple(q for q in rocket.placed if q.depth == below and q.path.startswith(start))


def is_body(part: Part) -> bool:
    """Whether a part is a piece of the outer body."""
    return isinstance(part, NoseCone | BodyTube | Transition)


def around(angle: float) -> float:
    """An angle from 0 to one turn, rad."""
    turned = angle % (2 * pi)
    return 0.0 if turned > 2 * pi - 1e-12 else turned
