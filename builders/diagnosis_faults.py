"""How often `downrange diagnose` is right: `python builders/diagnosis_faults.py OUT.json [EACH]` flies EACH faults of every mode of several rockets, with logs of an
altimeter alone and of a full flight computer, diagnoses each, and adds a line for each to OUT.json; without EACH it prints the tables of docs/theory/diagnosis.md and draws its figure."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from downrange.errors import InputError
from downrange.learning.diagnosis import diagnose_logs, fly_library
from downrange.project import open_project
from downrange.project.campaigns import plan_campaign
from downrange.project.flights import air_error
from faults import ALTIMETER, FULL, fault_logs

ROOT = Path(__file__).resolve().parents[1]
ROCKETS = ("first_rocket", "genesis", "ndrt", "two_stage")
FAINT = ("weathercock", "high thrust", "fin loss")
"""Modes that may change nothing that an altimeter sees."""


def fly(rocket: str, each: int, out: Path) -> None:
    """Diagnose `each` faults of every mode of a rocket, a line of JSON each."""
    project = open_project(ROOT / "examples" / rocket / "launch.yaml")
    plan = plan_campaign(project)
    library = fly_library(plan)
    modes = [m for m, _, _ in library.flown]
    with out.open("a") as file:
        for word, sensors in (("altimeter", ALTIMETER), ("full", FULL)):
            for k, mode in enumerate(modes):
                for log in fault_logs(
                    plan, mode, sensors, count=each, block=9 + k + 50 * ROCKETS.index(rocket) + 500 * (word == "full")
                ):
                    try:
                        d = diagnose_logs(library, [log], air_error=air_error(project))
                    except InputError as error:
                        print(rocket, word, mode.name, error, file=sys.stderr)
                        continue
                    p = {h.name: round(h.probability, 9) for h in d.hypotheses}
                    failed = {h.name: round(h.if_failed, 9) for h in d.hypotheses if np.isfinite(h.if_failed)}
                    prior = next(h.prior for h in d.hypotheses if h.name in (mode.name, "recording cut"))
                    priors = {h.name: h.prior for h in d.hypotheses}
                    line = {"rocket": rocket, "log": word, "truth": mode.name, "p": p, "if_failed": failed, "fits": d.fits, "cut": d.cut, "improbable": d.improbable, "prior": prior, "priors": priors}  # fmt: skip
                    file.write(json.dumps(line) + "\n")
                    file.flush()


def _rank(shares: dict[str, float], truth: str) -> int:
    order = sorted(shares, key=lambda k: -shares[k])
    return order.index(truth) + 1 if truth in order else 99


def _alike(line: dict) -> dict[str, float]:
    """Probabilities of the failures where each is as probable before the log is seen."""
    odds = {k: p / line["priors"][k] for k, p in line["if_failed"].items()}
    whole = sum(odds.values())
    return {k: x / whole for k, x in odds.items()}


def tables(lines: list[dict]) -> str:
    """The tables in Markdown."""
    out = []
    for word in ("altimeter", "full"):
        mine = [x for x in lines if x["log"] == word]
        faults = [x for x in mine if x["truth"] != "nominal"]
        clear = [x for x in faults if x["truth"] not in FAINT]
        for name, group in (("all", faults), ("without the faint ones", clear)):
            if group:
                cells = [
                    np.mean([_rank(x[key], x["truth"]) <= n for x in group])
                    for key in ("p", "if_failed")
                    for n in (1, 3)
                ]
                out.append(f"| {word}, {name} | {len(group)} | " + " | ".join(f"{100 * c:.0f} %" for c in cells) + " |")
        names = sorted({x["truth"] for x in mine})
        out.append("")
        for t in names:
            own = [x for x in mine if x["truth"] == t]
            first = [max(x["p"], key=x["p"].get) for x in own]
            wrong = {k: first.count(k) for k in set(first) if k != t}
            known = sum(_rank(x["if_failed"], t) <= 1 for x in own)
            said = ", ".join(f"{k} {n}" for k, n in sorted(wrong.items(), key=lambda kn: -kn[1])) or "-"
            third = sum(_rank(x["p"], t) <= 3 for x in own)
            out.append(f"| {t} | {len(own)} | {first.count(t)} | {third} | {known} | {said} |")
        out.append("")
        near = [np.log(max(x["p"][x["truth"]] / x["prior"], 1e-12) / max(x["p"]["nominal"] / x["priors"]["nominal"], 1e-12)) for x in faults if _rank(x["p"], x["truth"]) > 1 and "nominal" in x["p"]]  # fmt: skip
        out.append(f"{word}: of {len(near)} not put first, {sum(n < np.log(10) for n in near)} are less than ten times likelier by the log than in a nominal flight; {sum(n < 0 for n in near)} are less likely")  # fmt: skip
        score = [-np.log(max(x["if_failed"].get(x["truth"], 0), 1e-9)) for x in faults]
        out.append(f"{word}: minus the mean logarithm of what was said of the truth, if something failed: {np.mean(score):.3f}\n")  # fmt: skip
    return "\n".join(out)


def reliability(lines: list[dict], path: Path) -> str:
    """Draw how often what is said with a probability is so, each fault counted as often as its mode happens."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    count = {t: sum(x["truth"] == t for x in lines) for t in {x["truth"] for x in lines}}
    points = [(p, k == x["truth"], x["prior"] / count[x["truth"]]) for x in lines for k, p in x["p"].items()]
    failed = [x for x in lines if x["truth"] != "nominal"]
    known = [(p, k == x["truth"], x["prior"] / count[x["truth"]]) for x in failed for k, p in x["if_failed"].items()]
    equal = [(p, k == x["truth"], 1.0) for x in failed for k, p in _alike(x).items()]
    figure, ax = plt.subplots(figsize=(5, 4.6))
    edges, rows = np.array([0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0001]), []
    for label, data, colour in (
        ("as often as they happen", points, "#2a6fb0"),
        ("something failed, as often as they happen", known, "#3a8f5c"),
        ("something failed, each mode alike", equal, "#d9822b"),
    ):
        p, so, w = (np.array([d[k] for d in data], float) for k in range(3))
        x, y = [], []
        for a, b in zip(edges[:-1], edges[1:], strict=True):
            inside = (p >= a) & (p < b)
            if inside.sum() >= 5:
                x.append(np.average(p[inside], weights=w[inside]))
                y.append(np.average(so[inside], weights=w[inside]))
                rows.append(
                    f"| {label} | {100 * a:.0f} to {100 * min(b, 1):.0f} % | {int(inside.sum())} | {100 * x[-1]:.1f} % | {100 * y[-1]:.1f} % |"
                )
        ax.plot(x, y, "o-", color=colour, lw=1.4, ms=4, label=label)
    ax.plot([0, 1], [0, 1], color="#8a8f98", lw=0.8, ls=":")
    ax.set_xlabel("probability that was said")
    ax.set_ylabel("share that was so")
    ax.legend(fontsize=8, frameon=False)
    ax.set_title("Diagnoses of synthetic faults", fontsize=10)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    return "\n".join(rows)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    if len(sys.argv) > 2:
        for one in sys.argv[3:] or ROCKETS:
            fly(one, int(sys.argv[2]), target)
    else:
        found = [json.loads(x) for x in target.read_text().splitlines()]
        print(tables(found))
        print(reliability(found, ROOT / "docs" / "pictures" / "diagnosis-reliability.png"))
