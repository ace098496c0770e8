"""The validation page, from the census alone: `page(census)` is the text of `docs/validation.md`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from census.rows import Census, Row, text

_SPREAD = ("fins 2 mm", "fins 6 mm", "finish 0.5 µm", "finish 150 µm")


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(f"| {' | '.join(line)} |" for line in lines), ""]


def _cases(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row.case for row in rows))


def _finder(rows: Sequence[Row]) -> Callable[..., Row]:
    """A function that gives the row of a case, a quantity and a place."""
    known = {(row.case, row.quantity, row.at): row for row in rows}
    return lambda case, quantity, at="": known[case, quantity, at]


def _ours(row: Row) -> str:
    return text(row.ours, row.print)


def _error(row: Row, places: int = 1) -> str:
    return "" if row.error is None else f"{row.error + 0.0:+.{places}f} {row.unit}"


def _nesc(rows: list[Row]) -> list[str]:
    quantities = list(dict.fromkeys(row.quantity for row in rows))
    known = {(row.case, row.quantity, row.at): row for row in rows}

    def cell(case: str, quantity: str) -> str:
        pair = [known.get((case, quantity, at)) for at in ("outside the simulators' band", "from their median")]
        return "-" if pair[0] is None or pair[1] is None else f"{_ours(pair[0])} ({_ours(pair[1])})"

    return _table(["case", *quantities], ([c, *(cell(c, q) for q in quantities)] for c in _cases(rows)))


def _beside(rows: list[Row], places: int) -> list[str]:
    """Ours beside a reference, a line a row."""
    lines = ([row.name, _ours(row), f"{row.reference:.6g}", _error(row, places)] for row in rows)
    return _table(["quantity", "downrange", "reference", "difference"], lines)


def _by_table(rows: list[Row]) -> dict[tuple[str, str, str], list[Row]]:
    out: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        out.setdefault((row.case, row.quantity, row.source), []).append(row)
    return out


def _coefficients(rows: list[Row], barrowman: list[Row]) -> list[str]:
    old = {(row.case, row.quantity, row.source): row.ours for row in barrowman}
    summary, every = [], []
    for (case, quantity, source), part in _by_table(rows).items():
        errors, unit = np.array([row.error for row in part], float), part[0].unit
        mean, worst = float(np.mean(np.abs(errors))), float(np.max(np.abs(errors)))
        summary.append([
            case, quantity, source, str(len(part)), f"{mean:.2g} {unit}", f"{np.mean(errors):+.2g} {unit}", f"{worst:.2g} {unit}",
            _met(part[0].aim, mean, worst), f"{old[case, quantity, source]:.2g} {unit}",
        ])  # fmt: skip
        peers = any(row.peer is not None for row in part)
        head = ["Mach", "measured", "downrange", f"error, {unit}", *(["OpenRocket"] if peers else [])]
        lines = [
            [row.at.removeprefix("Mach "), f"{row.reference:.4g}", _ours(row), f"{row.error:+.2g}"]
            + ([f"{row.peer:.3g}" if row.peer is not None else ""] if peers else [])
            for row in part
        ]
        every += [f"**{case}: {quantity}** ({source})", "", *_table(head, lines)]
    head = ["model", "quantity", "source", "rows", "mean error", "bias", "worst", "aim", "Barrowman's mean"]
    return [*_table(head, summary), "Every row, with the peer's value where there is one:", "", *every]


def _met(aim: str, mean: float, worst: float) -> str:
    """An aim like `10 % each`, and whether it is met."""
    if not aim:
        return ""
    held = (worst if aim.endswith("each") else mean) <= float(aim.split()[0])
    return f"{aim}: {'met' if held else '**not met**'}"


def _rocketpy(rows: list[Row]) -> list[str]:
    find, lines = _finder(rows), []
    for case in (c for c in _cases(rows) if not c.startswith("Calisto")):
        cells = [case]
        for quantity in ("rail exit, m/s", "apogee, m"):
            row = find(case, quantity)
            cells += [_ours(row), text(row.reference, row.print), _error(row, 2)]
        arm = find(case, "apogee with its lever arm, m")
        lines.append([*cells, _ours(arm), _error(arm, 2)])
    head = ["flight", "rail exit, m/s", "RocketPy", "", "apogee, m", "RocketPy", "", "with its lever arm", ""]
    calisto = [row for row in rows if row.case.startswith("Calisto")]
    return [*_table(head, lines), "Calisto beside RocketPy 1.13:", "", *_beside(calisto, 2)]


def _alone(rows: list[Row]) -> list[str]:
    find, lines, spread = _finder(rows), [], []
    grade = {row.case: row.source[-1] for row in rows}
    for case in _cases(rows):
        apogee, shown = find(case, "apogee, m"), find(case, "apogee as an altimeter shows it, m")
        lines.append([
            case, grade[case], f"{apogee.ours:.0f}", f"{apogee.reference:.0f}", _error(apogee), f"{shown.ours:.0f}", f"{shown.reference:.0f}",
            _error(shown),
        ])  # fmt: skip
        spread.append([case, _error(apogee), *(_error(find(case, "apogee, m", at)) for at in _SPREAD)])
    sure = [c for c in grade if grade[c] == "A"]
    errors = {c: abs(find(c, "apogee, m").error or 0.0) for c in sure}
    others = [e for c, e in errors.items() if c != "ndrt_2020"]
    head = [
        "flight",
        "grade",
        "apogee, m",
        "measured (geometric)",
        "",
        "altimeter would show, m",
        "altimeter showed",
        "",
    ]
    return [
        f"No drag curve. Mean absolute error over the grade A flights: **{np.mean(list(errors.values())):.1f} %**, without NDRT "
        f"**{np.mean(others):.1f} %**.",
        "Fins 4 mm thick with rounded edges, normal paint (20 µm), two 11 mm buttons, as the sources say nothing. NDRT: its thrust curve makes it 178 m/s",
        "fast (the team's own simulation 172), its accelerometer saw 155, and with 8 % less thrust apogee (1,292 m) and the time to it (17.1 s, logged 17.09)",
        "agree at once, which no drag does; its JSON names errors in mass and inertia besides. Genesis' logged deceleration after burn-out is CD 0.60 on average",
        "between Mach 0.25 and 0.6, ours is 5 % higher; its propellant by geometry is 11 % short of the maker's. The grade B",
        "flights have known errors in their inputs.", "", *_table(head, lines), "How far what is not known moves the error:", "",
        *_table(["flight", "as above", *_SPREAD], spread),
    ]  # fmt: skip


def _bands(rows: list[Row]) -> list[str]:
    find, lines, off = _finder(rows), [], []
    for case in _cases(rows):
        mean, z = find(case, "mean, m"), find(case, "standard deviations off")
        low, lower, upper, high = (find(case, f"{k} %, m") for k in (5, 25, 75, 95))
        most = sorted((r for r in rows if r.case == case and r.quantity == "moved by, %"), key=lambda r: -r.ours)
        moved = ", ".join(f"{r.at.removeprefix('unsaid.').replace('_', ' ')} {_ours(r)} %" for r in most)
        lines.append([
            case, f"{mean.reference:.0f}", f"{_ours(mean)} ± {_ours(find(case, 'standard deviation, m'))}", f"{_ours(lower)} to {_ours(upper)}",
            f"{_ours(low)} to {_ours(high)}", f"{z.ours:+.2f}", moved,
        ])  # fmt: skip
        off.append(
            (
                z.ours,
                low.ours <= (mean.reference or 0.0) <= high.ours,
                lower.ours <= (mean.reference or 0.0) <= upper.ours,
            )
        )
    rms = float(np.sqrt(np.mean([z * z for z, _, _ in off])))
    head = ["flight", "flown, m", "predicted, m", "50 % band", "90 % band", "standard deviations off", "moved most by"]
    return [
        f"90 % bands hold **{sum(a for _, a, _ in off)} of {len(off)}**, 50 % bands {sum(b for _, _, b in off)}; root mean square of what they are off "
        f"by, in standard deviations: **{rms:.2f}**. Finish, fin thickness and",
        "nozzle exit are not said by the sources and have their priors. No uncertainty was fitted to an apogee: [where each is from](theory/dispersion.md). It is no "
        "blind test: these six flights had been flown with earlier editions, and how far off those were was known, when methods and priors were chosen.", "",
        *_table(head, lines),
    ]  # fmt: skip


_FIRST = {"genesis_2023": "54 %", "camoes_2023": "35 %", "juno3_2023": "29 %", "ndrt_2020": "93 % nearer"}
"""Where landings lay in the campaigns of the first edition of this page, before bodies hung under canopies."""


def _descents(rows: list[Row]) -> list[str]:
    lines = [
        [r.case, r.quantity.removesuffix(", m/s"), r.at, f"{r.reference:.1f}", _ours(r), _error(r), r.aim.partition("; ")[2]] for r in rows
    ]  # fmt: skip
    return _table(
        [
            "flight",
            "where",
            "drag area read as",
            "log, m/s",
            "downrange, m/s",
            "error",
            "further off than 15 %, because",
        ],
        lines,
    )


def _landings(rows: list[Row]) -> list[str]:
    find, lines = _finder(rows), []
    for case in _cases(rows):
        if case == "ndrt_2020":
            mean, sigma = find(case, "mean distance, m"), find(case, "its standard deviation, m")
            nearer = find(case, "landings nearer, %")
            lines.append([
                case, f"{mean.reference:.0f} m away", f"{_ours(mean)} ± {_ours(sigma)} m away", f"{_ours(nearer)} % of landings are nearer", _FIRST[case],
            ])  # fmt: skip
            continue
        e, n = (find(case, f"mean landing, m {axis}") for axis in ("east", "north"))
        se, sn = (find(case, f"its standard deviation, m {axis}") for axis in ("east", "north"))
        seen = f"{e.reference:.0f} E, {n.reference:.0f} N"
        ours = f"{_ours(e)} ± {_ours(se)} E, {_ours(n)} ± {_ours(sn)} N"
        lines.append([case, seen, ours, f"{_ours(find(case, 'region that holds it, %'))} %", _FIRST[case]])
    return _table(
        ["flight", "seen", "campaign, planned flights", "in the region that holds", "in the first edition"], lines
    )


def _grid(rows: list[Row]) -> list[str]:
    """Cases down, places across."""
    places = list(dict.fromkeys(row.at for row in rows))
    known = {(row.case, row.at): row for row in rows}
    return _table(["", *places], ([c, *(_ours(known[c, p]) for p in places)] for c in _cases(rows)))


def page(census: Census) -> str:
    """The text of the page."""
    group = census.group
    return "\n".join([
        "# Validation", "",
        "Made from the census, `docs/census.csv`: every number by which this package",
        "is judged stands in that one file. A test computes them all and fails when one moves by more than its last digit, better or worse, until the file",
        "is renewed with a line of reason (`python builders/census.py \"reason\"`). Each table names the kind of evidence; the gaps stand at the end.", "",
        "## NASA's check cases (an agency's simulators)", "",
        "NASA/TM-2015-218675: the largest distance outside the band that NASA's simulators span over the whole run, zero is inside; in brackets, that from their median.",
        "The tests allow 20 % of the band, or 0.01 ft, 1e-7 °, 1e-3 ft/s, 1e-3 °/s if that is larger.", "", *_nesc(group("NASA's check cases")),
        "## Barrowman and mass (another code)", "",
        "The Alpha III of OpenRocket's unit tests, Mach 0.3. Its roll inertia differs on purpose: the reference takes a fin for a",
        "square of equal area; with such fins ours agrees to 0.1 %. `--aero barrowman` is this method.", "", *_beside(group("Barrowman and mass"), 2),
        "## Coefficients beside wind tunnels and free flight", "",
        "`downrange aero --scorecard`. The peer is OpenRocket's kernel (2025) on the same model, run by the author of a fork of it. RASAero II prints",
        "a centre of pressure of 32.05 in for the ARCAS at low speed, 78.3 % of its length; the tunnel has 75.7 % at Mach 0.6.",
        "What falls short, and why, stands in [the theory](theory/aerodynamics.md).", "",
        "![scorecard](pictures/scorecard.png)", "", *_coefficients(group("coefficients"), group("coefficients by Barrowman")),
        "## Six real flights, the teams' drag curves, beside RocketPy 1.12.1", "",
        "Same inputs as RocketPy's rerun. Its tracker has an error open (1186): the offset of the present centre of gravity from the",
        "dry one enters its moments with the wrong sign, so that its rockets turn into the wind more than they should. With",
        "that lever arm (the propellant mirrored about the dry centre of gravity, and no swing about the lower button) ours",
        "agrees on all of them. The closed form of the pitch oscillation, in the tests, says which sign is right.", "", *_rocketpy(group("beside RocketPy")),
        "## The same flights from geometry alone", "", *_alone(group("flights from geometry alone")),
        "## How well those apogees were known", "", *_bands(group("bands of the apogee")),
        "## Rates of descent (real flights)", "",
        "From geometry alone, under the canopies that the sources give, on the scale of each log (an altimeter's, but Juno III's by satellite), where",
        "nothing opens. No source says whether its drag area is the canopy's own or was measured with the body in it, so both are flown: in one of the two",
        "every descent is within 15 %. Astra's recovery failed: its log has 105 m/s, ours nose first 175; what trailed behind it is not known.", "",
        *_descents(group("descents")),
        "## Landings (real flights)", "",
        "From geometry alone, the day's reanalysis wind, default uncertainties, nothing failing. Juno III's is a last fix 350 m up. A smaller region",
        "is nearer to where most come down: three of the four lie in higher regions than in the first edition, Juno III's does not.", "",
        *_landings(group("landings")),
        "## Campaigns (another code, closed forms)", "",
        "RocketPy 1.13.0's MonteCarlo on its Calisto, 300 flights, impulse ± 3 %, mass ± 0.3 kg, inclination ± 1°, with its lever arm put into ours. Its 300 have",
        "standard errors of a seventeenth of their spread in the mean, and 4 % in the spread.",
        "A linear case (wind alone varies) has the covariance J Jᵀ σ² to 6 %. Planned and ballistic flights of a campaign agree with the single driver to 1 cm at tolerance 1e-8.",
        "Discs, ellipses, casualty areas and the rule of three agree with printed figures to their digits; traced quantities with launches built anew.", "",
        *_beside(group("campaign beside RocketPy"), 1),
        "## Integrator: apogee error in centimetres", "", "Against tolerance 1e-8.", "", *_grid(group("integrator")),
        "## Gaps", "",
        "* The flights and the rows above had been seen when the laws for base drag and interference, the finishes and the priors were chosen among published ones; nothing was fitted, but the choice was not blind.",
        "* The centre of pressure of fins on a steep boat-tail (ARCAS, Mach 0.8 to 1.15), base pressure between thick fins (Finner's drag).",
        "* Tube and ring fins, flares, free-form fins and blunt noses are checked by limits and closed forms, not by measurements.",
        "* Tables of RASAero and DATCOM were read from files made after their formats, not from exports of those programs.",
        "* Attitude in wind is checked by invariants and NASA's tumbling brick, not against a measured attitude.",
        "* Four landings are too few to call the spread right; failure modes have not been compared with failed flights.",
        "* The CUDA kernel has been run on one kind of GPU (H200), and CI compiles and simulates it only.",
        "* Pods and boosters beside a body, and fins behind fins, are held against no measurement yet.", "",
        "## Why the numbers moved", "", "The reasons of the census, the newest last.", "", *(f"* {reason}" for reason in census.reasons), "",
    ])  # fmt: skip
