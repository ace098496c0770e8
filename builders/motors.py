"""Make `src/downrange/motor/data/motors.json.xz` from thrustcurve-db.json of the npm package thrustcurve-db.

    npm pack thrustcurve-db@3.0.4 && tar xzf thrustcurve-db-3.0.4.tgz
    python builders/motors.py package/thrustcurve-db.json

Every motor stays; what a curve needed is flagged: samples sorted by time, equal times merged, a zero added at the end,
impulse that differs from the stated one by more than 5 %, missing masses or samples.
"""

import json
import lzma
import re
import sys
from pathlib import Path

OUT = Path(__file__).parent.parent / "src/downrange/motor/data/motors.json.xz"


def curve(samples: list[list[float]], flags: list[str]) -> tuple[list[float], list[float]]:
    ordered = sorted(samples, key=lambda s: s[0])
    if ordered != samples:
        flags.append("samples were not in order of time: sorted")
    time: list[float] = []
    thrust: list[float] = []
    for t, f in ordered:
        if time and t - time[-1] < 1e-9:
            if abs(f - thrust[-1]) > 0:
                flags.append(f"two samples at {t:g} s: the later one moved by 0.1 ms")
                time.append(round(time[-1] + 1e-4, 6))
                thrust.append(f)
            continue
        if time and t <= time[-1]:
            t = round(time[-1] + 1e-4, 6)
        time.append(t)
        thrust.append(max(f, 0.0))
    if time[0] > 0:
        time, thrust = [0.0, *time], [0.0, *thrust]
    if thrust[-1] != 0:
        flags.append(f"curve ended at {thrust[-1]:g} N: a zero was added 10 ms later")
        time.append(round(time[-1] + 0.01, 6))
        thrust.append(0.0)
    return time, thrust


def entry(m: dict) -> dict:
    flags: list[str] = []
    e = {
        "id": m["motorId"], "designation": m["designation"], "name": m["commonName"], "maker": m["manufacturer"],
        "maker_short": m["manufacturerAbbrev"], "class": m["impulseClass"], "diameter_m": round(m["diameter"] / 1e3, 6),
        "length_m": round(m["length"] / 1e3, 6), "impulse_n_s": m["totImpulseNs"], "average_thrust_n": m.get("avgThrustN"),
        "burn_time_s": m.get("burnTimeS"), "kind": m.get("type", ""), "available": m.get("availability") == "regular",
        "certified_by": m.get("certOrg", ""), "case": m.get("caseInfo", ""), "propellant": m.get("propInfo", ""),
    }  # fmt: skip
    words = re.split(r"[-,/\s]+", str(m.get("delays", "")))
    e["delays_s"] = [float(w) for w in words if re.fullmatch(r"\d+(\.\d+)?", w)]
    e["plugged"] = any(w.upper() == "P" for w in words)
    if m.get("propWeightG"):
        e["propellant_kg"] = round(m["propWeightG"] / 1e3, 9)
    else:
        flags.append("propellant mass not known")
    if m.get("totalWeightG"):
        total = round(m["totalWeightG"] / 1e3, 9)
        if total > e.get("propellant_kg", 0):
            e["total_kg"] = total
        else:
            flags.append("stated total mass is not above the propellant's: left out")
    if m.get("samples") and len(m["samples"]) >= 2:
        time, thrust = curve(m["samples"], flags)
        impulse = sum((a + b) / 2 * (t1 - t0) for a, b, t0, t1 in zip(thrust, thrust[1:], time, time[1:]))
        off = impulse / m["totImpulseNs"] - 1
        if abs(off) > 0.05:
            flags.append(f"the curve's impulse is {100 * off:+.0f} % off the stated {m['totImpulseNs']:g} N s")
        e["time_s"], e["thrust_n"] = time, thrust
    else:
        flags.append("no thrust curve")
    if flags:
        e["flags"] = flags
    return e


def main() -> None:
    motors = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    out = sorted((entry(m) for m in motors), key=lambda e: (e["impulse_n_s"], e["maker"], e["designation"]))
    data = json.dumps(out, separators=(",", ":"), ensure_ascii=True).encode()
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
    flagged = sum("flags" in e for e in out)
    print(
        f"{len(out)} motors, {sum('time_s' in e for e in out)} with a curve, {flagged} flagged, {OUT.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
