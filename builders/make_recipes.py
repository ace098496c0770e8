"""Write the classes of `downrange.recipes`: one a part and a section of the project files, from their models.

    python builders/make_recipes.py

Signatures are written out, so that editors complete them; `tests/doors/test_window.py` holds them to the models.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from downrange.flight import quantities
from downrange.motor.grains import GRAIN_TYPES
from downrange.motor.solid import Case, Igniter, Limits
from downrange.project import schema, schema_campaign, schema_motor, schema_site, schema_weather
from downrange.recipes.base import quantity_keys
from downrange.rocket import PART_TYPES, Altimeter, Cluster, Deploy, Ignition, Measured, Separation, Stage

HERE = Path(__file__).resolve().parents[1] / "src/downrange/recipes"

FIRST = {
    "NoseCone": ["shape"], "TrapezoidalFins": ["count"], "EllipticalFins": ["count"], "FreeformFins": ["count", "points"],
    "TubeFins": ["count"], "MassObject": ["mass"], "Parachute": ["diameter"], "Site": ["latitude", "longitude", "elevation"],
    "Rail": ["length", "elevation", "azimuth"], "Weather": ["wind"], "Wind": ["speed", "from_direction"],
    "WindLayer": ["height", "speed", "from_direction"], "Motor": ["name"], "Deploy": ["event"], "Guides": ["upper", "lower"],
    "Section": ["name", "to"], "Shape": ["name", "kind"], "Airport": ["name", "latitude", "longitude"], "Terrain": ["files"],
    "Waiver": ["ceiling"], "OwnMode": ["name", "changes", "probability"], "Record": ["flights", "failures"],
    "Pods": ["count"], "Boosters": ["count"], "Stage": ["name", "parts"], "Separation": ["event"], "Ignition": ["event"], "Altimeter": ["unit"],
    "GrainMotor": ["name"], "BurnRatePoint": ["pressure", "rate"],
    "Cluster": ["pattern"], "MountedMotor": ["motor"], "Brakes": ["table", "schedule"], "Correlated": ["quantities", "correlation"],
}  # fmt: skip
"""What may be said without its key, in this order."""

PLACES: dict[str, tuple[str, str]] = {
    "Site": ("schema", "SiteFile"), "Ground": ("schema_site", "GroundFile"), "Shape": ("schema_site", "ShapeFile"),
    "Airport": ("schema_site", "AirportFile"), "Waiver": ("schema_site", "WaiverFile"), "Terrain": ("schema_site", "TerrainFile"),
    "Rail": ("schema", "RailFile"), "Weather": ("schema_weather", "WeatherFile"), "Wind": ("schema_weather", "WindFile"),
    "WindLayer": ("schema_weather", "WindLayer"), "Motor": ("schema", "MotorFile"), "MountedMotor": ("schema", "MountedMotorFile"), "Aero": ("schema", "AeroFile"),
    "Brakes": ("schema", "BrakesFile"), "ThrustLine": ("schema", "ThrustLineFile"), "Guides": ("schema", "GuidesFile"),
    "Section": ("schema_campaign", "SectionFile"), "Uncertainty": ("schema_campaign", "UncertaintyFile"),
    "Correlated": ("schema_campaign", "CorrelatedFile"), "Modes": ("schema_campaign", "ModesFile"),
    "OwnMode": ("schema_campaign", "OwnModeFile"), "Record": ("schema_campaign", "RecordFile"),
    "Conditions": ("schema_campaign", "ConditionsFile"),
}  # fmt: skip
BASES = {
    "Motor": "MotorRecipe",
    "Stage": "StageRecipe",
    "Rail": "RailRecipe",
    "Site": "SiteRecipe",
    "Weather": "WeatherRecipe",
}
COMMON_UNITS = {"Site": {"latitude": "deg", "longitude": "deg", "elevation": "m"}}
"""Keys that stand in the signature with their unit too."""


def _example(kind: str) -> str:
    from downrange.units import DIMENSIONS

    return DIMENSIONS[kind][1]


def _kind(field: Any) -> str | None:
    def of(annotation: Any, metadata: Any) -> str | None:
        for m in metadata:
            if hasattr(m, "kind"):
                return str(m.kind)
        for a in getattr(annotation, "__args__", ()):
            found = of(a, getattr(a, "__metadata__", ()))
            if found:
                return found
        return None

    return of(field.annotation, field.metadata)


def _hint(name: str, field: Any, quantities: frozenset[str]) -> str:
    if name in quantities:
        return "Given"
    text = str(field.annotation)
    if "Literal[" in text and "Quantity" not in text:
        words = text[text.index("Literal[") :]
        return words[: words.index("]") + 1].replace("'", '"')
    return {str(bool): "bool", str(int): "int", str(str): "str"}.get(text, "str" if text == "str | None" else "Any")


WORDS = {
    "inhibited": "ends that do not burn; 'top' is forward", "core_burns": "whether the core does", "outside_burns": "whether the outside does",
    "inverted": "fins of propellant that reach into the core", "outline": "a .dxf file with the core", "unit": "of the outlines",
    "outlines": "of the core, each a list of points (x, y)", "pressure": "at which it is", "rate": "of burning", "erosive": "a `dr.ErosiveBurning`",
}  # fmt: skip
"""What a key is, where its model has no words for it."""


def _doc(name: str, field: Any) -> str:
    kind = _kind(field)
    if kind in ("number", "calibre"):
        kind = None
    unit = f" ({kind}, like {_example(kind)!r})" if kind else ""
    default = field.default
    if field.is_required():
        unit += " - required"
    elif isinstance(default, str | bool | int) and default not in ("", None):
        unit += f"; {default!r} where not said"
    said = f"`{name}`" if name.endswith("_") else name  # else the documentation takes it for a reference
    return f"    {said}: {(field.description or WORDS.get(name) or name.replace('_', ' ')).strip()}{unit}"


def _class(name: str, model: Any, base: str, head: list[str], doc: str, extra: dict[str, tuple[str, str]]) -> str:
    fields = {k: f for k, f in model.model_fields.items() if k != "type"}
    first = FIRST.get(name, [])
    keys = quantity_keys(model)
    required = [k for k in fields if fields[k].is_required() and k not in first]
    order = [*first, *required, *(k for k in fields if k not in first and k not in required)]
    signature = [f"{k}: {_hint(k, fields[k], keys)} = UNSET" for k in order]
    units = [f"{k}_{u}: float = UNSET" for k, u in COMMON_UNITS.get(name, {}).items()]
    signature = [*signature[: len(first)], "*", *signature[len(first) :], *units]
    signature += [f"{k}: {hint} = UNSET" for k, (hint, _) in extra.items()]
    if signature[-1] == "*":
        signature.pop()
    lines, line = [], "        "
    for s in ["self", *signature, "**in_units: float"]:
        if len(line) + len(s) > 116:
            lines.append(line.rstrip())
            line = "        "
        line += f"{s}, "
    lines.append(line.rstrip())
    docs = [_doc(k, fields[k]) for k in order] + [f"    {k}: {text}" for k, (_, text) in extra.items()]
    body = "\n".join(docs)
    call = "super().__init__(locals())"
    return (
        f"class {name}({base}):\n"
        f'    """{doc}\n\n{body}\n'
        '    Quantities take a unit in their text, or in their key (`length_mm=70`). Raises `InputError` with the key.\n    """\n\n'
        + "".join(f"    {h}\n" for h in head)
        + "\n    def __init__(\n"
        + "\n".join(lines)
        + f"\n    ) -> None:  # fmt: skip\n        {call}\n"
    )


def _head(what: str, names: list[str], imports: str) -> str:
    listed = "\n".join(f'    "{n}",' for n in sorted(names))
    return (
        f'"""{what}\n\nMade by builders/make_recipes.py from the models of the project files: edit those, and run it again.\n"""\n\n'
        f"from __future__ import annotations\n\n{imports}\n\n__all__ = [\n{listed}\n]\n"
    )


PART_FILES: dict[str, tuple[str, ...]] = {
    "surfaces": ("trapezoidal fins", "elliptical fins", "freeform fins", "tube fins", "ring fin"),
    "contents": ("mass", "shock cord", "parachute", "streamer", "tumble", "glider"),
    "assemblies": ("pods", "boosters"),
}  # fmt: skip
"""Which parts stand in which module; the others in `airframe`."""
GROUND = ("Site", "Ground", "Shape", "Airport", "Waiver", "Terrain")


def parts_text(module: str) -> str:
    """The text of a module of parts."""
    out, names = [], []
    elsewhere = [w for words in PART_FILES.values() for w in words]
    chosen = PART_FILES.get(module) or tuple(w for w in PART_TYPES if w not in elsewhere)
    for word in chosen:
        cls = PART_TYPES[word]
        names.append(cls.__name__)
        motor = {
            "motor": (
                "str | Motor | GrainMotor | MountedMotor | Mapping[str, Any]",
                "the motor that sits in this tube, a `dr.MountedMotor` to say when it is lit; the launch takes it from here",
            )
        }
        extra = motor if "motor_mount" in {f.name for f in dataclasses.fields(cls)} else {}
        doc = (cls.__doc__ or "").strip().splitlines()[0]
        out.append(
            _class(cls.__name__, schema.model_of(cls), "PartRecipe", [f'part: ClassVar[str] = "{word}"'], doc, extra)
        )
    imports = "from typing import Any, ClassVar, Literal\n\nfrom downrange.recipes.base import UNSET, Given, PartRecipe"
    if module == "airframe":
        imports = (
            f"from collections.abc import Mapping\n{imports.replace('import Any', 'import TYPE_CHECKING, Any')}\n"
            "from downrange.recipes.places import Motor, MountedMotor\n\n"
            "if TYPE_CHECKING:\n    from downrange.recipes.grain_motor import GrainMotor"
        )
    return "\n\n".join([_head(f"Parts of a rocket: {', '.join(chosen)}.", names, imports), *out])


MADE: dict[str, tuple[type, ...]] = {
    "places": (Measured, Altimeter, Deploy),
    "vehicles": (Cluster, Separation, Ignition, Stage),
}
"""Classes of `rocket` that are no parts, by the module in which they stand."""
WHAT = {
    "places": "What a launch file says beside its rocket and its site.",
    "ground": "The site and its ground.",
    "vehicles": "Stages of a vehicle: how they part, how they are lit, how motors stand side by side.",
}


def places_text(module: str) -> str:
    """The text of `places.py`, `ground.py` or `vehicles.py`."""
    out, names, bases = [], [], set()
    modules = {
        "schema": schema,
        "schema_site": schema_site,
        "schema_campaign": schema_campaign,
        "schema_weather": schema_weather,
    }
    used = set()
    for name, (where, model) in PLACES.items():
        if module == ("ground" if name in GROUND else "places"):
            cls = getattr(modules[where], model)
            head = [f"file: ClassVar[Callable[[], Any]] = lambda: {where}.{model}"]
            doc = (cls.__doc__ or "").strip().splitlines()[0].replace("site.yaml", "A launch site.")
            out.append(_class(name, cls, BASES.get(name, "Recipe"), head, doc, {}))
            names.append(name)
            used.add(where)
            bases |= {BASES[name]} if name in BASES else set()
    for made in MADE.get(module, ()):
        used.add("schema")
        name = made.__name__
        head = [f"file: ClassVar[Callable[[], Any]] = lambda: schema.model_of(rocket.{name})"]
        doc = (made.__doc__ or "").strip().splitlines()[0]
        out.append(_class(name, schema.model_of(made), BASES.get(name, "Recipe"), head, doc, {}))
        names.append(name)
        bases |= {BASES[name]} if name in BASES else set()
    imports = (
        "from collections.abc import Callable\nfrom typing import Any, ClassVar, Literal\n\n"
        + ("from downrange import rocket\n" if module in MADE else "")
        + f"from downrange.project import {', '.join(sorted(used))}\nfrom downrange.recipes.base import UNSET, Given, Recipe\n"
        + f"from downrange.recipes.special import {', '.join(sorted(bases))}"
    )
    return "\n\n".join([_head(WHAT[module], names, imports), *out])


GRAIN_PIECES: dict[str, tuple[str, Any, str]] = {
    "PropellantGas": ("schema_motor.GasFile", schema_motor.GasFile, ""),
    "BurnRate": ("schema_motor.RatePieceFile", schema_motor.RatePieceFile, ""),
    "BurnRatePoint": ("schema_motor.RatePointFile", schema_motor.RatePointFile, ""),
    "ErosiveBurning": ("schema_motor.ErosiveFile", schema_motor.ErosiveFile, ""),
    "Propellant": ("schema_motor.PropellantFile", schema_motor.PropellantFile, ""),
    "Nozzle": ("schema_motor.NozzleFile", schema_motor.NozzleFile, ""),
    "MotorCase": ("schema.model_of(solid.Case)", schema.model_of(Case), "What is around the propellant, and what the motor weighs empty."),
    "Igniter": ("schema.model_of(solid.Igniter)", schema.model_of(Igniter), "The gas that an igniter gives."),
    "MotorLimits": ("schema.model_of(solid.Limits)", schema.model_of(Limits), "What a firing is judged by; 0 is not judged."),
    "GrainMotor": ("schema_motor.GrainMotorFile", schema_motor.GrainMotorFile, "A motor made of grains; it flies in a `dr.Launch(motor=...)`."),
}  # fmt: skip
"""What a motor made of grains is made of, but its grains: the model, as text and itself, and its words where the model's own will not do."""


_GRAIN_IMPORTS = "from collections.abc import Callable\nfrom typing import Any, ClassVar, Literal\n\n"


def grains_text() -> str:
    """The text of `grains.py`."""
    out, names = [], []
    for kind, cls in GRAIN_TYPES.items():
        name = cls.__name__.removesuffix("Grain") + "Grain"
        doc = (cls.__doc__ or "").strip().splitlines()[0]
        if kind == "custom":
            doc = "A grain whose core is drawn: `outlines`, lists of points (x, y), or `outline`, a .dxf file; `unit` is theirs."
        head = [
            f'grain: ClassVar[str] = "{kind}"',
            f'file: ClassVar[Callable[[], Any]] = lambda: schema_motor.grain_model("{kind}")',
        ]
        out.append(_class(name, schema_motor.grain_model(kind), "GrainRecipe", head, doc, {}))
        names.append(name)
    imports = (
        _GRAIN_IMPORTS + "from downrange.project import schema_motor\n"
        "from downrange.recipes.base import UNSET, Given\nfrom downrange.recipes.special import GrainRecipe"
    )
    return "\n\n".join([_head("The grains that a motor is made of.", names, imports), *out])


def grain_motor_text() -> str:
    """The text of `grain_motor.py`."""
    out = []
    for name, (text, model, words) in GRAIN_PIECES.items():
        doc = words or (model.__doc__ or "").strip().splitlines()[0]
        base = f"{name}Recipe" if name in ("GrainMotor", "Nozzle", "Propellant") else "Recipe"
        out.append(_class(name, model, base, [f"file: ClassVar[Callable[[], Any]] = lambda: {text}"], doc, {}))
    imports = (
        _GRAIN_IMPORTS + "from downrange.motor import solid\nfrom downrange.project import schema, schema_motor\n"
        "from downrange.recipes.base import UNSET, Given, Recipe\nfrom downrange.recipes.special import GrainMotorRecipe, NozzleRecipe, PropellantRecipe"
    )
    return "\n\n".join([_head("Motors made of grains, but for the grains.", list(GRAIN_PIECES), imports), *out])


def figures_text() -> str:
    """The text of `figures.py`."""
    out = [
        '"""The numbers of a flight as attributes, units in the names.\n\nMade by builders/make_recipes.py from '
        '`downrange.flight.quantities`.\n"""\n\nfrom __future__ import annotations\n\n__all__ = ["Figures"]\n\n\n'
        'class Figures:\n    """Attributes for the numbers of `summary()`; None for what did not happen."""\n\n'
        "    def _figure(self, name: str) -> float | None:\n        raise NotImplementedError\n"
    ]
    for q in quantities.of_one():
        doc = _meaning(q)
        out.append(
            f'    @property\n    def {q.key}(self) -> float | None:\n        """{doc[0].upper() + doc[1:]}."""\n        return self._figure("{q.name}")\n'
        )
    return "\n".join(out)


def _meaning(q: quantities.Quantity) -> str:
    return f"{q.meaning}, {q.unit}" if q.unit else q.meaning


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in (heads, ("---",) * len(heads), *rows)]
    return "\n".join(lines) + "\n"


def quantities_text() -> str:
    """The text of `docs/quantities.md`."""

    def where(q: quantities.Quantity) -> str:
        return {"all": "flight, campaign", "one": "flight", "many": "campaign"}[q.door] + (", body" if q.body else "")

    words = [(f"`{key}`", "", "flight", meaning) for key, (_, meaning) in quantities.WORDS.items()]
    flight = [(f"`{q.key}`", q.unit, where(q), q.meaning) for q in quantities.FLIGHT]
    check = [(f"`{q.key}`", q.unit, q.meaning) for q in quantities.PAD]
    track = [(f"`{q.key}`", q.unit, q.meaning) for q in quantities.TRAJECTORY]
    return QUANTITIES.format(
        flight=_table(("key", "unit", "of", "meaning"), [*words, *flight]), check=_table(("key", "unit", "meaning"), check),
        track=_table(("key", "unit", "meaning"), track),
    )  # fmt: skip


QUANTITIES = """# What a result holds

Every number has one name, with its unit at the end, and one meaning, wherever it is: `downrange fly --json` and
`summary.json`, attributes of a flight in Python (`flight.apogee_agl_m`), columns of a campaign (`campaign["apogee_agl_m"]` and its
Parquet files), columns of a trajectory. Numbers are SI and degrees; what did not happen is null, None or NaN, never zero. Speeds are over the ground unless
the name says airspeed. This page is made by `builders/make_recipes.py` from `flight/quantities.py`.

## Of a flight, and of each body of a campaign

"Body" marks what each entry of `bodies` has of its own.

{flight}
A campaign has besides: `flight` (its number), `mode`, `body`, `result`, `member` (of an ensemble of winds), and what was drawn for each
uncertain quantity, `in.` and its name, in SI. Of a vehicle that comes apart it has when and how high above the pad each stage and booster left and each motor was
lit in what the row's body was part of, like `at.booster.separation_s` and `at.booster.separation_m`; the height of an ignition only where it comes with a separation
or has conditions.

## Before flying: `check --json`

{check}
## Over time: `trajectory.csv`, `trajectory.parquet`, `flight.trajectory`

{track}"""


def texts() -> dict[str, str]:
    """The text of each module by its name."""
    parts = {m: parts_text(m) for m in ("airframe", *PART_FILES)}
    return (
        parts
        | {m: places_text(m) for m in WHAT}
        | {"grains": grains_text(), "grain_motor": grain_motor_text(), "figures": figures_text()}
    )


DOCS = Path(__file__).resolve().parents[1] / "docs/quantities.md"

if __name__ == "__main__":
    DOCS.write_text(quantities_text(), encoding="utf-8")
    for module, text in texts().items():
        (HERE / f"{module}.py").write_text(text, encoding="utf-8")
