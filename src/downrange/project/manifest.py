"""What a campaign was asked, and what its reader is told: `campaign.json`.

Its `id` is a hash of all that the flights depend on: the values of the files, a hash of every file that they reach, the
seed and the version. Every shard carries it. `check` is a hash of the rest, so that a changed manifest is not believed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from downrange.dispersion import Plan
from downrange.dispersion.streams import Sampling
from downrange.earth import Pad
from downrange.errors import InputError
from downrange.failures import Mode, ModeProbability
from downrange.project.fields import flat_values

if TYPE_CHECKING:
    from downrange.project.project import Project

__all__ = [
    "ASKED", "MANIFEST", "check_same", "describe_plan", "file_hash", "inputs_state", "make_manifest", "manifest_text", "modes_of", "pad_of",
    "read_manifest",
]  # fmt: skip

FORMAT = 2
MANIFEST = "campaign.json"
_LIMIT = 50_000_000  # bytes
ASKED = ("format", "downrange", "seed", "sampling", "tolerance", "inputs")
# Words that no flight depends on; the values of rocket and site stand for the names of their files; shapes of the ground
# are looked at when a campaign is read.
_NOT_INPUTS = ("rocket.notes", "site.notes", "launch.notes", "launch.rocket", "launch.site", "site.ground.shapes")

# What judges a campaign that is flown, and does not change where things come down.
_JUDGES = ("launch.rules", "launch.conditions", "site.ground.waiver", "site.ground.airports", "site.ground.population")
_JUDGING_FILES = ("rules: ", "ground.population: ")


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def _digest(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _within(path: str, parents: tuple[str, ...]) -> bool:
    """Whether a path is one of `parents` or lies under one."""
    return any(path == p or path.startswith((f"{p}.", f"{p}[")) for p in parents)


def _files_of(path: Path) -> list[Path]:
    """A file itself, or the profiles in the folder of an ensemble."""
    if path.is_dir():
        return sorted(f for f in path.rglob("*") if f.suffix.lower() == ".csv" and f.is_file())
    return [path]


def inputs_state(project: Project) -> dict[str, str]:
    """What a campaign depends on, by path: values of the files, and hashes of all files that were opened for them."""
    state: dict[str, str] = {}
    for prefix, model in (("rocket", project.rocket_file), ("site", project.site_file), ("launch", project.file)):
        state.update(flat_values(model, prefix))
    state = {k: v for k, v in state.items() if not _within(k, _NOT_INPUTS)}
    o = asdict(project.sources.overrides)
    state.update({f"command line.{k}": str(v) for k, v in o.items() if v is not None})
    _ = project.members  # opens the ensemble
    opened = set(project.sources.folder.opened)
    opened |= {("rules", name, path) for name, path in _packs(project)}
    if project.site_file.ground.population:
        name = project.site_file.ground.population
        opened.add(("ground.population", name, project.sources.site_folder.file(name, "ground.population")))
    for key, name, path in sorted(opened):
        if key not in ("rocket", "site") and not _within(key, ("ground.shapes",)):
            for f in _files_of(path):
                below = "" if f == path else f"/{f.relative_to(path).as_posix()}"
                state[f"{key}: {name}{below}"] = f"a file of hash {file_hash(f)[:16]}"
    return state


def check_same(project: Project, manifest: dict[str, Any]) -> None:
    """Raises `InputError` where a campaign was flown of other inputs than a project's; what only judges it may differ."""
    old, new = manifest["inputs"], inputs_state(project)
    differ = [
        k for k in sorted(set(old) | set(new))
        if old.get(k) != new.get(k) and not _within(k, _JUDGES) and not k.startswith(_JUDGING_FILES)
    ]  # fmt: skip
    if differ:
        shown = "; ".join(
            f"{k[:120]} was {old.get(k, 'not there')[:80]}, is {new.get(k, 'not there')[:80]}" for k in differ[:3]
        )
        raise InputError(
            f"this campaign was flown of other inputs: {shown}{f'; and {len(differ) - 3} more' if len(differ) > 3 else ''}. "
            "Fly one of this launch (downrange disperse), or give the flags that it was flown with", key="--campaign",
        )  # fmt: skip


def _packs(project: Project) -> list[tuple[str, Path]]:
    """The user's own rule packs that the launch file names, as far as they are there."""
    out = []
    for name in project.file.rules:
        if Path(name).suffix in (".yaml", ".yml"):
            try:
                out.append((name, project.sources.folder.file(name, "rules")))
            except InputError:
                continue  # assessing says so; flights do not need it
    return out


def describe_plan(project: Project, plan: Plan) -> dict[str, Any]:
    """What a campaign's reader is told: rocket, pad, modes, what varies and what does not."""
    pad = plan.program.launch.pad
    return {
        "name": project.launch.name, "rocket": project.launch.rocket.name,
        "motor": project.launch.motor.designation, "launch": project.path.name,
        "pad": {"latitude": pad.latitude, "longitude": pad.longitude, "elevation": pad.elevation},
        "bodies": list(plan.bodies),
        "modes": [
            {
                "name": m.mode.name, "doc": m.mode.doc, "prior": m.prior, "probability": m.probability, "low": m.low, "high": m.high,
                "seen": m.seen, "source": m.source, "counts": m.counts,
            }
            for m in plan.modes
        ],
        "skipped": plan.skipped, "not_sampled": plan.inputs.not_sampled,
        "varied": [
            {"name": i.name, "distribution": repr(i.distribution), "assumed": i.assumed, "doc": i.doc} for i in plan.inputs.inputs
        ],
        "wind": {"sigma": plan.winds.sigma, "correlation": plan.winds.correlation, "members": len(plan.winds.members), "turbulence": plan.winds.turbulence or "none"},
    }  # fmt: skip


def make_manifest(project: Project, plan: Plan, flights: int, sampling: Sampling) -> dict[str, Any]:
    """The manifest of a campaign of `flights`; raises `InputError` for a seed that cannot be written."""
    if not -(2**63) <= plan.seed < 2**63:
        raise InputError(f"a seed has at most 63 bits; seen {str(plan.seed)[:40]}", key="--seed")
    from importlib.metadata import version

    asked = {
        "format": FORMAT, "downrange": version("downrange"), "seed": plan.seed, "sampling": sampling, "tolerance": plan.tolerance,
        "inputs": inputs_state(project),
    }  # fmt: skip
    return {"id": _digest(asked), **asked, "flights": flights, **describe_plan(project, plan)}


def manifest_text(manifest: dict[str, Any]) -> bytes:
    """A manifest as it is written."""
    data = {k: v for k, v in manifest.items() if k != "check"}
    checked = data | {"check": _digest(data)}
    try:
        return json.dumps(checked, indent=1, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair in a name
        return json.dumps(checked, indent=1).encode()


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def read_manifest(path: Path) -> dict[str, Any]:
    """A manifest from its file; raises `InputError` where it is none, is of another format, or was changed since."""
    try:
        if path.stat().st_size > _LIMIT:
            raise ValueError
        data = json.loads(path.read_bytes().decode("utf-8"), parse_constant=_no_number)
        if not isinstance(data, dict):
            raise ValueError
        data, check = {k: v for k, v in data.items() if k != "check"}, data.get("check")
        whole = check == _digest(data) and data.get("id") == _digest({k: data[k] for k in ASKED})
        form = data["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError("this is not a campaign's manifest; choose another folder", file=str(path)) from None
    if form != FORMAT:
        raise InputError(
            f"it is of format {str(form)[:40]}, not {FORMAT}: fly it again with this version, into another folder (--out) or "
            "in its place (--fresh)", file=str(path),
        )  # fmt: skip
    if not whole:
        raise InputError(
            "this manifest was changed after it was written; fly the campaign again, into another folder (--out) or in its "
            "place (--fresh)", file=str(path),
        )  # fmt: skip
    return data


def modes_of(manifest: dict[str, Any]) -> tuple[ModeProbability, ...]:
    """The modes of a manifest."""
    return tuple(
        ModeProbability(
            Mode(m["name"], (), m["prior"], m["doc"]), m["prior"], m["probability"], m["low"], m["high"], m["seen"], m["source"], m["counts"]
        )
        for m in manifest["modes"]
    )  # fmt: skip


def pad_of(manifest: dict[str, Any]) -> Pad:
    """The pad of a manifest."""
    pad = manifest["pad"]
    return Pad(pad["latitude"], pad["longitude"], pad["elevation"])
