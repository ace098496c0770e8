"""The file of an engine that burns what flows, hybrid or liquid: its model, and the engine it describes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from downrange.errors import InputError
from downrange.formats.reading import guarded
from downrange.motor.hybrid import (
    Combustion,
    Engine,
    Feed,
    FuelGrain,
    Injector,
    NitrousTank,
    PressedTank,
    Regression,
)
from downrange.motor.nozzle import Nozzle
from downrange.project.fields import Kind, Strict
from downrange.uncertainty import Quantity

__all__ = ["EngineFile", "OpenedEngine", "open_engine"]

Size = Annotated[Quantity, Kind("length", above=0, high=20)]
Place = Annotated[Quantity, Kind("length", low=0, high=50)]
Filling = Annotated[Quantity, Kind("mass", above=0)]
Pressure = Annotated[Quantity, Kind("pressure", above=0, high=5e7, why="500 bar")]
Density = Annotated[Quantity, Kind("density", above=0)]
Share = Annotated[Quantity, Kind("number", above=0, high=1)]
Plain = Annotated[Quantity, Kind("number", low=-10, high=100)]


class TankFile(Strict):
    """A tank: nitrous oxide under its own pressure, or a liquid that a gas pushes."""

    contents: Literal["nitrous oxide", "liquid"] = Field("nitrous oxide", description="what is in it")
    diameter: Size = Field(description="of its inside")
    length: Size = Field(description="of its inside; its volume is that of a cylinder")
    mass: Filling = Field(description="of what is filled in")
    bottom: Place = Field(Quantity(0.0), description="of its inside, forward of the nozzle's end")
    temperature: Annotated[Quantity, Kind("temperature", low=183, high=309, why="liquid below 36 °C")] | None = Field(
        None, description="of the nitrous oxide"
    )
    pressure: Pressure | None = Field(None, description="of a liquid's tank, absolute")
    density: Density | None = Field(None, description="of the liquid")
    regulated: bool = Field(True, description="whether a regulator keeps the pressure; else the gas in it expands")
    exponent: Annotated[Quantity, Kind("number", low=1, high=1.67)] = Field(
        Quantity(1.2), description="of the expanding gas"
    )

    @model_validator(mode="after")
    def _whole(self) -> TankFile:
        need = ("temperature",) if self.contents == "nitrous oxide" else ("pressure", "density")
        strange = ("pressure", "density") if self.contents == "nitrous oxide" else ("temperature",)
        for key in need:
            if getattr(self, key) is None:
                raise _wrong(key, f"a tank of {self.contents} needs its {key}")
        for key in strange:
            if getattr(self, key) is not None:
                raise _wrong(key, f"the {key} of {self.contents} follows, or does not matter; leave it out")
        return self


class InjectorFile(Strict):
    """Orifices alike."""

    diameter: Size = Field(description="of an orifice")
    count: Annotated[int, Field(ge=1, le=10_000)] = Field(description="how many")
    discharge: Share = Field(description="discharge coefficient; a sharp edge has 0.6, a rounded one 0.95")
    model: Literal["spi", "hem", "nhne"] = Field("nhne", description="how a liquid that boils passes")


class FeedFile(Strict):
    """A tank and its injector."""

    tank: TankFile
    injector: InjectorFile


class RegressionFile(Strict):
    """r = a G^n L^m: the rate at a flux of 1 kg/(m2 s) through 1 m, and the exponents."""

    rate_at_1: Annotated[Quantity, Kind("speed", above=0, high=0.1)] = Field(
        description="at 1 kg/(m2 s), like 0.117 mm/s: the a of a law in mm/s and kg/(m2 s)"
    )
    n: Annotated[Quantity, Kind("number", low=0, high=1.2)] = Field(description="exponent of the flux")
    m: Annotated[Quantity, Kind("number", low=-1, high=1)] = Field(
        Quantity(0.0), description="exponent of the length, m"
    )
    flux: Literal["oxidiser", "total"] = "oxidiser"
    source: str = Field("", description="whose firings")


class FuelFile(Strict):
    """The fuel of a hybrid."""

    outer: Size = Field(description="outer diameter")
    port: Size = Field(description="diameter of the port")
    length: Size
    density: Density
    aft: Place = Field(Quantity(0.0), description="of its aft end, forward of the nozzle's end")
    regression: RegressionFile


class MixtureFile(Strict):
    """What oxidiser and fuel burn to at a ratio."""

    ratio: Annotated[Quantity, Kind("number", above=0, high=1000)] = Field(description="oxidiser over fuel, by mass")
    cstar: Annotated[Quantity, Kind("speed", above=300, high=2600)] = Field(description="characteristic velocity")
    heat_ratio: Annotated[Quantity, Kind("number", above=1, high=1.67)] = Field(description="of specific heats")


class CombustionFile(Strict):
    """c* and heat ratio over the mixture ratio."""

    mixtures: Annotated[list[MixtureFile], Field(min_length=1, max_length=200)]
    efficiency: Annotated[Quantity, Kind("number", low=0.3, high=1)] = Field(
        description="of c*, that mixing and burning leave"
    )
    source: str = ""


class EngineNozzleFile(Strict):
    """The nozzle."""

    throat: Size = Field(description="diameter of the throat")
    exit: Size = Field(description="diameter of the exit")
    divergence: Annotated[Quantity, Kind("angle", low=0, high=1.05)] = Field(description="half angle of the exit cone")
    efficiency: Share = Field(Quantity(1.0), description="of thrust, beyond divergence and friction")
    separation: Literal["summerfield", "schmucker", "stark", "none"] = "summerfield"


class ChamberFile(Strict):
    """The chamber besides the fuel's port: before and behind it together."""

    diameter: Size
    length: Size


class HullFile(Strict):
    """The engine from outside, and empty."""

    diameter: Size
    length: Size
    mass: Annotated[Quantity, Kind("mass", low=0)] = Field(description="of the empty engine, tank and all")


class EngineFile(Strict):
    """A hybrid (`grain`) or a liquid engine (`fuel`)."""

    name: str = ""
    manufacturer: str = ""
    notes: str = Field("", description="anything; sources above all")
    oxidiser: FeedFile
    grain: FuelFile | None = None
    fuel: FeedFile | None = None
    combustion: CombustionFile
    nozzle: EngineNozzleFile
    chamber: ChamberFile
    hull: HullFile

    @model_validator(mode="after")
    def _one_fuel(self) -> EngineFile:
        if (self.grain is None) == (self.fuel is None):
            raise _wrong("fuel", "an engine has a grain (hybrid) or fuel from a tank (liquid); one of the two")
        return self


@dataclass(frozen=True, eq=False)
class OpenedEngine:
    """An engine with what its file says of it."""

    engine: Engine
    file: EngineFile
    name: str


def _wrong(key: str, message: str) -> PydanticCustomError:
    return PydanticCustomError("contradiction", "{message}", {"message": message, "key": key})


@guarded("an engine")
def open_engine(path: str | Path) -> OpenedEngine:
    """The engine of a YAML file. Raises `InputError` with file, line and key."""
    from downrange.formats.yaml_text import read_yaml
    from downrange.project.project import validate

    path = Path(path)
    file = validate(EngineFile, read_yaml(path), path)
    try:
        return OpenedEngine(build_engine(file), file, file.name or path.stem)
    except InputError as error:
        raise InputError(error.message, file=str(path), line=error.line, key=error.key) from None


def build_engine(file: EngineFile) -> Engine:
    """The engine of a model, at the centres of its quantities."""
    g, c, n = file.grain, file.combustion, file.nozzle
    fuel: FuelGrain | Feed
    if g is not None:
        law = Regression(
            a=float(g.regression.rate_at_1),
            n=float(g.regression.n),
            m=float(g.regression.m),
            flux=g.regression.flux,
            source=g.regression.source,
        )
        fuel = FuelGrain(
            outer=float(g.outer),
            port=float(g.port),
            length=float(g.length),
            density=float(g.density),
            aft=float(g.aft),
            regression=law,
        )
    else:
        assert file.fuel is not None
        fuel = _feed(file.fuel)
    table = np.array([[float(m.ratio), float(m.cstar), float(m.heat_ratio)] for m in c.mixtures])
    return Engine(
        oxidiser=_feed(file.oxidiser), fuel=fuel, combustion=Combustion(table[:, 0], table[:, 1], table[:, 2], float(c.efficiency), c.source),
        nozzle=Nozzle(throat=float(n.throat), exit=float(n.exit), divergence=float(n.divergence), efficiency=float(n.efficiency), separation=n.separation),
        volume=math.pi / 4 * float(file.chamber.diameter) ** 2 * float(file.chamber.length),
    )  # fmt: skip


def _feed(f: FeedFile) -> Feed:
    t, i = f.tank, f.injector
    common: dict[str, Any] = {
        "volume": math.pi / 4 * float(t.diameter) ** 2 * float(t.length), "diameter": float(t.diameter), "bottom": float(t.bottom), "mass": float(t.mass),
    }  # fmt: skip
    tank: NitrousTank | PressedTank
    if t.contents == "nitrous oxide":
        assert t.temperature is not None
        tank = NitrousTank(temperature=float(t.temperature), **common)
    else:
        assert t.pressure is not None and t.density is not None
        tank = PressedTank(
            pressure=float(t.pressure),
            density=float(t.density),
            regulated=t.regulated,
            exponent=float(t.exponent),
            **common,
        )
    return Feed(tank, Injector(diameter=float(i.diameter), count=i.count, discharge=float(i.discharge), model=i.model))
