"""What the structure has to bear, for the terminal and as a figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text

from downrange.flight.structure import Structure
from downrange.report.layout import plain_table
from downrange.units import column, display, number

if TYPE_CHECKING:
    from downrange.report.canvas import PlainFigure

__all__ = ["loads_figure", "loads_summary", "loads_view"]


def loads_summary(parts: Sequence[Structure]) -> dict[str, Any]:
    """What a flight asks of its structure, of each of its configurations under `configurations`; above them the worst of all.

    SI, units in the names; null where something is not known.
    """
    each = [_one(s) for s in parts]
    worst = max(each, key=lambda d: d["bending"]["largest_n_m"])
    hottest = max(each, key=lambda d: d["stagnation_temperature_k"])
    heat = {k: hottest[k] for k in ("stagnation_temperature_k", "recovery_temperature_k", "hottest_at_s")}
    out = worst | heat | {"fins": _weakest(each), "joints": _hardest(each)}
    hard = max(each, key=lambda d: d["bending"]["largest_compression_n"])["bending"]
    out["bending"] = worst["bending"] | {
        "largest_shear_n": max(d["bending"]["largest_shear_n"] for d in each),
        "largest_compression_n": hard["largest_compression_n"], "compression_time_s": hard["compression_time_s"],
    }  # fmt: skip
    return out | {"configurations": each} if len(each) > 1 else out


def _weakest(each: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each set of fins where its flutter margin is least. Sets of one name are told apart by their order, nose first."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for d in each:
        names = [f["name"] for f in d["fins"]]
        for k, fin in enumerate(d["fins"]):
            key = (fin["name"], names[:k].count(fin["name"]))
            old = found.setdefault(key, fin)
            if fin["flutter_margin"] is not None and fin["flutter_margin"] < old["flutter_margin"]:
                found[key] = fin
    return list(found.values())


def _hardest(each: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each joint with the largest of what it bears."""
    found: dict[tuple[str, float], dict[str, Any]] = {}
    for joint in (j for d in each for j in d["joints"]):
        key = (joint["joint"], round(joint["station_m"], 6))
        old = found.setdefault(key, joint)
        found[key] = old | {k: max(old[k], joint[k]) for k in ("shear_n", "bending_n_m", "compression_n")}
    return list(found.values())


def _one(s: Structure) -> dict[str, Any]:
    """Of one configuration."""

    def n(value: float) -> float | None:
        return float(value) if math.isfinite(value) else None

    w, h = s.worst, s.hottest
    peak = int(np.argmax(np.abs(w.bending)))
    return {
        "configuration": s.name, "gust_m_s": s.gust,
        "fins": [
            {
                "name": fin.name, "shear_modulus_pa": n(fin.shear_modulus), "flutter_margin": n(s.margin(fin)[0]),
                "time_s": s.margin(fin)[1], "flutter_speed_at_sea_level_m_s": n(340.29 * fin.flutter_mach(101325.0)),
                "divergence_margin": n(s.divergence_margin(fin)),
            }
            for fin in s.fins
        ],
        "bending": {
            "largest_n_m": float(abs(w.bending[peak])), "station_m": float(w.x[peak]), "time_s": w.time, "mach": w.mach,
            "dynamic_pressure_pa": w.dynamic_pressure, "angle_of_attack_deg": math.degrees(w.angle_of_attack),
            "largest_shear_n": float(np.abs(w.shear).max()), "largest_compression_n": float(s.hardest.compression.max()), "compression_time_s": s.hardest.time,
        },
        "joints": [
            {"joint": name, "station_m": x, "shear_n": abs(v), "bending_n_m": abs(m), "compression_n": p} for name, x, v, m, p in s.joints
        ],
        "stagnation_temperature_k": h["stagnation"], "recovery_temperature_k": h["recovery"], "hottest_at_s": h["time"],
    }  # fmt: skip


def loads_view(parts: Sequence[Structure], units: str = "metric") -> RenderableType:
    """For a person with a saw in hand: each configuration that climbs, the whole vehicle first."""
    if len(parts) == 1:
        return Group(_view(parts[0], units), Text(_FOOT, style="dim"))
    out: list[RenderableType] = []
    for s in parts:
        ends = f"to {s.flies.ends:.1f} s" if math.isfinite(s.flies.ends) else "to apogee"
        begins = f"from {s.flies.begins:.1f} s" if math.isfinite(s.flies.begins) else "from lift-off"
        out += [Text(f"{s.name}, {begins} {ends}", style="bold"), _view(s, units), Text("")]
    return Group(*out, Text(_FOOT, style="dim"))


_FOOT = (
    "Margins are speeds over the fastest flight speed; 1.2 and more is usual, NACA TN 4197 fits its tests to about 20 %. Fin and joint strength "
    "themselves are yours to judge: compare with what they broke at."
)


def _view(s: Structure, units: str) -> RenderableType:
    d = _one(s)
    fins = plain_table("Fins", "flutter margin", "at s", "flutter speed, sea level", "divergence margin")
    notes: list[RenderableType] = []
    for f in d["fins"]:
        margin = f["flutter_margin"]
        if margin is None:
            fins.add_row(f["name"], "not evaluated", "", "", "")
            notes.append(
                Text(
                    f"! {f['name']}: no shear modulus is known for the material; give the part shear_modulus",
                    style="yellow",
                )
            )
            continue
        style = "bold red" if margin < 1 else "yellow" if margin < 1.2 else "green"
        fins.add_row(
            f["name"], Text(f"{margin:.2f}", style=style), f"{f['time_s']:.1f}", display(f["flutter_speed_at_sea_level_m_s"], "speed", units, 3),
            f"{f['divergence_margin']:.2f}",
        )  # fmt: skip
    b = d["bending"]
    text = (
        f"Largest bending moment {display(b['largest_n_m'], 'moment', units, 3)} at {display(b['station_m'], 'size', units, 3)} from the nose, at {b['time_s']:.1f} s: Mach {b['mach']:.2f}, "
        f"{b['angle_of_attack_deg']:.1f}° with a gust of {display(s.gust, 'wind', units, 3)}. Compression is at the largest thrust for the mass, {b['compression_time_s']:.1f} s."
    )
    (x_, x), (n_, n), (m_, m) = (column(kind, units) for kind in ("size", "force", "moment"))
    joints = plain_table("Joint", f"at {x_}", f"shear {n_}", f"bending {m_}", f"compression {n_}")
    for j in d["joints"]:
        joints.add_row(
            j["joint"],
            number(x * j["station_m"]),
            number(n * j["shear_n"], 3),
            number(m * j["bending_n_m"], 3),
            number(n * j["compression_n"], 3),
        )
    heat = (
        f"Air at the nose tip up to {display(d['stagnation_temperature_k'], 'temperature', units)}, the skin tends to {display(d['recovery_temperature_k'], 'temperature', units)} "
        f"(at {d['hottest_at_s']:.1f} s)."
    )
    return Group(fins, *notes, Text(""), Text(text), joints, Text(""), Text(heat))


def loads_figure(parts: Sequence[Structure]) -> PlainFigure:
    """Shear, bending and compression along the body at the worst instant, and the flutter margin over time, of each configuration."""
    from downrange.report.figures import new_figure

    fig, axes = new_figure(3 * len(parts), (8, 8 * len(parts)))
    for k, s in enumerate(parts):
        _panels(s, axes[3 * k : 3 * k + 3], f"{s.name}. " if len(parts) > 1 else "")
    return fig


def _panels(s: Structure, axes: Any, who: str) -> None:
    w, tr = s.worst, s.flight.trajectory
    a, b, c = axes
    a.plot(w.x, w.bending, color="#2a6fb0", label="bending, N m")
    a.plot(w.x, w.shear, color="#d9822b", lw=1, label="shear, N")
    a.set(
        title=f"{who}At {w.time:.1f} s, Mach {w.mach:.2f}, {math.degrees(w.angle_of_attack):.1f}°, gust of {s.gust:g} m/s",
        xlabel="aft of the nose, m",
    )
    b.plot(s.hardest.x, s.hardest.compression, color="#3a8f5c", label="compression, N")
    b.set(title=f"{who}At the largest thrust for the mass, {s.hardest.time:.1f} s", xlabel="aft of the nose, m")
    for ax in (a, b):
        for name, x, *_ in s.joints:
            ax.axvline(x, color="#8a8f98", lw=0.8, ls=":")
            ax.annotate(
                name,
                (x, 0.98),
                xycoords=("data", "axes fraction"),
                rotation=90,
                va="top",
                ha="right",
                fontsize=6,
                color="#8a8f98",
            )
        ax.legend(frameon=False, fontsize=8)
    rising = s.ascent
    for fin in s.fins:
        if math.isfinite(fin.flutter_pressure):
            c.plot(
                tr.time[rising],
                np.sqrt(fin.flutter_pressure / np.maximum(tr.dynamic_pressure[rising], 1.0)),
                label=f"{fin.name}: flutter",
            )
            c.plot(
                tr.time[rising],
                np.sqrt(fin.divergence_pressure / np.maximum(tr.dynamic_pressure[rising], 1.0)),
                lw=1,
                ls="--",
                label="divergence",
            )
    c.axhline(1.0, color="#c0392b", lw=1)
    c.axhline(1.2, color="#8a8f98", lw=0.8, ls=":")
    c.set(ylim=(0, 5), xlabel="time, s", ylabel="margin in speed", title=f"{who}Fins")
    if s.fins:
        c.legend(frameon=False, fontsize=8)
