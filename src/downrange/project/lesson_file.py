"""`learned.yaml`: what flights taught of a rocket, read and written."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

from pydantic import Field

from downrange.errors import InputError, seen
from downrange.formats.reading import guarded
from downrange.formats.yaml_text import read_yaml
from downrange.learning import Learned
from downrange.project.fields import Strict
from downrange.project.lesson import Lesson
from downrange.project.validating import validate

__all__ = ["read_lesson", "write_lesson"]

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
            "this was changed after it was written, so it is not believed: learn from all flights again (downrange learn with a folder, a table or --anew), delete it, or fly --as-drawn",
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
