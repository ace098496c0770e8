"""Rows by name are the same memory as the kernel's flat rows, each name at the place that the kernel reads."""

import numpy as np
import pytest

from downrange.errors import InputError
from downrange.flight import named
from downrange.flight.kernel import layout as k


def counted(width: int) -> np.ndarray:
    return np.arange(2.0 * width).reshape(2, width)


def test_every_field_of_a_row_is_where_the_kernel_has_it():
    rows = counted(k.ROW)
    seen = named.named_rows(rows)
    assert seen.shape == (2,)
    for column, name in enumerate(k.FLIGHT_FIELDS):
        assert seen[name].tolist() == [column, k.ROW + column], name
    assert seen["rail_azimuth"][0] == k.RAIL_AZIMUTH and seen["rail_elevation"][0] == k.RAIL_ELEVATION
    for name, first in (("cd_area", k.CDS0), ("lag", k.LAG0), ("value", k.VALUE0)):
        assert seen[name][1].tolist() == [k.ROW + first + n for n in range(k.DEVICES)], name
    assert seen["guides"][0].tolist() == [k.GUIDE0, k.GUIDE0 + 1, k.GUIDE0 + 2]
    assert seen["stop"][0] == k.STOP and seen["watch"][0] == k.WATCH


def test_a_row_has_no_number_without_a_name():
    rows = np.zeros((1, k.ROW))
    seen = named.named_rows(rows)
    for name in seen.dtype.names:
        seen[name] = 1.0
    assert rows.all()
    out = np.zeros((1, k.NOUT))
    for name in k.OUT:
        named.named_outputs(out)[name] = 1.0
    assert out.all()


def test_states_steps_devices_and_answers():
    record = named.named_records(counted(k.RECORD))[0]
    assert (
        record["time"] == 0
        and record["position_enu"].tolist() == [1, 2, 3]
        and record["velocity_enu"].tolist() == [4, 5, 6]
    )
    assert record["quaternion"].tolist() == [7, 8, 9, 10] and record["omega_body"].tolist() == [11, 12, 13]
    assert record["phase"] == k.R_PHASE and record["released"].tolist() == [k.R_RELEASED + n for n in range(k.DEVICES)]
    step = named.named_steps(counted(k.TRACK))[0]
    assert step["state"].tolist() == list(range(1, 14)) and step["rate"].tolist() == list(range(14, 27))
    assert step["acceleration_enu"].tolist() == [17, 18, 19] and step["under_canopy"] == 27
    device = named.named_devices(counted(k.DEVICE))[0]
    assert [device[n] for n in ("event", "delay", "fill", "replaces")] == [
        k.DEV_EVENT,
        k.DEV_DELAY,
        k.DEV_FILL,
        k.DEV_REPLACES,
    ]
    assert named.named_outputs(counted(k.NOUT))["landing_east"][1] == k.NOUT + k.O["landing_east"]


def test_writing_a_name_writes_the_row():
    rows = np.zeros((3, k.ROW))
    named.named_rows(rows)["lag"][:, 1] += [1.0, 2.0, 3.0]
    assert rows[:, k.LAG0 + 1].tolist() == [1, 2, 3] and rows.sum() == 6


@pytest.mark.parametrize(
    "wrong", [np.zeros((2, k.ROW - 1)), np.zeros((2, k.ROW), np.float32), np.zeros((2, 2 * k.ROW))[:, ::2]]
)
def test_what_is_no_row_is_told(wrong):
    with pytest.raises(InputError, match=rf"rows must be float64 in one piece, of shape \(\.\.\., {k.ROW}\); seen"):
        named.named_rows(wrong)
