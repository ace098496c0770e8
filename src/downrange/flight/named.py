"""The kernel's flat rows by name: views of the same memory, so that who writes a name writes the row.

`named_rows(rows)["lag"][:, 0] += 1.0` makes the first device of every flight a second late. Where a name stands in a row is the
kernel's affair; here is what it is called.
"""

from __future__ import annotations

import numpy as np

from downrange.errors import InputError
from downrange.flight.kernel import layout as k

__all__ = ["named_devices", "named_outputs", "named_records", "named_rows", "named_steps"]


def _type(width: int, *fields: tuple[str, int, int]) -> np.dtype:
    """Fields (name, first column, columns) of a row of `width` numbers."""
    forms = [(float, (n,)) if n > 1 else float for _, _, n in fields]
    return np.dtype(
        {
            "names": [f[0] for f in fields],
            "formats": forms,
            "offsets": [8 * f[1] for f in fields],
            "itemsize": 8 * width,
        }
    )


_ROW = _type(
    k.ROW, *((name, i, 1) for i, name in enumerate(k.FLIGHT_FIELDS)), ("rail_azimuth", k.RAIL_AZIMUTH, 1),
    ("rail_elevation", k.RAIL_ELEVATION, 1), ("cd_area", k.CDS0, k.DEVICES), ("lag", k.LAG0, k.DEVICES), ("value", k.VALUE0, k.DEVICES),
    ("backup", k.BACKUP0, k.DEVICES), ("strength", k.STRENGTH0, k.DEVICES), ("glide", k.GLIDE0, k.DEVICES), ("heading", k.HEADING, 1),
    ("guides", k.GUIDE0, 3), ("stop", k.STOP, 1), ("watch", k.WATCH, 1), ("stop_apogee", k.STOP_APOGEE, 1),
    ("stop_height", k.STOP_HEIGHT, 1), ("stop_speed", k.STOP_SPEED, 1), ("thrust_at", k.THRUST_AT, 1),
)  # fmt: skip
_RECORD = _type(
    k.RECORD, ("time", 0, 1), ("position_enu", k.R_STATE, 3), ("velocity_enu", k.R_STATE + 3, 3), ("quaternion", k.R_STATE + 6, 4),
    ("omega_body", k.R_STATE + 10, 3), ("phase", k.R_PHASE, 1), ("ready", k.R_READY, 1), ("past_apogee", k.R_APOGEE, 1), ("filling", k.R_FILLING, 1), ("stretch", k.R_STRETCH, k.DEVICES),
    ("released", k.R_RELEASED, k.DEVICES),
)  # fmt: skip
_STEP = _type(
    k.TRACK, ("time", 0, 1), ("state", 1, 13), ("rate", 14, 13), ("position_enu", 1, 3), ("velocity_enu", 4, 3), ("quaternion", 7, 4),
    ("omega_body", 11, 3), ("velocity_rate", 14, 3), ("acceleration_enu", 17, 3), ("under_canopy", 27, 1),
)  # fmt: skip
_DEVICE = _type(
    k.DEVICE, ("event", k.DEV_EVENT, 1), ("delay", k.DEV_DELAY, 1), ("fill", k.DEV_FILL, 1), ("replaces", k.DEV_REPLACES, 1),
    ("shape", k.DEV_SHAPE, 1), ("shock", k.DEV_SHOCK, 1), ("after", k.DEV_AFTER, 1),
)  # fmt: skip
_OUTPUT = _type(k.NOUT, *((name, i, 1) for i, name in enumerate(k.OUT)))


def _named(array: np.ndarray, kind: np.dtype, what: str) -> np.ndarray:
    width = kind.itemsize // 8
    if array.dtype != np.float64 or array.shape[-1:] != (width,) or not array.flags.c_contiguous:
        raise InputError(
            f"{what} must be float64 in one piece, of shape (..., {width}); seen {array.dtype} {array.shape}"
        )
    return array.view(kind)[..., 0]


def named_rows(rows: np.ndarray) -> np.ndarray:
    """Parameter rows (..., ROW) by name: the fields of `rows.FIELD`; `rail_azimuth`, `rail_elevation` (rad); each device's `cd_area`
    (m2), `lag` (s), `value` (m or s), `backup` (s), `strength` (N) and `glide`, and the `heading` (rad) of what glides; `guides`; when to `stop` and to `watch` (s); whether to stop at apogee, at what height (m)
    and speed (m/s); and the segment with which its thrust begins (`kernel.layout`). Raises `InputError` for another shape."""
    return _named(rows, _ROW, "rows")


def named_records(records: np.ndarray) -> np.ndarray:
    """States that a flight goes on from (..., RECORD) by name: `time`, `position_enu`, `velocity_enu`, `quaternion`, `omega_body`, what
    its devices did. SI. Raises `InputError` for another shape."""
    return _named(records, _RECORD, "records")


def named_steps(track: np.ndarray) -> np.ndarray:
    """Steps of a flight (..., TRACK) by name: `time`, the 13 numbers of `state` and their `rate`, also in parts, and `under_canopy`
    (0 or 1). SI. Raises `InputError` for another shape."""
    return _named(track, _STEP, "steps")


def named_devices(table: np.ndarray) -> np.ndarray:
    """Recovery devices (..., DEVICE) by name: `event` (AT_APOGEE, ...), `delay` (s), `fill`, `replaces`, `shape`, `shock`, `after`. Raises `InputError` for another shape."""
    return _named(table, _DEVICE, "devices")


def named_outputs(out: np.ndarray) -> np.ndarray:
    """What the kernel answers (..., NOUT) by the names of `rows.OUT`. SI. Raises `InputError` for another shape."""
    return _named(out, _OUTPUT, "answers")
