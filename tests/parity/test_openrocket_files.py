"""OpenRocket's example files against its own results in calm air: what is read is the rocket that it flew."""

import csv
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from downrange.atmosphere import Wind
from downrange.errors import InputError
from downrange.flight import compile_launch, fly, launch_figures
from downrange.project import open_project
from downrange.project.foreign import open_foreign
from downrange.tables import Table1D

VALIDATION = Path(__file__).resolve().parents[3] / "shared/validation"
RESULTS = VALIDATION / "openrocket_results_calm.csv"
pytestmark = pytest.mark.skipif(not RESULTS.is_file(), reason="the validation data is not there")


def _rows():
    out = defaultdict(list)
    if RESULTS.is_file():
        with RESULTS.open(encoding="utf-8") as f:
            for row in csv.DictReader(f):
                if (VALIDATION / "ork" / row["file"]).is_file():
                    out[row["file"]].append(row)
    return out


ROWS = _rows()
OTHER_LIFT = {"Simulation scripting.ork"}
"""Four single control fins: OpenRocket counts the lift of a lone fin by its roll position, we in both planes."""


@pytest.mark.parametrize("file", sorted(ROWS))
def test_mass_balance_and_cp(file):
    """Barrowman's CP within 0.5 % of length, CNα within 0.5 %; mass within 0.3 % and CG within 1 mm where the motor is the same.

    Our catalogue has another weight of some motors, so that of the file's simulations the nearest counts.
    """
    masses, cgs = [], []
    for row in ROWS[file]:
        try:
            launch = open_project(VALIDATION / "ork" / file, configuration=row["sim_name"], method="barrowman").launch
        except InputError as error:
            assert "never guides" in str(error), error
            continue
        masses.append(abs(launch.loaded.mass / float(row["launch_mass_kg"]) - 1))
        cgs.append(abs(launch.loaded.cg[0] - float(row["cg_m_launch"])))
        if launch.simple:
            f = launch_figures(compile_launch(launch))
            assert abs(f["cp"] - float(row["cp_m_static_mach0.3_worst"])) < 0.005 * launch.rocket.length
            if file not in OTHER_LIFT:
                assert f["normal_slope"] == pytest.approx(float(row["cna_total"]), rel=5e-3)
    if file not in OTHER_LIFT:
        assert min(masses) < (3e-3 if launch.simple else 0.021), (
            "of stages, every motor has another weight: B6-0 are lighter there"
        )
        assert min(cgs) < (1e-3 if launch.simple else 0.011)


@pytest.mark.parametrize("file", sorted(p.name for p in (VALIDATION / "wild/ork").glob("*.ork")))
def test_what_people_made_is_read(file):
    """Every file: read, or refused in a line where its XML is broken on purpose; its parts, configurations and simulations counted."""
    import json

    known = {
        f["file"]: f for f in json.loads((VALIDATION / "wild/expected.json").read_text(encoding="utf-8"))["files"]
    }[file]
    try:
        design = open_foreign(VALIDATION / "wild/ork" / file).design
    except InputError as error:
        assert "broken" in file and "XML is broken" in str(error)
        return
    parts = {k: v for k, v in known["components"].items() if k not in ("stage", "rocket")}
    dropped = sum(n.kind == "dropped" and n.place != "" for n in design.notes)
    if any("with all in it" in n.text for n in design.notes):
        return
    assert sum(design.counts.values()) + dropped >= sum(parts.values()), "every component is counted or has its line"
    assert len(design.simulations) == known["n_simulations"]
    assert sum(len(c.motors) for c in design.configurations) == known["n_motors"]


CAUSES = [
    ("3D printable nose cone and fins.ork", "Simulation 2", 0.05, 0.02), ("A simple model rocket.ork", "Simulation 2", 0.02, 0.01),
    ("Base drag hack (short-wide).ork", "Simulation 3", 0.1, 0.01),
]  # fmt: skip
"""File, simulation, how far its apogee is off at least, and how far at most with OpenRocket's own drag."""


@pytest.mark.parametrize(("file", "simulation", "off", "left"), CAUSES, ids=[c[0] for c in CAUSES])
def test_what_differs_is_drag(file, simulation, off, left):
    """Where motor and weight are the same, OpenRocket's table of drag in place of ours gives its apogee: nothing else differs."""
    rows = [r for r in ROWS[file] if r["sim_name"] == simulation]
    if not rows:
        pytest.skip("the example is not there")
    launch = open_project(VALIDATION / "ork" / file, configuration=simulation).launch
    launch = replace(launch, weather=replace(launch.weather, wind=Wind()))
    apogee = float(rows[0]["max_altitude_m"])
    with (VALIDATION / "openrocket_aero_tables.csv").open(encoding="utf-8") as f:
        table = {
            float(r["mach"]): float(r["cd_total_axial"])
            for r in csv.DictReader(f)
            if r["file"] == file and r["sim_index"] == "1" and float(r["aoa_deg"]) == 0
        }
    mach = np.array(sorted(table))
    drag = Table1D(mach, np.array([table[m] for m in mach]), "OpenRocket's drag")
    with_theirs = replace(launch, aero=replace(launch.aero, drag_off=drag, drag_on=drag))
    ours, theirs = (fly(v, stop_at_apogee=True, interpreted=True).apogee / apogee - 1 for v in (launch, with_theirs))
    assert abs(ours) > off and abs(theirs) < left
