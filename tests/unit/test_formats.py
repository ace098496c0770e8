"""A new format is one new file; what is half of one is an error."""

import pytest

from downrange.errors import InputError
from downrange.formats import ensembles, motors, pick_motor, shapes
from downrange.formats.registry import Readers

TOY = '''
"""Two thrusts in a line: burn time, thrust."""
import numpy as np
from downrange.motor import Motor
SUFFIXES = (".toy",)
def read(path):
    seconds, newtons = map(float, path.read_text().split())
    motor = Motor(
        designation="Toy", manufacturer="nobody", time=np.array([0.0, seconds, seconds + 0.5]), thrust=np.array([newtons, newtons, 0.0]),
        diameter=0.018, length=0.07, propellant_mass=0.01, dry_mass=0.01,
    )
    return [motor], []
'''


@pytest.fixture
def beside(tmp_path, monkeypatch):
    """A folder whose modules are formats of motors too, and readers that have not looked yet."""
    monkeypatch.setattr(motors, "__path__", [*motors.__path__, str(tmp_path)])
    monkeypatch.setattr(motors, "READERS", Readers(motors.__name__, motors.READERS.what))
    return tmp_path


def test_a_new_format_is_one_file(beside):
    (beside / "toy_one.py").write_text(TOY)
    (beside / "a.TOY").write_text("2 5")
    motor = pick_motor(beside / "a.TOY")
    assert motor.designation == "Toy" and motor.impulse == pytest.approx(11.25)
    assert motors.READERS.knows("b.toy") and not motors.READERS.knows("Estes C6-5")


@pytest.mark.parametrize(
    ("name", "wrong", "message"),
    [
        ("toy_two", TOY.replace('(".toy",)', '".toy"'), "is no format: it needs SUFFIXES"),
        ("toy_three", TOY.replace("def read(", "def other("), "and read()"),
        ("toy_four", TOY.replace(".toy", ".eng"), "the suffix '.eng' is taken"),
        ("toy_five", TOY.replace(".toy", ".TOY"), "is not like '.eng'"),
        ("toy_six", TOY.replace(".toy", "toy"), "is not like '.eng'"),
    ],
)
def test_half_a_format_is_an_error(beside, name, wrong, message):
    (beside / f"{name}.py").write_text(wrong)
    with pytest.raises(TypeError) as error:
        motors.READERS.by_suffix  # noqa: B018
    assert message in str(error.value) and name in str(error.value)


def test_every_kind_says_what_it_reads(tmp_path):
    assert set(motors.READERS.by_suffix) == {".eng", ".rse"}
    assert set(shapes.READERS.by_suffix) == {".geojson", ".json", ".kml", ".kmz"}
    assert set(ensembles.READERS.by_suffix) == {".csv", ".json", ".nc", ".nc4", ".netcdf"}
    with pytest.raises(InputError, match=r"cannot tell the format of '\.doc'; motor files are \.eng, \.rse, or \.csv"):
        pick_motor(tmp_path / "a.doc")
