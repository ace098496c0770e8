"""Make the pages that come from the code and the tests: the parts' fields, and the validation page.

`docs/validation.md` is made from the same cases as the tests; where the validation data is not beside the project it
stays as it was.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [
    str(HERE.parent / "tests"),
    str(HERE.parent / "tests" / "authorities"),
    str(HERE.parent / "tests" / "flights"),
    str(HERE.parent / "tests" / "parity"),
]


def parts_page() -> str:
    """Every part with its keys, from the dataclasses themselves."""
    from downrange.rocket import FINISHES, MATERIALS, PART_TYPES
    from downrange.rocket.parts import Deploy, Part

    common = {f.name for f in dataclasses.fields(Part)}

    def rows(cls: type, skip: set[str]) -> list[str]:
        out = ["| key | kind | meaning |", "|---|---|---|"]
        for f in dataclasses.fields(cls):
            if f.name in skip:
                continue
            must = " (needed)" if f.default is dataclasses.MISSING else ""
            out.append(f"| `{f.name}` | {f.metadata.get('kind') or ''} | {f.metadata.get('doc', '')}{must} |")
        return out

    lines = ["Every part has a `type` and may have:", "", *rows(Part, set()), ""]
    for name, cls in PART_TYPES.items():
        lines += [f"### {name}", "", (cls.__doc__ or "").strip(), "", *rows(cls, common), ""]
    lines += ["### deploy", "", "When a recovery device opens.", "", *rows(Deploy, set()), ""]
    lines += ["### Materials", "", "| name | density | source |", "|---|---|---|"]
    unit = {"volume": "kg/m³", "surface": "kg/m²", "line": "kg/m"}
    lines += [f"| {m.name} | {m.density:g} {unit[m.kind]} | {m.source} |" for m in MATERIALS.values()]
    lines += ["", "### Finishes", "", "| name | roughness |", "|---|---|"]
    lines += [f"| {k} | {v * 1e6:g} µm |" for k, v in FINISHES.items()]
    return "\n".join(lines) + "\n"


def nesc() -> list[str]:
    """How far each compared variable lies from the band of NASA's simulators, at worst."""
    from test_nesc import CASES, MARGIN, fly_case, simulators

    lines = [
        "| case | altitude, ft | longitude, 1e-7 ° | latitude, 1e-7 ° | velocity, ft/s | body rates, °/s |",
        "|---|---|---|---|---|---|",
    ]
    for case in CASES:
        sims = simulators(case)
        t, ours, _ = fly_case(case)

        def worst(keys: list[str], scale: float = 1.0, sims=sims, t=t, ours=ours) -> str:
            out = 0.0
            for k in keys:
                theirs = np.array([s[k][: t.size] for s in sims if k in s])
                out = max(out, float(np.maximum(theirs.min(0) - ours[k], ours[k] - theirs.max(0)).max()) * scale)
            return f"{max(out, 0.0):.2g}"

        rates = worst([k for k in MARGIN if "Angular" in k]) if "Brick" in case else "-"
        lines.append(
            f"| {case.split('_', 1)[1]} | {worst(['altitudeMsl_ft'])} | {worst(['longitude_deg'], 1e7)} | {worst(['latitude_deg'], 1e7)} | "
            f"{worst([k for k in MARGIN if 'Velocity' in k])} | {rates} |"
        )
    return lines


def barrowman() -> list[str]:
    """The Alpha III beside OpenRocket's numbers."""
    from alpha import alpha_iii
    from downrange.aero import AeroOptions, build_aero

    old = AeroOptions(method="barrowman")
    three, four, r = build_aero(alpha_iii(), options=old), build_aero(alpha_iii(4), options=old), alpha_iii().structure
    rows = [
        ("CNα, 3 fins", three.normal_slope(0.3), 26.146933), ("centre of pressure, 3 fins, m", three.centre_of_pressure(0.3), 0.22351541),
        ("CNα, 4 fins", four.normal_slope(0.3), 34.19591165), ("centre of pressure, 4 fins, m", four.centre_of_pressure(0.3), 0.22724216),
        ("dry mass, kg", r.mass, 0.0252682918), ("dry centre of gravity, m", float(r.cg[0]), 0.1917684358),
        ("dry roll inertia, kg m²", r.roll_inertia, 1.888136e-5), ("dry pitch inertia, kg m²", r.pitch_inertia, 1.7808603e-4),
    ]  # fmt: skip
    lines = ["| quantity | downrange | reference | difference |", "|---|---|---|---|"]
    lines += [f"| {n} | {a:.6g} | {b:.6g} | {100 * (a / b - 1):+.4f} % |" for n, a, b in rows]
    return lines


def flights() -> list[str]:
    """Real flights: beside RocketPy with the teams' drag, and against the flight from geometry alone."""
    from test_geometry_alone import truth
    from test_rocketpy import with_rocketpys_lever_arm

    from cases import FLIGHTS, flight_case
    from downrange.flight import fly

    parity = [
        "| flight | rail exit, m/s | RocketPy | | apogee, m | RocketPy | | with its lever arm | |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    alone = [
        "| flight | grade | apogee, m | measured (geometric) | | altimeter would show, m | altimeter showed | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    spread = ["| flight | fins 2 mm | 4 mm | 6 mm | finish 20 µm | 60 µm | 150 µm |", "|---|---|---|---|---|---|---|"]
    errors, sure = [], []
    for name in FLIGHTS:
        launch, data = flight_case(name)
        f, p = fly(launch).figures, data["rocketpy"]["rerun_v1_12_1"]
        v, w, arm = f["rail_exit_speed"], p["rail_exit_velocity_m_s"], with_rocketpys_lever_arm(launch)
        parity.append(
            f"| {name} | {v:.2f} | {w:.2f} | {100 * (v / w - 1):+.2f} % | {f['apogee']:.1f} | {p['apogee_agl_m']:.1f} | "
            f"{100 * (f['apogee'] / p['apogee_agl_m'] - 1):+.2f} % | {arm['apogee']:.1f} | "
            f"{100 * (arm['apogee'] / p['apogee_agl_m'] - 1):+.2f} % |"
        )
        flight = fly(flight_case(name, geometry=True)[0])
        e = flight.apogee / truth(data) - 1
        if data["grade"] == "A":
            errors.append(abs(e))
            if name != "ndrt_2020":
                sure.append(abs(e))
        shown, showed = flight.figures["apogee_pressure_altitude"], data["measured"]["official_apogee_m"]
        alone.append(
            f"| {name} | {data['grade']} | {flight.apogee:.0f} | {truth(data):.0f} | {100 * e:+.1f} % | {shown:.0f} | {showed:.0f} | "
            f"{100 * (shown / showed - 1):+.1f} % |"
        )

        def moved(name: str = name, **k: object) -> str:
            return f"{100 * (fly(flight_case(name, geometry=True, **k)[0], stop_at_apogee=True).apogee / truth(data) - 1):+.1f} %"  # noqa: B023

        spread.append(
            f"| {name} | {moved(fin_thickness=0.002)} | {moved()} | {moved(fin_thickness=0.006)} | {moved(finish='smooth paint')} | {moved()} | "
            f"{moved(finish='unfinished')} |"
        )
    return [
        "## Six real flights, the teams' drag curves, beside RocketPy 1.12.1", "",
        "Same inputs as RocketPy's rerun. Its tracker has an error open (1186): the offset of the present centre of gravity from the",
        "dry one enters its moments with the wrong sign, so that its rockets turn into the wind more than they should. With",
        "that lever arm (the propellant mirrored about the dry centre of gravity, and no swing about the lower button) ours",
        "agrees on all of them. The closed form of the pitch oscillation, in the tests, says which sign is right.", "", *parity, "",
        "## The same flights from geometry alone", "",
        f"No drag curve. Mean absolute error over the grade A flights: **{100 * np.mean(errors):.1f} %**, without NDRT **{100 * np.mean(sure):.1f} %**.",
        "Fins 4 mm thick with rounded edges, 60 µm paint, two 11 mm buttons, as the sources say nothing. NDRT: its thrust curve makes it 178 m/s",
        "fast (the team's own simulation 172), its accelerometer saw 155, and with 8 % less thrust apogee (1,292 m) and the time to it (17.1 s, logged 17.09)",
        "agree at once, which no drag does; its JSON names errors in mass and inertia besides. Genesis' logged deceleration after burn-out is CD 0.60 on average",
        "between Mach 0.25 and 0.6, ours is 5 % higher; its propellant by geometry is 11 % short of the maker's. The grade B",
        "flights have known errors in their inputs.", "", *alone, "", "How far what is not known moves the error:", "", *spread, "",
    ]  # fmt: skip


def scorecard_page() -> list[str]:
    """The scorecard, every row."""
    from downrange.report.scorecard import scorecard

    old = {(t.name, t.quantity, t.source): t for t in scorecard("barrowman")}
    lines = [
        "| model | quantity | source | rows | mean error | bias | worst | aim | Barrowman's mean |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for t in scorecard():
        u, was = t.unit, old[t.name, t.quantity, t.source]
        aim = (
            ""
            if t.limit >= 100
            else f"{t.limit:g} {u} {'each' if t.each else 'mean'}: {'met' if t.met else '**not met**'}"
        )
        lines.append(
            f"| {t.name} | {t.quantity} | {t.source} | {len(t.rows)} | {t.mean:.2g} {u} | {t.bias:+.2g} {u} | {t.worst:.2g} {u} | {aim} | {was.mean:.2g} {u} |"
        )
    lines += ["", "Every row, with the peer's value where there is one:", ""]
    for t in scorecard():
        peer = f" | {t.peer}" if t.peer else ""
        lines += [
            f"**{t.name}: {t.quantity}** ({t.source})",
            "",
            f"| Mach | measured | downrange | error, {t.unit}{peer} |",
            "|---|---|---|---|" + ("---|" if peer else ""),
        ]
        for r in t.rows:
            other = f" | {r.peer:.3g}" if r.peer is not None else (" | " if peer else "")
            lines.append(f"| {r.mach:g} | {r.measured:.4g} | {r.ours:.4g} | {r.error:+.2g}{other} |")
        lines.append("")
    return lines


def tolerance() -> list[str]:
    """Apogee error against tolerance."""
    from cases import FLIGHTS, calisto, flight_case
    from downrange.flight import compile_launch, fly_single

    lines = ["| flight | 1e-4 | 5e-5 (default) | 1e-5 | 1e-6 |", "|---|---|---|---|---|"]
    for name in (*FLIGHTS, "calisto"):
        p = compile_launch(calisto()[0] if name == "calisto" else flight_case(name)[0])
        best = fly_single(p, tolerance=1e-10, stop_at_apogee=True).out["apogee"]
        cells = [
            f"{100 * (fly_single(p, tolerance=t, stop_at_apogee=True).out['apogee'] - best):+.2f}"
            for t in (1e-4, 5e-5, 1e-5, 1e-6)
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def landings() -> list[str]:
    """In which region of a campaign real flights came down."""
    from downrange.safety import density
    from flights.test_landings import campaign

    lines = ["| flight | seen | campaign, planned flights | in the region that holds |", "|---|---|---|---|"]
    for name, keys in (
        ("genesis_2023", ("gnss_last_x_east_m", "gnss_last_y_north_m")),
        ("camoes_2023", ("gnss_last_x_east_m", "gnss_last_y_north_m")),
        ("juno3_2023", ("last_fix_x_east_m", "last_fix_y_north_m")),
    ):
        c, measured = campaign(name)
        at = c.landing[c.landed]
        d = density(at, np.ones(len(at)))
        seen = np.array([measured[k] for k in keys])
        share = d.value[d.value > float(d.at(seen[None])[0])].sum() * d.cell / d.inside
        (e, n), (se, sn) = at.mean(axis=0), at.std(axis=0)
        lines.append(
            f"| {name} | {seen[0]:.0f} E, {seen[1]:.0f} N | {e:.0f} ± {se:.0f} E, {n:.0f} ± {sn:.0f} N | {share:.0%} |"
        )
    c, measured = campaign("ndrt_2020")
    x = c["landing_distance_m"]
    nearer = np.mean(x < measured["drift_m"])
    lines.append(
        f"| ndrt_2020 | {measured['drift_m']:.0f} m away | {x.mean():.0f} ± {x.std():.0f} m away | {nearer:.0%} of landings are nearer |"
    )
    return lines


def validation_page() -> str:
    """The whole validation page."""
    return "\n".join(
        [
            "# Validation", "",
            "Made by `docs/figures.py` from the cases of the tests. Each table names the kind of evidence; the gaps stand at the end.", "",
            "## NASA's check cases (an agency's simulators)", "",
            "NASA/TM-2015-218675, the largest distance outside the band that NASA's simulators span over the whole run; zero is inside.",
            "The tests allow 20 % of the band, or 0.01 ft, 1e-7 °, 1e-3 ft/s, 1e-3 °/s if that is larger.", "", *nesc(), "",
            "## Barrowman and mass (another code)", "",
            "The Alpha III of OpenRocket's unit tests, Mach 0.3. Its roll inertia differs on purpose: the reference takes a fin for a",
            "square of equal area; with such fins ours agrees to 0.1 %. `--aero barrowman` is this method.", "", *barrowman(), "",
            "## Coefficients beside wind tunnels and free flight", "",
            "`downrange aero --scorecard`. The peer is OpenRocket's kernel (2025) on the same model, run by the author of a fork of it. RASAero II prints",
            "a centre of pressure of 32.05 in for the ARCAS at low speed, 78.3 % of its length; the tunnel has 75.7 % at Mach 0.6.",
            "What falls short, and why, stands in [the theory](theory/aerodynamics.md).", "",
            "![scorecard](pictures/scorecard.png)", "", *scorecard_page(), *flights(),
            "## Landings (real flights)", "",
            "From geometry alone, the day's reanalysis wind, default uncertainties, nothing failing. Juno III's is a last fix 350 m up.", "", *landings(), "",
            "## Campaigns (another code, closed forms)", "",
            "RocketPy 1.13.0's MonteCarlo on its Calisto, 300 flights, impulse ± 3 %, mass ± 0.3 kg, inclination ± 1°, with its lever arm put into ours: means of apogee,",
            "landing, rail exit, Mach and time within three standard errors and 0.3 % (15 m of drift), standard deviations within 16 % (three of theirs are 12 %).",
            "A linear case (wind alone varies) has the covariance J Jᵀ σ² to 6 %. Planned and ballistic flights of a campaign agree with the single driver to 1 cm at tolerance 1e-8.",
            "Discs, ellipses, casualty areas and the rule of three agree with printed figures to their digits; traced quantities with launches built anew.", "",
            "## Integrator: apogee error in centimetres", "", "Against tolerance 1e-10.", "", *tolerance(), "",
            "## Gaps", "",
            "* The flights and the rows above had been seen when the laws for base drag and interference were chosen among published ones; nothing was fitted.",
            "* Transonic and subsonic flow over fins on a steep boat-tail (ARCAS below Mach 1.2), base pressure between thick fins (Finner's drag).",
            "* Tube and ring fins, flares, free-form fins and blunt noses are checked by limits and closed forms, not by measurements.",
            "* Tables of RASAero and DATCOM were read from files made after their formats, not from exports of those programs.",
            "* Attitude in wind is checked by invariants and NASA's tumbling brick, not against a measured attitude.",
            "* Four landings are too few to call the spread right; failure modes have not been compared with failed flights.",
            "* The CUDA kernel has been compiled and simulated, and not run on a GPU.",
            "* Several stages, clusters and pods are not there.", "",
        ]
    )  # fmt: skip


def main() -> None:
    """Write the generated pages."""
    from cases import VALIDATION

    folder = HERE / "_figures"
    folder.mkdir(exist_ok=True)
    (folder / "parts.md").write_text(parts_page(), encoding="utf-8")
    from downrange.report.scorecard import scorecard, scorecard_figure

    scorecard_figure(scorecard()).savefig(HERE / "pictures" / "scorecard.png", dpi=70)
    if VALIDATION.exists():
        (HERE / "validation.md").write_text(validation_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
