"""`learned.yaml`: what flights taught of a rocket, beside its file, where every command finds it."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import Field

from downrange.errors import InputError, seen
from downrange.formats.reading import guarded
from downrange.formats.yaml_text import read_yaml
from downrange.learning import Learned
from downrange.project.build import Overrides
from downrange.project.fields import Strict, flat_values
from downrange.project.schema import RocketFile
from downrange.project.validating import validate

__all__ = ["LEARNED", "Lesson", "learned_beside", "read_lesson", "rocket_digest", "with_lesson", "write_lesson"]

LEARNED = "learned.yaml"
_FORMAT = 1
_HEAD = """# What flights taught of this rocket: factors on what its files say. Every command uses it and says so; --as-drawn flies without it.
# Written by 'downrange learn', which writes it anew from the flights; delete it to forget. Changed by hand it is not believed.
"""


class _FactorFile(Strict):
    factor: float
    log_sigma: float
    told: float


class _FlightFile(Strict):
    name: str
    apogee_m: float | None
    odds: float
    digest: str = ""


class _LearnedFile(Strict):
    format: int
    rocket: str
    drawing: str
    learned: dict[str, _FactorFile]
    correlation: list[list[float]]
    flights: list[_FlightFile] = Field(default_factory=list)
    failures: dict[str, int] = Field(default_factory=dict)
    check: str


@dataclass(frozen=True)
class Lesson:
    """What stands in a `learned.yaml`: the rocket's name and the digest of its drawing, what was learned, what share of each prior variance flights
    took away (`told`, by name), the flights (name, apogee in m, how probable such a one was, digest of what it was read
    from), and how many of them failed, by mode."""

    rocket: str
    drawing: str
    learned: Learned
    told: dict[str, float]
    flights: tuple[tuple[str, float | None, float, str], ...]
    failures: dict[str, int] = field(default_factory=dict)

    @property
    def record(self) -> tuple[int, tuple[tuple[str, int], ...]]:
        """How many flights, and how many of them failed, by mode."""
        return len(self.flights), tuple(sorted(self.failures.items()))

    @property
    def words(self) -> str:
        """In one sentence: from how many flights, and the factors that they told of."""
        told = [n for n in self.learned.names if self.told[n] > 0.3]
        each = ", ".join(f"{_short(n)} x {self.learned.factor(n):.2f}" for n in told) or "nothing surely"
        count = len(self.flights)
        return f"learned from {count} flight{'s' * (count != 1)} ({LEARNED}): {each}; --as-drawn flies without it"


def _short(name: str) -> str:
    kind, _, of = name.partition(".")
    return f"{of} drag" if kind == "drag" else f"{of} area" if kind == "canopy" else kind.replace("_", " ")


def rocket_digest(rocket: RocketFile) -> str:
    """A hash of all that a rocket file says but its name and notes."""
    said = {k: v for k, v in flat_values(rocket).items() if k not in ("name", "notes")}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _check(data: dict[str, Any]) -> str:
    body = {k: v for k, v in data.items() if k != "check"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=True).encode()).hexdigest()[:16]


@guarded("a learned.yaml")
def read_lesson(path: Path) -> Lesson:
    """Read a `learned.yaml`. Raises `InputError` where it is none, is of another format, or was changed by hand."""
    data = read_yaml(path)
    file = validate(_LearnedFile, data, path)
    if file.format != _FORMAT:
        raise InputError(f"it is of format {file.format}, not {_FORMAT}: learn again (downrange learn)", file=str(path))
    plain = json.loads(json.dumps(file.model_dump(mode="json")))
    if file.check != _check(plain):
        raise InputError(
            "this was changed after it was written, so it is not believed: learn again (downrange learn), delete it, or fly --as-drawn",
            file=str(path),
        )
    names = tuple(file.learned)
    sigma = [file.learned[n].log_sigma for n in names]
    if len(file.correlation) != len(names) or any(len(r) != k + 1 for k, r in enumerate(file.correlation)):
        raise InputError(f"the correlation has {len(file.correlation)} rows for {len(names)} factors", file=str(path))
    covariance = tuple(
        tuple(sigma[i] * sigma[j] * file.correlation[max(i, j)][min(i, j)] for j in range(len(names))) for i in range(len(names))
    )  # fmt: skip
    if bad := next((n for n in names if not file.learned[n].factor > 0), None):
        raise InputError(f"{seen(bad, 40)}: a factor is above zero", file=str(path))
    mean = tuple(math.log(file.learned[n].factor) for n in names)
    return Lesson(
        file.rocket, file.drawing, Learned(names, mean, covariance), {n: file.learned[n].told for n in names},
        tuple((f.name, f.apogee_m, f.odds, f.digest) for f in file.flights), dict(file.failures),
    )  # fmt: skip


def write_lesson(lesson: Lesson, path: Path) -> Path:
    """Write a `learned.yaml`, whole or not at all; returns its path."""
    from io import StringIO

    from ruamel.yaml import YAML

    known = lesson.learned
    sigma = [known.sigma(n) for n in known.names]

    def alike(i: int, j: int) -> float:
        return 1.0 if i == j else round(known.covariance[i][j] / max(sigma[i] * sigma[j], 1e-300), 6)

    data: dict[str, Any] = {
        "format": _FORMAT, "rocket": lesson.rocket, "drawing": lesson.drawing,
        "learned": {
            n: {"factor": round(known.factor(n), 6), "log_sigma": round(s, 6), "told": round(lesson.told[n], 3)}
            for n, s in zip(known.names, sigma, strict=True)
        },
        "correlation": [[alike(i, j) for j in range(i + 1)] for i in range(len(sigma))],
        "flights": [{"name": n, "apogee_m": None if a is None else round(a, 2), "odds": float(f"{o:.3g}"), "digest": d} for n, a, o, d in lesson.flights],
        "failures": dict(lesson.failures),
    }  # fmt: skip
    data["check"] = _check(json.loads(json.dumps(data)))
    yaml = YAML()
    yaml.default_flow_style, yaml.width, yaml.allow_unicode = None, 120, True
    text = StringIO()
    yaml.dump(data, text)
    new = path.with_name(f"{path.name}.part")
    new.write_text(_HEAD + text.getvalue(), encoding="utf-8", newline="\n")
    new.replace(path)
    return path


def with_lesson(o: Overrides, lesson: Lesson | None) -> Overrides:
    """What a launch is built with, and what its flights taught."""
    return o if lesson is None else replace(o, learned=lesson.learned, flown=lesson.record)


def learned_beside(rocket_path: Path, rocket: RocketFile) -> tuple[Lesson | None, tuple[str, ...]]:
    """What was learned of the rocket of a file, and what to say of it; None where there is nothing, or it is of another rocket."""
    path = rocket_path.parent / LEARNED
    if not path.is_file():
        return None, ()
    lesson = read_lesson(path)
    if lesson.rocket != rocket.name:
        return None, (f"{LEARNED} is of another rocket ({seen(lesson.rocket, 40)}) and was not used.",)
    words = lesson.words[0].upper() + lesson.words[1:]
    if lesson.drawing != rocket_digest(rocket):
        words += "; the rocket's file has changed since, so learn again"
    return lesson, (f"{words}.",)
