"""Campaigns on disk: from a project to a plan, and a folder of Parquet shards that can be resumed and read.

The folder holds `campaign.json` (what was asked, and the state of every input) and `shard-00000.parquet` and so on.
A shard is written beside its name and then moved there, so a shard that is there is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel

from downrange.dispersion import (
    Campaign,
    ModeProbability,
    Plan,
    Uncertainty,
    fly_campaign,
    make_plan,
    mode_probabilities,
    shard_sizes,
)
from downrange.dispersion.streams import Sampling
from downrange.earth import Pad
from downrange.errors import InputError
from downrange.files.schema import LaunchFile
from downrange.flight.modes import MODES, Mode, make_mode
from downrange.uncertainty import Quantity

if TYPE_CHECKING:
    import pyarrow as pa

    from downrange.files.project import Project

__all__ = [
    "CampaignStore",
    "campaign_in_memory",
    "disperse",
    "plan_campaign",
    "probabilities_of",
    "read_campaign",
]

_FORMAT = 1
_MANIFEST = "campaign.json"


def probabilities_of(file: LaunchFile) -> tuple[ModeProbability, ...]:
    """The modes of a launch file with their probabilities: shipped priors, the user's, and the club's record."""
    m = file.modes
    own = tuple(make_mode(o.name, float(o.probability), tuple(o.changes)) for o in m.own)
    stated = {name: float(q) for name, q in m.probability.items()} | {o.name: o.probability for o in own}
    return mode_probabilities(
        (*MODES, *own), stated=stated, record=m.record.failures if m.record else None,
        flights=m.record.flights if m.record else 0, strength=float(m.strength),
    )  # fmt: skip


def plan_campaign(
    project: Project, *, seed: int = 1, sampling: Sampling = "random", tolerance: float | None = None
) -> Plan:
    """Plan the campaign of a project: what varies, what goes wrong, which winds."""
    file = project.file
    u = file.uncertainty
    named = {k: q for k in type(u).model_fields if isinstance(q := getattr(u, k), Quantity)}
    turbulence = file.weather.turbulence
    correlated = tuple((tuple(c.quantities), float(c.correlation)) for c in u.correlated)
    return make_plan(
        project.launch, uncertain=project.uncertain, relaunch=project.relaunch, modes=probabilities_of(file), seed=seed,
        uncertainty=Uncertainty(named, u.defaults, correlated, None if turbulence == "none" else turbulence),
        sampling=sampling, tolerance=tolerance, members=project.members,
    )  # fmt: skip


def _flat(node: Any, path: str = "") -> dict[str, str]:
    """Every value of a model as text by its path."""
    if isinstance(node, Quantity):
        return {path: node.text or repr(node.value)}
    if isinstance(node, BaseModel):
        items = [(f"{path}.{k}" if path else k, getattr(node, k)) for k in type(node).model_fields]
    elif isinstance(node, dict):
        items = [(f"{path}.{k}", v) for k, v in node.items()]
    elif isinstance(node, list | tuple):
        items = [(f"{path}[{i}]", v) for i, v in enumerate(node)]
    else:
        return {path: str(node)}
    return {k: v for key, value in items for k, v in _flat(value, key).items()}


def _inputs_state(project: Project) -> dict[str, str]:
    """What a campaign's results depend on, by path: values of the files, and hashes of the files they name."""
    state = {}
    for prefix, model in (("rocket", project.rocket_file), ("site", project.site_file), ("launch", project.file)):
        state.update({f"{prefix}.{k}": v for k, v in _flat(model).items() if not k.endswith("notes")})
    state = {k: v for k, v in state.items() if not k.startswith(("launch.rocket", "launch.site", "site.ground.shapes"))}
    folder = project.sources.folder.root
    for key, value in list(state.items()):
        path = folder / value
        if 0 < len(value) < 200 and path.suffix and path.is_file():
            state[key] = f"{value} ({hashlib.sha256(path.read_bytes()).hexdigest()[:12]})"
    o = asdict(project.sources.overrides)
    state.update({f"command line.{k}": str(v) for k, v in o.items() if v is not None})
    return state


def describe_plan(project: Project, plan: Plan) -> dict[str, Any]:
    """What a campaign's reader is told: rocket, pad, modes, what varies and what does not."""
    pad = plan.program.launch.pad
    return {
        "name": project.launch.name, "rocket": project.launch.rocket.name,
        "motor": project.launch.motor.designation, "launch": project.path.name,
        "pad": {"latitude": pad.latitude, "longitude": pad.longitude, "elevation": pad.elevation},
        "bodies": list(plan.bodies),
        "modes": [
            {"name": m.mode.name, "doc": m.mode.doc, "prior": m.prior, "probability": m.probability, "low": m.low, "high": m.high, "seen": m.seen, "source": m.source}
            for m in plan.modes
        ],
        "skipped": plan.skipped, "not_sampled": plan.inputs.not_sampled,
        "varied": [
            {"name": i.name, "distribution": repr(i.distribution), "assumed": i.assumed, "doc": i.doc} for i in plan.inputs.inputs
        ],
        "wind": {"sigma": plan.winds.sigma, "correlation": plan.winds.correlation, "members": len(plan.winds.members), "turbulence": plan.winds.turbulence or "none"},
    }  # fmt: skip


def campaign_in_memory(project: Project, plan: Plan, flights: int) -> Campaign:
    """Fly a campaign of a project without writing it."""
    launch = project.launch
    name = f"{launch.rocket.name} on {launch.motor.designation}"
    return fly_campaign(plan, flights, name, describe_plan(project, plan))


def disperse(
    launch: str | Path | Project, flights: int = 10_000, *, seed: int = 1, sampling: Sampling = "random"
) -> Campaign:
    """Fly a launch file (or an open project) many times, in memory, with everything uncertain and everything that goes wrong.

    The same flights as `downrange disperse` of the same seed; that writes them to disk, and can be resumed.
    """
    from downrange.files.project import open_project

    project = open_project(launch) if isinstance(launch, str | Path) else launch
    return campaign_in_memory(project, plan_campaign(project, seed=seed, sampling=sampling), flights)


@dataclass(frozen=True, eq=False)
class CampaignStore:
    """A campaign's folder."""

    folder: Path
    manifest: dict[str, Any]

    @classmethod
    def open(
        cls, folder: Path, project: Project, plan: Plan, flights: int, *, sampling: Sampling = "random", fresh: bool = False
    ) -> CampaignStore:  # fmt: skip
        """Open or make the folder of a campaign of `flights`; raises `InputError` where another campaign is in it.

        `fresh` throws away what is there.
        """
        asked = {
            "format": _FORMAT, "downrange": version("downrange"), "seed": plan.seed, "sampling": sampling, "tolerance": plan.tolerance,
            "inputs": _inputs_state(project),
        }  # fmt: skip
        manifest = asked | {"flights": flights} | describe_plan(project, plan)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / _MANIFEST
        store = cls(folder, manifest)
        if fresh:
            for old in folder.glob("shard-*.parquet"):
                old.unlink()
        elif path.is_file():
            store._compare(_read_manifest(path), asked)
        elif any(folder.glob("*.parquet")):
            raise InputError(
                f"{folder} holds Parquet files but no {_MANIFEST}: choose another folder with --out", file=str(folder)
            )
        _write_whole(path, json.dumps(manifest, indent=1, ensure_ascii=False).encode())
        return store

    def _compare(self, before: dict[str, Any], now: dict[str, Any]) -> None:
        """Refuse to go on where an input has changed, and say which."""
        changes = []
        for key in ("format", "downrange", "seed", "sampling", "tolerance"):
            if before.get(key) != now[key]:
                changes.append(f"{key} was {before.get(key)}, is {now[key]}")
        old, new = before.get("inputs", {}), now["inputs"]
        for key in sorted(set(old) | set(new)):
            if old.get(key) != new.get(key):
                changes.append(f"{key} was {old.get(key, 'not there')}, is {new.get(key, 'not there')}")
        if changes:
            shown = "; ".join(changes[:5]) + (f"; and {len(changes) - 5} more" if len(changes) > 5 else "")
            raise InputError(
                f"this folder holds a campaign of other inputs: {shown}. Fly into another folder (--out), or throw the old one "
                "away (--fresh)", file=str(self.folder),
            )  # fmt: skip

    def _path(self, shard: int) -> Path:
        return self.folder / f"shard-{shard:05d}.parquet"

    def missing(self, flights: int, part: tuple[int, int] = (0, 1)) -> list[tuple[int, int]]:
        """(number, flights) of the shards that are not there yet; `part` (i, n) takes every n-th from the i-th.

        A shard that cannot be read, or is of another length, is flown again.
        """
        out = []
        for shard, size in enumerate(shard_sizes(flights)):
            if shard % part[1] == part[0] and self._size(shard) != size:
                out.append((shard, size))
        return out

    def _size(self, shard: int) -> int | None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self._path(shard)
        if not path.is_file():
            return None
        try:
            meta = pq.read_metadata(path).metadata or {}
        except (pa.ArrowInvalid, OSError):
            return None
        return int(meta.get(b"flights", b"-1"))

    def write(self, shard: int, columns: dict[str, np.ndarray]) -> None:
        """Write a shard, whole or not at all."""
        import io

        import pyarrow.parquet as pq

        table = self._table(columns)
        buffer = io.BytesIO()
        pq.write_table(
            table, buffer, compression="zstd", compression_level=1, use_dictionary=["mode", "body", "result"]
        )
        _write_whole(self._path(shard), buffer.getvalue())

    def _table(self, columns: dict[str, np.ndarray]) -> pa.Table:
        import pyarrow as pa

        from downrange.errors import FlightCode

        names = {
            "mode": [m["name"] for m in self.manifest["modes"]], "body": self.manifest["bodies"],
            "result": [c.name.lower() for c in FlightCode],
        }  # fmt: skip
        arrays = {
            k: pa.DictionaryArray.from_arrays(pa.array(v, pa.int16()), pa.array(names[k]))
            if k in names
            else pa.array(v)
            for k, v in columns.items()
        }
        arrays["seed"] = pa.array(np.full(len(columns["flight"]), self.manifest["seed"], np.int64))
        meta = {"made_by": "downrange", "flights": str(int(np.unique(columns["flight"]).size))}
        return pa.table(arrays).replace_schema_metadata(meta)

    def read(self) -> Campaign:
        """All shards that are there as one campaign."""
        return read_campaign(self.folder)


def _write_whole(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as f:
            f.write(data)
            f.flush()
            os.fsync(f.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != _FORMAT:
            raise InputError(
                f"it is of format {data['format']}, not {_FORMAT}: fly it again with this version", file=str(path)
            )
        return dict(data)
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        raise InputError("this is not a campaign's manifest; choose another folder", file=str(path)) from None


def read_campaign(folder: str | Path) -> Campaign:
    """Read a campaign from its folder; raises `InputError` where there is none, or a shard is foreign or broken."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = Path(folder)
    path = folder / _MANIFEST
    if not path.is_file():
        raise InputError("there is no campaign here; fly one with downrange disperse", file=str(folder))
    manifest = _read_manifest(path)
    files = sorted(folder.glob("shard-*.parquet"))
    if not files:
        raise InputError("the campaign has no flights yet; fly it with downrange disperse", file=str(folder))
    tables: list[pa.Table] = []
    for f in files:
        try:
            table = pq.read_table(f)
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError(
                f"this shard cannot be read ({str(error).splitlines()[0]}): delete it and run disperse again",
                file=str(f),
            ) from None
        if (table.schema.metadata or {}).get(b"made_by") != b"downrange" or "flight" not in table.column_names:
            raise InputError("this Parquet file is not a shard of downrange", file=str(f))
        if tables and table.column_names != tables[0].column_names:
            raise InputError("this shard has other columns than the rest: it is of another campaign", file=str(f))
        tables.append(table)
    whole = pa.concat_tables(tables)
    columns = {}
    for name in whole.column_names:
        column = whole.column(name).combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = column.chunk(0)
        columns[name] = (column.indices if isinstance(column, pa.DictionaryArray) else column).to_numpy(
            zero_copy_only=False
        )
    pad = manifest["pad"]
    modes = tuple(
        ModeProbability(Mode(m["name"], (), m["prior"], m["doc"]), m["prior"], m["probability"], m["low"], m["high"], m["seen"], m["source"])
        for m in manifest["modes"]
    )  # fmt: skip
    return Campaign(
        columns, modes, tuple(manifest["bodies"]), Pad(pad["latitude"], pad["longitude"], pad["elevation"]),
        f"{manifest['rocket']} on {manifest['motor']}", manifest["seed"], manifest,
    )  # fmt: skip
