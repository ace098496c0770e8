"""Blind predictions: what was said of a flight before it flew, with the time and a hash of all that it came from, and how it came out.

`predictions.jsonl` beside the rocket has a line each, and each line the hash of the one before: a line that is changed or taken out later breaks the chain.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from downrange.dispersion import ApogeeBand
from downrange.errors import InputError, seen
from downrange.flight import compile_launch, fly
from downrange.learning import Forecast, Score, score_forecasts
from downrange.project.bands import band_of
from downrange.project.learning import Taught, keep
from downrange.project.manifest import inputs_state
from downrange.project.project import Project, open_project

__all__ = ["REGISTER", "Entry", "newest_check", "predict_next", "read_register", "register_of", "settle"]

REGISTER = "predictions.jsonl"
_MOST = 10_000_000  # bytes
_START = "0" * 16


@dataclass(frozen=True)
class Entry:
    """A registered prediction: its `id`, when (UTC), the hash of the inputs, and of the apogee (m above the pad) mean, standard deviation and bands;
    with `measured`, `flight` and when that was written (`answered`) once it was flown, and its `score`."""

    id: str
    rocket: str
    when: str
    inputs: str
    forecast: Forecast
    measured: float | None = None
    flight: str = ""
    answered: str = ""

    @property
    def score(self) -> Score | None:
        """How good it was; None before it flew."""
        scores = None if self.measured is None else score_forecasts([(self.forecast, self.measured)])
        return None if scores is None else scores.each[0]

    def summary(self) -> dict[str, Any]:
        """For JSON: heights in m."""
        f, score = self.forecast, self.score
        return {
            "id": self.id, "rocket": self.rocket, "registered_utc": self.when, "inputs_sha256": self.inputs, "apogee_mean_m": f.mean, "apogee_sigma_m": f.sigma,
            "p5_m": f.most[0], "p25_m": f.half[0], "p75_m": f.half[1], "p95_m": f.most[1], "measured_m": self.measured, "flight": self.flight or None, "answered_utc": self.answered or None,
            "score": None if score is None else {"error": score.error, "z": score.z, "in_50_percent_band": score.in_half, "in_90_percent_band": score.in_most, "crps_m": score.crps},
        }  # fmt: skip


def _line(body: dict[str, Any]) -> str:
    return json.dumps(body, sort_keys=True, ensure_ascii=True)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a register, whose chain is whole. Raises `InputError` with the line where it is not."""
    if not path.is_file():
        return []
    if path.stat().st_size > _MOST:
        raise InputError("this register is too large to be one", file=str(path))
    out: list[dict[str, Any]] = []
    last = _START
    for k, text in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        try:
            body = json.loads(text)
            whole = isinstance(body, dict) and body["after"] == last and body["kind"] in ("prediction", "answer")
        except (ValueError, KeyError, TypeError, RecursionError):
            whole = False
        if not whole or text != _line(body):
            raise InputError(
                "this line, or one before it, was changed or taken out after it was written: the predictions are blind no more; begin another register (move this file)",
                file=str(path),
                line=k,
            )
        last = _hash(text)
        out.append(body)
    return out


def _append(path: Path, body: dict[str, Any]) -> str:
    lines = _lines(path)
    last = _START if not lines else _hash(_line(lines[-1]))
    text = _line(body | {"after": last, "when": datetime.now(UTC).isoformat(timespec="seconds")})
    with path.open("a", encoding="utf-8", newline="\n") as f:
        f.write(text + "\n")
    return text


def _entry(body: dict[str, Any], answers: dict[str, dict[str, Any]]) -> Entry:
    identity = _hash(_line(body))
    said, came = body["forecast"], answers.get(identity)
    f = Forecast(said["mean"], said["sigma"], tuple(said["half"]), tuple(said["most"]))
    return Entry(
        identity,
        body["rocket"],
        body["when"],
        body["inputs"],
        f,
        None if came is None else came["measured"],
        "" if came is None else came["flight"],
        "" if came is None else came["when"],
    )


def read_register(path: Path) -> tuple[Entry, ...]:
    """The predictions of a register, each with what came of it. Raises `InputError` where its chain is broken."""
    lines = _lines(path)
    answers = {b["of"]: b for b in lines if b["kind"] == "answer"}
    try:
        return tuple(_entry(b, answers) for b in lines if b["kind"] == "prediction")
    except (KeyError, TypeError):
        raise InputError("this is no register of predictions", file=str(path)) from None


def newest_check(path: Path) -> tuple[int, str]:
    """How many lines a register has, and the hash of the last: who was given it can tell whether any line was written anew since."""
    lines = _lines(path)
    return len(lines), _hash(_line(lines[-1])) if lines else _START


def register_of(project: Project) -> Path:
    """Where the register of a project's rocket lies, or would."""
    return project.sources.rocket_path.parent / REGISTER


def _said(band: ApogeeBand) -> dict[str, Any]:
    return {
        "mean": round(band.mean, 3),
        "sigma": round(band.sigma, 3),
        "half": [round(x, 3) for x in band.half],
        "most": [round(x, 3) for x in band.most],
    }


def predict_next(launch: str | Path | Project, *, trusted: bool = False) -> Entry:
    """Register the prediction of a launch's next flight, with what was learned so far. Raises `InputError` where it does not fly.

    launch: the path of a launch file, or the project. trusted: its file may name paths outside its folder.
    """
    project = launch if isinstance(launch, Project) else open_project(launch, trusted=trusted)
    flight = fly(compile_launch(project.launch), interpreted=False)
    band = band_of(project, flight)
    if band is None:
        raise InputError(
            "this launch does not fly as one body to an apogee: there is nothing to predict; see downrange check"
        )
    inputs = hashlib.sha256(_line(inputs_state(project)).encode()).hexdigest()
    text = _append(
        register_of(project),
        {"kind": "prediction", "rocket": project.rocket_file.name, "inputs": inputs, "forecast": _said(band)},
    )
    return _entry(json.loads(text), {})


def settle(taught: Taught, of: str | None = None) -> tuple[Taught, Entry | None]:
    """Keep what was learned, and write what came of the prediction `of` (the only open one of this rocket where None) beside it; None where none is open.

    Raises `InputError`, and writes nothing, for a prediction that is not there or was answered, and where several are open and none is named.
    """
    open_, path = _asked(taught, of), register_of(taught.project)
    kept = keep(taught)
    height = taught.flights[-1].apogee
    if open_ is None or height is None:
        return kept, None
    _append(
        path, {"kind": "answer", "of": open_.id, "measured": round(height, 3), "flight": taught.flights[-1].name[:200]}
    )
    return kept, next(e for e in read_register(path) if e.id == open_.id)


def _asked(taught: Taught, of: str | None) -> Entry | None:
    """The prediction that the last flight answers."""
    entries = [e for e in read_register(register_of(taught.project)) if e.rocket == taught.lesson.rocket]
    open_ = [e for e in entries if e.measured is None]
    if of is not None:
        chosen = [e for e in entries if e.id.startswith(of)]
        if len(chosen) != 1 or len(of) < 4:
            named = ", ".join(e.id for e in open_[:6]) or "none"
            raise InputError(f"no single prediction {seen(of, 40)} in {REGISTER}; open: {named}", key="--of")
        if chosen[0].measured is not None:
            raise InputError(f"the prediction {chosen[0].id} has its answer already", key="--of")
        return chosen[0]
    if not open_ or len(taught.flights) != 1:
        return None
    if len(open_) > 1:
        raise InputError(
            f"{len(open_)} predictions are open: say which this flight answers, with --of {open_[-1].id}", key="--of"
        )
    return open_[0]
