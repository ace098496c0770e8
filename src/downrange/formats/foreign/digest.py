"""OpenRocket's fingerprint of a motor: what a `.ork` file names it by, beside its maker and designation.

It is the MD5 of whole numbers of four bytes, the most significant first: for each of times (ms), masses (0.1 g) and thrusts (mN) a
number for the kind (0, 1, 5), how many follow, and these, rounded. So it is of a `.eng` file, whose masses are the loaded and the empty
one; that of a `.rse` file has masses and centres of gravity over time, which this does not make. One curve in two files of different rounding has two.
"""

from __future__ import annotations

import hashlib

import numpy as np

__all__ = ["motor_digest"]

_NUDGE = 1e-11  # so that a half as a decimal number rounds up whatever its last bit
_TIMES, _MASSES, _THRUSTS = (0, 1e3), (1, 1e4), (5, 1e3)  # number of the kind, and units of it in one of ours


def motor_digest(time: np.ndarray, thrust: np.ndarray, loaded: float, empty: float) -> str:
    """The fingerprint (32 hexadecimal digits) that OpenRocket gives a `.eng` file with these numbers.

    time, thrust: (n,) samples as the file has them, s and N. loaded, empty: mass before and after, kg.
    """
    whole = hashlib.md5(usedforsecurity=False)
    for (kind, scale), values in ((_TIMES, time), (_MASSES, (loaded, empty)), (_THRUSTS, thrust)):
        scaled = (np.asarray(values, float) + _NUDGE) * scale + _NUDGE
        numbers = np.floor(scaled + 0.5).astype(">i4")
        whole.update(np.array([kind, numbers.size], ">i4").tobytes() + numbers.tobytes())
    return whole.hexdigest()
