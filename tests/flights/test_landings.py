"""Where real flights came down: in which region of a campaign with default uncertainties, from geometry alone.

Genesis and Camões by their last position (at or near the ground), Juno III by its last fix 350 m up, NDRT by the
distance alone. The wind is the day's reanalysis. No default
uncertainty was fitted to a landing; that landings fell outside of narrower ones was known when these were set, from descents and winds.
"""

import numpy as np
import pytest

from cases import SILENT, flight_case
from downrange.dispersion import Uncertainty, fly_campaign, make_plan
from downrange.failures import mode_probabilities
from downrange.safety import Fix, condition, density


def campaign(name: str, flights: int = 4096, watch: float | None = None):
    from dataclasses import replace

    launch, data = flight_case(name, geometry=True)
    plan = make_plan(
        launch,
        uncertain={},
        relaunch=lambda _: launch,
        uncertainty=Uncertainty({}),
        modes=mode_probabilities(()),
        unsaid=SILENT,
    )
    return fly_campaign(replace(plan, watch=watch), flights), data["measured"]


@pytest.mark.parametrize(
    ("name", "keys", "region"),
    [
        ("genesis_2023", ("gnss_last_x_east_m", "gnss_last_y_north_m"), 0.75),
        ("camoes_2023", ("gnss_last_x_east_m", "gnss_last_y_north_m"), 0.75),
        ("juno3_2023", ("last_fix_x_east_m", "last_fix_y_north_m"), 0.75),
    ],
)
def test_landing_lies_in_the_region(name, keys, region):
    """Measured: in the region that holds 0.42 (Genesis), 0.12 (Camões) and 0.31 (Juno III) of the landings."""
    c, measured = campaign(name)
    at = c.landing[c.landed]
    d = density(at, np.ones(len(at)))
    here = float(d.at(np.array([[measured[k] for k in keys]]))[0])
    share = d.value[d.value > here].sum() * d.cell / d.inside
    assert 0.02 < share < region


def test_drift_of_ndrt():
    """693 m; the campaign has 625 m in the mean, and 71 % of its landings nearer."""
    c, measured = campaign("ndrt_2020")
    assert 0.02 < np.mean(c["landing_distance_m"] < measured["drift_m"]) < 0.98


def test_search_for_genesis_from_a_position_in_flight():
    """Told the logged position under drogue at 100 s (height from the altimeter), the search holds the last position in
    its 99 % area, which is a fraction of what it was."""
    from cases import columns, validation

    gnss = columns(validation("flights", "genesis_2023", "log_gnss.csv"))
    t, east, north = gnss["t_s"], gnss["x_east_from_pad_m"], gnss["y_north_from_pad_m"]
    k = int(np.argmin(np.abs(t - 100.0)))
    log = columns(validation("flights", "genesis_2023", "log_altimeter.csv"))
    height = np.interp(t[k], log["t_s"], log["geometric_alt_agl_m_era5_corrected"])
    c, measured = campaign("genesis_2023", watch=float(t[k]))
    found = condition(c, (), Fix(float(east[k]), float(north[k]), float(height), float(t[k]), 20.0))
    last = np.array([measured["gnss_last_x_east_m"], measured["gnss_last_y_north_m"]])
    assert found.share_at(last) < 0.99
    at = c.landing[c.landed]
    assert found.density.area(0.9) < 0.6 * density(at, np.ones(len(at))).area(0.9)
