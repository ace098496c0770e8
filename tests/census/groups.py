"""The groups of the census, by the name of their rows; each is made alone, and skipped alone where its data is not here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from census import campaigns, codes, flights, tunnels
from census.rows import Row

GROUPS: dict[str, Callable[[], Iterator[Row]]] = {
    "NASA's check cases": codes.nesc,
    "Barrowman and mass": codes.barrowman,
    "coefficients": tunnels.coefficients,
    "coefficients by Barrowman": tunnels.by_barrowman,
    "beside RocketPy": codes.rocketpy,
    "flights from geometry alone": flights.geometry_alone,
    "bands of the apogee": flights.bands,
    "descents": flights.descents,
    "landings": flights.landings,
    "campaign beside RocketPy": campaigns.rocketpys,
    "integrator": flights.integrator,
}
