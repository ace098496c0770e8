"""A `.eng` file has no word for hybrids and liquids: its comments, its names and its makers say so, and a flag tells what that means."""

import pytest

from downrange.formats.motors.eng import read_eng

BODY = "{name} 54 300 0 0.4 1.2 {maker}\n0.1 300\n1.5 280\n3 0\n"


@pytest.mark.parametrize(("before", "name", "maker", "kind"), [
    ("; K240 Hybrid, nitrous oxide and HTPB\n", "K240", "CLUB", "hybrid"), ("; a LIQUID engine\n;\n", "K240", "CLUB", "liquid"),
    ("", "K240-hybrid", "CLUB", "hybrid"), ("", "835CC76J-K240", "HyperTEK", "hybrid"), ("", "K240", "R.A.T.T. Works", "hybrid"),
    ("", "K240", "Contrail_Rockets", "hybrid"), ("", "K240", "AeroTech", ""), ("; hybridised data\n", "K240", "CLUB", ""), ("", "K240", "Rattler Motors", ""),
])  # fmt: skip
def test_what_says_so(tmp_path, before, name, maker, kind):
    path = tmp_path / "a.eng"
    path.write_text(before + BODY.format(name=name, maker=maker))
    (motor,) = read_eng(path)
    assert motor.kind == kind
    assert any("go with thrust" in f for f in motor.flags) == bool(kind)


def test_a_comment_is_of_the_motor_that_follows(tmp_path):
    path = tmp_path / "two.eng"
    path.write_text(
        BODY.format(name="A1", maker="CLUB")
        + "; the hybrid\n"
        + BODY.format(name="B2", maker="CLUB")
        + ";\n"
        + BODY.format(name="C3", maker="CLUB")
    )
    assert [m.kind for m in read_eng(path)] == ["", "hybrid", ""]
