"""Writing a foreign design as a project of ours: rocket.yaml, site.yaml and a launch for every configuration and simulation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from downrange.errors import InputError
from downrange.formats.foreign import Note
from downrange.project.foreign import Foreign
from downrange.text import plain

__all__ = ["flights_of", "write_project"]

_WIDE = 116


def flights_of(f: Foreign) -> Iterator[Foreign]:
    """The design with each of its simulations, then with each configuration that has motors and no simulation; the chosen one first."""
    design, known = f.design, {c.id: c for c in f.design.configurations}
    yield f
    flown = {f.configuration.id} if f.configuration else set()
    for s in design.simulations:
        c = known.get(s.configuration)
        if c is not None and c.motors:
            flown.add(c.id)
            if s is not f.simulation:
                yield Foreign(f.path, design, c, s)
    for c in design.configurations:
        if c.motors and c.id not in flown:
            yield Foreign(f.path, design, c, next(iter(design.simulations), None))


def write_project(f: Foreign, folder: Path) -> list[Path]:
    """Write the project into `folder`, which may not hold files of the same names; returns their paths, the chosen launch first.

    Raises `InputError` for a folder that holds one of them.
    """
    texts: dict[str, str] = {}
    rockets: list[dict[str, Any]] = []
    sites: list[dict[str, Any]] = []
    for k, flight in enumerate(flights_of(f)):
        said = dict(flight.launch)
        said["rocket"] = _named(said["rocket"], rockets, "rocket", texts, flight.notes, f)
        said["site"] = _named(said["site"], sites, "site", texts, (), f)
        name = "launch.yaml" if k == 0 else _free(f"launch-{_slug(flight)}", texts)
        own = [n for n in flight.notes if n not in f.design.notes]
        texts[name] = _yaml(said, f"One flight of {f.path.name}: {_what(flight)}.", own)
    folder.mkdir(parents=True, exist_ok=True)
    taken = [n for n in texts if (folder / n).exists()]
    if taken:
        raise InputError(f"{folder} holds {', '.join(taken[:4])} already; choose another folder with --out")
    order = sorted(texts, key=lambda n: (n != "launch.yaml", not n.startswith("rocket"), n))
    for name in order:
        (folder / name).write_text(texts[name], encoding="utf-8")
    _copy_motors(f, folder)
    return [folder / name for name in order]


def _copy_motors(f: Foreign, folder: Path) -> None:
    """Copy the motor files that launches name, so that the project stands alone."""
    names = {
        m["file"]
        for flight in flights_of(f)
        for m in _motors_of(flight.launch)
        if isinstance(m, Mapping) and "file" in m
    }
    for name in names:
        target = folder / name
        if not target.exists():
            target.write_bytes((f.path.parent / name).read_bytes())


def _motors_of(launch: Mapping[str, Any]) -> list[Any]:
    return [launch["motor"]] if "motor" in launch else [m["motor"] for m in launch.get("motors", [])]


def _named(
    said: dict[str, Any],
    known: list[dict[str, Any]],
    stem: str,
    texts: dict[str, str],
    notes: tuple[Note, ...],
    f: Foreign,
) -> str:
    """The name of the file that says this, written where no earlier one does."""
    if said not in known:
        known.append(said)
        n = len(known)
        name = f"{stem}.yaml" if n == 1 else f"{stem}-{n}.yaml"
        what = "The rocket" if stem == "rocket" else "The launch site"
        texts[name] = _yaml(said, f"{what} of {f.path.name}.", list(notes))
        return name
    n = known.index(said) + 1
    return f"{stem}.yaml" if n == 1 else f"{stem}-{n}.yaml"


def _what(f: Foreign) -> str:
    config = f.configuration.name if f.configuration else "no configuration"
    return f"{f.simulation.name}, {config}" if f.simulation else config


def _slug(f: Foreign) -> str:
    words = f.simulation.name if f.simulation else f.configuration.name if f.configuration else "flight"
    if f.configuration and f.configuration.name.lower() not in words.lower():
        words += f"-{f.configuration.name}"
    return re.sub(r"[^\w.]+", "-", words.lower()).strip("-.")[:60] or "flight"


def _free(stem: str, texts: Mapping[str, str]) -> str:
    name, k = f"{stem}.yaml", 2
    while name in texts:
        name, k = f"{stem}-{k}.yaml", k + 1
    return name


def _yaml(said: Mapping[str, Any], head: str, notes: list[Note]) -> str:
    """The text of a file, with the notes on a part before it and those on the whole at the top."""
    import io

    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    spare = {n.place: [m for m in notes if m.place == n.place and m.kind != "dropped"] for n in notes}

    def commented(value: Any, indent: int) -> Any:
        if isinstance(value, Mapping):
            return CommentedMap(
                (k, commented(v, indent if isinstance(v, list) else indent + 2)) for k, v in value.items()
            )
        if isinstance(value, list):
            seq = CommentedSeq(commented(v, indent + 2) for v in value)
            if value and not isinstance(value[0], Mapping):
                seq.fa.set_flow_style()
            for k, v in enumerate(value):
                lines = spare.pop(v.get("name", ""), []) if isinstance(v, Mapping) and v.get("name") else []
                if lines:
                    seq.yaml_set_comment_before_after_key(
                        k, before="\n".join(plain(n.text, 400) for n in lines), indent=indent
                    )
            return seq
        return value

    data = commented(said, 0)
    top = [head, *(plain(n, 400) for lines in spare.values() for n in lines)]
    data.yaml_set_start_comment("\n".join(top))
    yaml = YAML()
    yaml.default_flow_style, yaml.width, yaml.allow_unicode = False, _WIDE, True
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()
