"""What the numbers of a flight's row, device, record and answer are: the only door to the kernel's layout for whoever
stands above `flight`. The kernel may put them in another order; their names stay."""

import numpy as np

from downrange.flight.kernel.layout import (
    AT_ALTITUDE,
    AT_APOGEE,
    AT_NEVER,
    AT_STOP_APOGEE,
    AT_STRETCH,
    AT_TIME,
    CDS0,
    DEV_EVENT,
    DEV_FILL,
    DEVICE,
    DEVICES,
    FAST,
    FLIGHT_FIELDS,
    LAG0,
    LINEAR,
    NEVER_STOP,
    NOUT,
    OUT,
    RAIL_AZIMUTH,
    RAIL_ELEVATION,
    RECORD,
    ROW,
    SQUARE,
    STOP,
    STOP_APOGEE,
    STOP_HEIGHT,
    STOP_SPEED,
    THRUST_AT,
    VALUE0,
    WATCH,
    O,
)

__all__ = [
    "AT_ALTITUDE", "AT_APOGEE", "AT_NEVER", "AT_STOP_APOGEE", "AT_STRETCH", "AT_TIME", "CDS0", "DEVICE", "DEVICES", "DEV_EVENT", "DEV_FILL", "FAST", "FIELD",
    "LAG0", "LINEAR", "NEVER_STOP", "NOUT", "OUT", "RAIL_AZIMUTH", "RAIL_ELEVATION", "RECORD", "ROW", "SQUARE", "STOP", "STOP_APOGEE", "STOP_HEIGHT", "STOP_SPEED",
    "THRUST_AT", "VALUE0", "WATCH", "O", "pack_winds",
]  # fmt: skip

FIELD = {name: column for column, name in enumerate(FLIGHT_FIELDS)}
"""The column of a row that holds a field, by its name."""


def pack_winds(
    base: np.ndarray, member: np.ndarray, *, errors: tuple[np.ndarray, np.ndarray, np.ndarray], taper: np.ndarray, sigma: float,
    turbulence: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
) -> np.ndarray:  # fmt: skip
    """Winds of many flights for the kernel: (n, cells, 4), each [u, du, v, dv] in m/s, n that of `member`.

    base (m, nodes, 2) are profiles, member (n,) which one a flight meets. `errors` are unit errors at coarse heights
    (n, k, 2) with node and share (nodes,) of where a node lies between them, `sigma` (m/s) their standard deviation and
    taper (nodes,) their share near the ground. `turbulence` is its intensity (nodes,) m/s, depth (nodes,), the step over its
    length, decay (nodes,) and noise (n, nodes, 4), of which there is none where n is zero.
    """
    from downrange.flight.kernel.winds import pack_winds as pack

    (coarse, node, share), (intensity, depth, decay, noise) = errors, turbulence
    out = np.empty((len(member), base.shape[1] - 1, 4))
    pack(
        np.ascontiguousarray(base), member.astype(np.int64), coarse, node, share, taper, float(sigma), intensity, depth,
        decay, noise, out,
    )  # fmt: skip
    return out
