"""Real flights from geometry alone, where they came down, and the integrator."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cases import FLIGHTS, calisto, flight_band, flight_case, truth
from census.rows import Row
from downrange.flight import compile_launch, fly, fly_single

GROUP = "flights from geometry alone"
SILENT = {  # what the sources do not say, and how it may have been
    "fins 2 mm": {"fin_thickness": 0.002},
    "fins 6 mm": {"fin_thickness": 0.006},
    "finish 0.5 µm": {"finish": "polished"},
    "finish 150 µm": {"finish": "unfinished"},
}


def geometry_alone() -> Iterator[Row]:
    """Apogees, geometric and as an altimeter shows them, and how far what is not known moves them."""
    for name in FLIGHTS:
        launch, data = flight_case(name, geometry=True)
        flight, right = fly(launch, interpreted=True), truth(data)
        source = f"its log, grade {data['grade']}"

        def row(quantity: str, at: str, reference: float, ours: float, name: str = name, source: str = source) -> Row:
            return Row(GROUP, name, quantity, at, source, reference, ours, 0.1, 100 * (ours / reference - 1), "%")

        yield row("apogee, m", "", right, flight.apogee)
        shown, showed = flight.figures["apogee_pressure_altitude_agl"], data["measured"]["official_apogee_m"]
        yield row("apogee as an altimeter shows it, m", "", showed, shown)
        if time := data["measured"].get("log_apogee_time_s"):
            ours = flight.figures["time_to_apogee"]
            yield Row(GROUP, name, "time to apogee, s", "", source, time, ours, 0.01, 100 * (ours / time - 1), "%")
        for at, changed in SILENT.items():
            other, _ = flight_case(name, geometry=True, **changed)
            yield row("apogee, m", at, right, fly(other, stop_at_apogee=True, interpreted=True).apogee)


def bands() -> Iterator[Row]:
    """The bands of those apogees under default uncertainties and priors, and where in them the flights lie."""
    for name in FLIGHTS:
        band, right = flight_band(name)
        source = "default uncertainties, priors of what is not said"
        for quantity, value in (
            ("mean, m", band.mean), ("standard deviation, m", band.sigma), ("5 %, m", band.most[0]), ("25 %, m", band.half[0]),
            ("75 %, m", band.half[1]), ("95 %, m", band.most[1]),
        ):  # fmt: skip
            yield Row(
                "bands of the apogee", name, quantity, "", source, right if "mean" in quantity else None, value, 1.0
            )
        z = (right - band.mean) / band.sigma
        yield Row("bands of the apogee", name, "standard deviations off", "", source, 0.0, z, 0.01)
        for share in band.shares[:3]:
            part = 100 * share.sigma / band.mean
            yield Row("bands of the apogee", name, "moved by, %", share.name, source, None, part, 0.1)


LANDINGS = (
    ("genesis_2023", ("gnss_last_x_east_m", "gnss_last_y_north_m")),
    ("camoes_2023", ("gnss_last_x_east_m", "gnss_last_y_north_m")),
    ("juno3_2023", ("last_fix_x_east_m", "last_fix_y_north_m")),
)


def landings() -> Iterator[Row]:
    """Where they were seen, where a campaign with default uncertainties comes down, and in which region the one lies."""
    from downrange.safety import density
    from flights.test_landings import campaign

    group, source = "landings", "last fix, reanalysis wind"
    for name, keys in LANDINGS:
        c, measured = campaign(name)
        at = c.landing[c.landed]
        d = density(at, np.ones(len(at)))
        seen = np.array([measured[k] for k in keys])
        share = d.value[d.value > float(d.at(seen[None])[0])].sum() * d.cell / d.inside
        for k, axis in enumerate(("east", "north")):
            yield Row(group, name, f"mean landing, m {axis}", "", source, float(seen[k]), float(at[:, k].mean()), 1.0)
            yield Row(group, name, f"its standard deviation, m {axis}", "", source, None, float(at[:, k].std()), 1.0)
        yield Row(group, name, "region that holds it, %", "", source, None, 100 * float(share), 1.0)
    c, measured = campaign("ndrt_2020")
    x = c["landing_distance_m"]
    yield Row(group, "ndrt_2020", "mean distance, m", "", source, measured["drift_m"], float(x.mean()), 1.0)
    yield Row(group, "ndrt_2020", "its standard deviation, m", "", source, None, float(x.std()), 1.0)
    nearer = 100 * float(np.mean(x < measured["drift_m"]))
    yield Row(group, "ndrt_2020", "landings nearer, %", "", source, None, nearer, 1.0)


def descents() -> Iterator[Row]:
    """How fast they came down under given canopies, by their logs, with each drag area read in both ways."""
    from flights.test_descents import DESCENTS, READINGS, WORSE, logged, predicted

    for d in DESCENTS:
        right, quantity = logged(d), f"rate under the {d.under}, {d.top:g} to {d.bottom:g} m, m/s"
        for reading in READINGS:
            ours = predicted(d, reading)
            why = WORSE.get((d.name, reading), "")
            off = 100 * (ours / right - 1)
            yield Row(
                "descents",
                d.flight,
                quantity,
                reading,
                "its log",
                right,
                ours,
                0.1,
                off,
                "%",
                f"15 %{why and '; '}{why}",
            )


def integrator() -> Iterator[Row]:
    """Error of the apogee in centimetres against a tolerance of 1e-8."""
    for name in (*FLIGHTS, "calisto"):
        p = compile_launch(calisto()[0] if name == "calisto" else flight_case(name)[0])

        def apogee(tolerance: float, p=p) -> float:
            return fly_single(p, tolerance=tolerance, stop_at_apogee=True).out["apogee"]

        best = apogee(1e-8)
        for told, tolerance in (("1e-4", 1e-4), ("5e-5 (default)", 5e-5), ("1e-5", 1e-5), ("1e-6", 1e-6)):
            ours = 100 * (apogee(tolerance) - best)
            yield Row("integrator", name, "error of the apogee, cm", told, "tolerance 1e-8", 0.0, ours, 0.1)
