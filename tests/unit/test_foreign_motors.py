"""Motors by OpenRocket's fingerprint of a curve.

That of Estes A3 stands in designs of other people: it is MD5 over whole milliseconds, tenths of a gram and millinewtons.
"""

import hashlib
import struct

import numpy as np
import pytest

from downrange.formats.foreign import ForeignMotor
from downrange.formats.foreign.digest import motor_digest
from downrange.project.foreign_motors import found_motor

A3 = "4dc031a0d591966f87e840f87da6f42c"  # of <motor> Estes A3T in a design of another program
ENG = "; two of one name\nX9 18 70 5 0.0062 0.0242 Me\n0.05 10\n0.5 9\n1.0 0\n;\nX9 18 70 5 0.0062 0.0242 Me\n0.05 12\n0.5 9\n1.0 0\n"


def test_the_fingerprint_is_of_what_the_format_says():
    """By hand: kind, count and numbers, four bytes each, the most significant first; halves go up."""
    time, thrust = np.array([0.0, 0.0345, 1.25]), np.array([0.0, 9.9995, 0.0])
    numbers = [0, 3, 0, 35, 1250, 1, 2, 242, 180, 5, 3, 0, 10000, 0]
    by_hand = hashlib.md5(struct.pack(">14i", *numbers), usedforsecurity=False).hexdigest()
    assert motor_digest(time, thrust, 0.0242, 0.01795) == by_hand
    assert motor_digest(time, thrust, 0.0242, 0.0178) != by_hand
    assert motor_digest(time, thrust * 1.001, 0.0242, 0.01795) != by_hand


def test_a_motor_is_found_by_its_curve_whatever_it_is_called():
    name, told = found_motor(ForeignMotor("m", "A3T", "Estes", digest=A3, diameter=0.013))
    assert name == "Estes A3" and "was taken for Estes A3" in told
    other, _ = found_motor(ForeignMotor("m", "A3T", "Estes", digest="0" * 32, diameter=0.013))
    assert other == "Quest A3T", "by name alone it is another maker's"


@pytest.mark.parametrize("which", [0, 1])
def test_of_files_beside_the_design_that_with_the_same_curve_is_taken(tmp_path, which):
    blocks = ENG.split("\n;\n")
    (tmp_path / "a.eng").write_text(blocks[0] + "\n")
    (tmp_path / "b.eng").write_text(blocks[1])
    thrust = np.array([0.0, 10.0 if which == 0 else 12.0, 9.0, 0.0])
    digest = motor_digest(np.array([0.0, 0.05, 0.5, 1.0]), thrust, 0.0242, 0.018)
    found, _ = found_motor(ForeignMotor("m", "X9", "Me", digest=digest), tmp_path)
    assert found["file"] == ("a.eng", "b.eng")[which]
    found, _ = found_motor(ForeignMotor("m", "X9", "Me", digest="0" * 32), tmp_path)
    assert found["file"] == "a.eng", "none has it: the first of the name"
