"""Materials: density, and for structures the shear modulus, each with its source.

Volume densities in kg/m3, surface densities (cloth, film) in kg/m2, line densities (cord) in kg/m.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from downrange.errors import InputError, NotFoundError, seen, suggest

__all__ = ["FINISHES", "FINISH_SOURCES", "MATERIALS", "Material", "find_material", "roughness"]

Kind = Literal["volume", "surface", "line"]


@dataclass(frozen=True)
class Material:
    """A material: `density` in kg/m3, kg/m2 or kg/m as `kind` says; `shear_modulus` in Pa, in the plane of a sheet."""

    name: str
    density: float
    kind: Kind
    source: str
    shear_modulus: float | None = None


_HANDBOOK = "typical value, Wood Handbook FPL-GTR-282 (2021), Table 5-3, at 12 % moisture"
_MAKER = "typical maker's data sheet"
_COMMON = "the value hobby design programs share, so that designs carry over"

_TABLE: tuple[Material, ...] = (
    Material("acrylic", 1190, "volume", _MAKER),
    Material("aluminum", 2700, "volume", "MMPDS-01, 6061-T6"),
    Material("balsa", 170, "volume", _COMMON),
    Material("basswood", 500, "volume", _COMMON),
    Material("birch", 670, "volume", _HANDBOOK),
    Material("blue tube", 1300, "volume", _MAKER),
    Material("brass", 8600, "volume", _COMMON),
    Material("cardboard", 680, "volume", _COMMON),
    Material("carbon fiber", 1780, "volume", _COMMON),
    Material("cork", 240, "volume", _COMMON),
    Material("delrin", 1420, "volume", _MAKER),
    Material("depron", 40, "volume", _COMMON),
    Material("fiberglass", 1850, "volume", "NEMA G10 laminate, typical"),
    Material("kraft phenolic", 950, "volume", _COMMON),
    Material("maple", 755, "volume", _COMMON),
    Material("nylon", 1150, "volume", _MAKER),
    Material("paper", 820, "volume", _COMMON),
    Material("petg", 1270, "volume", _MAKER),
    Material("pine", 530, "volume", _COMMON),
    Material("pla", 1240, "volume", _MAKER),
    Material("abs", 1050, "volume", _MAKER),
    Material("plywood", 630, "volume", _COMMON),
    Material("polycarbonate", 1200, "volume", _MAKER),
    Material("polystyrene", 1050, "volume", _COMMON),
    Material("pvc", 1390, "volume", _COMMON),
    Material("spruce", 450, "volume", _COMMON),
    Material("steel", 7850, "volume", "EN 1991-1-1, Table A.4"),
    Material("styrofoam", 20, "volume", _COMMON),
    Material("titanium", 4500, "volume", "MMPDS-01, Ti-6Al-4V (4430), rounded as hobby programs do"),
    Material("epoxy", 1150, "volume", _MAKER),
    Material("ripstop nylon", 0.067, "surface", _COMMON),
    Material("mylar", 0.021, "surface", _COMMON),
    Material("polyethylene thin", 0.015, "surface", _COMMON),
    Material("polyethylene heavy", 0.040, "surface", _COMMON),
    Material("silk", 0.060, "surface", _COMMON),
    Material("crepe paper", 0.025, "surface", _COMMON),
    Material("elastic cord", 0.0018, "line", _COMMON),
    Material("kevlar cord", 0.0060, "line", "typical, 1500 lb tubular"),
    Material("tubular nylon", 0.0130, "line", "typical, 11 mm (7/16 in) webbing"),
    Material("braided nylon line", 0.0010, "line", "typical, 2 mm (1/16 in)"),
)
# Shear moduli in the plane of a sheet, Pa: metals MMPDS-01; woods E_L times the mean of both in-plane ratios of Wood Handbook FPL-GTR-282, Table 5-1
# (grain along the span); plastics E/(2 + 2ν) of makers' data; woven 0/90 laminates as typically measured (a laminate with
# plies at 45° has several times more). They scatter by 20 % and more: measure your own where it matters.
_SHEAR = {
    "acrylic": 1.1e9,
    "aluminum": 26.2e9,
    "balsa": 0.155e9,
    "basswood": 0.51e9,
    "birch": 0.99e9,
    "brass": 37e9,
    "carbon fiber": 4.1e9,
    "delrin": 1.0e9,
    "fiberglass": 4.1e9,
    "maple": 1.1e9,
    "nylon": 0.9e9,
    "petg": 0.75e9,
    "pine": 0.5e9,
    "pla": 1.0e9,
    "abs": 0.8e9,
    "plywood": 0.62e9,
    "polycarbonate": 0.83e9,
    "polystyrene": 1.2e9,
    "pvc": 1.0e9,
    "spruce": 0.62e9,
    "steel": 79.3e9,
    "titanium": 42.7e9,
    "epoxy": 1.2e9,
}
MATERIALS: dict[str, Material] = {m.name: replace(m, shear_modulus=_SHEAR.get(m.name)) for m in _TABLE}

_HOERNER, _DATCOM = "Hoerner (1965), p. 5-3", "DATCOM, table 4.1.5.1-A"
_PRINT = "cusps half a layer deep, k = 0.98 Rz (Adams, Grant and Watson, 2012)"
# Finish: equivalent sand roughness in metres, and where it is from.
_FINISHES: tuple[tuple[str, float, str], ...] = (
    ("mirror", 0.0, "aerodynamically smooth"),
    ("polished", 0.5e-6, f"{_HOERNER}: finished and polished; {_DATCOM}: 0.5 to 2 µm"),
    ("bare composite", 5e-6, "as moulded: bores of fibreglass pipe, 5.2 µm (AWWA M45)"),
    ("optimum paint", 5e-6, f"{_HOERNER}: optimum paint-sprayed surface"),
    ("careful paint", 6.35e-6, f"{_DATCOM}: smooth matte paint, carefully applied"),
    ("smooth paint", 10e-6, f"{_DATCOM}: camouflage paint, average application"),
    ("planed wood", 15e-6, f"{_HOERNER}: planed wooden boards"),
    ("normal paint", 20e-6, f"{_HOERNER}: paint in aircraft mass production"),
    ("mass spray paint", 30e-6, f"{_DATCOM}: camouflage paint, mass-production spray"),
    ("cardboard", 40e-6, "uncoated kraft board of Ra 7 µm, k = 5.9 Ra (Adams, Grant and Watson, 2012); an estimate"),
    ("3-D print 0.1 mm", 50e-6, _PRINT),
    ("3-D print 0.2 mm", 100e-6, _PRINT),
    ("3-D print 0.3 mm", 150e-6, _PRINT),
    ("unfinished", 150e-6, f"{_DATCOM}: as dip-galvanised metal"),
    ("bad paint", 200e-6, f"{_HOERNER}: incorrectly sprayed aircraft paint"),
    ("rough unfinished", 250e-6, f"{_DATCOM}: as cast iron"),
    ("rough", 500e-6, f"{_HOERNER}: as raw wooden boards"),
)
FINISHES: dict[str, float] = {name: k for name, k, _ in _FINISHES}
FINISH_SOURCES: dict[str, str] = {name: source for name, _, source in _FINISHES}


def find_material(name: str | Material, kind: Kind) -> Material:
    """Return the material called `name` of `kind`, or the one given; raises `NotFoundError` with the nearest name."""
    if isinstance(name, Material):
        if name.kind != kind:
            raise InputError(
                f"{seen(name.name)} is a {name.kind} material; a {kind} material belongs here", key="material"
            )
        return name
    material = MATERIALS.get(name.lower())
    known = [m.name for m in _TABLE if m.kind == kind]
    if material is None or material.kind != kind:
        raise NotFoundError(f"no {kind} material called {seen(name)}{suggest(name, known)}; known: {', '.join(known)}")
    return material


def roughness(finish: str) -> float:
    """Return the roughness in metres of a named finish; raises `NotFoundError` with the nearest name."""
    known = {name.lower(): k for name, k in FINISHES.items()}
    if finish.lower() not in known:
        raise NotFoundError(f"no finish called {seen(finish)}{suggest(finish, FINISHES)}; known: {', '.join(FINISHES)}")
    return known[finish.lower()]
