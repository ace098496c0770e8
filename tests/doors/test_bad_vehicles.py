"""Vehicles that cannot be: each kind that the files refuse, the Python door refuses in the same words, at the same place."""

from __future__ import annotations

import json

import pytest

import downrange as dr
from downrange.flight.configurations import configurations
from downrange.report.vehicle import vehicle_warnings

NOSE = {"type": "nose cone", "shape": "ogive", "length": "9 cm", "diameter": "26 mm", "wall": "2 mm"}
FINS = {"type": "trapezoidal fins", "count": 3, "root_chord": "6 cm", "tip_chord": "3 cm", "span": "5 cm", "sweep": "2 cm", "thickness": "2 mm", "position": "bottom"}  # fmt: skip
COASTS = "The stage sustainer has no motor: it coasts on from when it is alone."
SITE = {"latitude": "50 deg", "longitude": "8 deg"}


def mount(name: str, **more):
    return {"type": "inner tube", "name": name, "length": "7 cm", "diameter": "18.7 mm", "wall": "0.3 mm", "motor_mount": True, "position": "bottom", **more}  # fmt: skip


def tube(*parts, **more):
    return {"type": "body tube", "length": "25 cm", "diameter": "26 mm", "wall": "0.4 mm", "parts": list(parts), **more}


def boosters(name: str = "side", **more):
    side = [
        {**NOSE, "diameter": "20 mm"},
        {"type": "body tube", "name": f"{name} tube", "length": "15 cm", "wall": "0.3 mm", "motor_mount": True},
    ]
    return {
        "type": "boosters",
        "name": name,
        "count": 2,
        "position": "bottom",
        "separation": "burn-out",
        "parts": side,
        **more,
    }


def rocket(low=(), top=(), separation="burn-out", more=()):
    stages = [{"name": "sustainer", "parts": [NOSE, tube(FINS, mount("upper"), *top)]}]
    stages += [{"name": "booster", "separation": separation, "parts": [tube(FINS, mount("lower"), *low)]}, *more]
    return {"name": "two", "stages": stages}


LOW = {"mount": "lower", "motor": "Estes C6-0"}
TOP = {"mount": "upper", "motor": "Estes C6-5", "ignition": {"event": "burn-out", "of": "booster"}}


def top(**ignition):
    return {**TOP, "ignition": ignition}


BAD = {
    # what: (rocket, motors, where, what is said)
    "a motor in no mount": (rocket(), [LOW, {**TOP, "mount": "uper"}], "motors[1].mount", "did you mean 'upper'"),
    "a motor where no tube holds any": (rocket(low=[mount("spare", motor_mount=False)]), [LOW, {**TOP, "mount": "spare"}], "motors[1].mount", "has no motor mount 'spare'"),
    "a mount twice": (rocket(), [LOW, TOP, LOW], "motors[2].tubes", "has two motors, number 1 and 3"),
    "waiting for what has no motor": (rocket(low=[boosters()]), [LOW, top(event="burn-out", of="side")], "motors[1].ignition.of", "which has no motor"),
    "waiting for what never leaves": (rocket(separation={"event": "never"}), [LOW, top(event="separation")], "motors[1].ignition.of", "which never happens"),
    "waiting for what is never lit": (rocket(separation="ignition"), [LOW, top(event="never")], "", "which never happens"),
    "a circle of events": (rocket(separation="ignition"), [LOW, top(event="separation")], "", "a circle of events"),
    "a separation below the ground": (rocket(separation={"event": "altitude", "altitude": "-20 m"}), [LOW, TOP], "separation.altitude", "above 0"),
    "an ignition below the ground": (rocket(), [LOW, top(event="altitude", altitude="-20 m")], "ignition.altitude", "above 0"),
    "boosters wider than their distance allows": (rocket(low=[boosters(radial_distance="1.5 cm")]), [LOW, TOP], "radial_distance", "stands in the body"),
    "too many boosters for their distance": (rocket(low=[boosters(count=12)]), [LOW, TOP], "radial_distance", "stand in each other"),
    "a tube of a cluster outside its body": (rocket(low=[mount("four", cluster="4-row")]), [LOW, TOP], "cluster", "off the axis"),
    "tubes of a cluster in each other": (rocket(low=[mount("two", cluster={"places": [["0 mm", "0 mm"], ["2 mm", "0 mm"]]})]), [LOW, TOP], "cluster", "2.0 mm apart"),
    "more bodies than can be": (
        rocket(low=[boosters(name=f"ring {k}", count=8, radial_distance=f"{8 + 4 * k} cm") for k in range(3)]),
        [LOW, TOP, *({"mount": f"ring {k} tube", "motor": "Estes A8-3"} for k in range(3))], "rocket", "comes apart into 26 bodies",
    ),
}  # fmt: skip


def in_python(said):
    """The same parts by the Python door."""
    kinds = {"nose cone": dr.NoseCone, "body tube": dr.BodyTube, "inner tube": dr.InnerTube, "trapezoidal fins": dr.TrapezoidalFins, "boosters": dr.Boosters}  # fmt: skip
    rest = {k: v for k, v in said.items() if k not in ("type", "parts")}
    if "parts" in said:
        rest["parts"] = [in_python(p) for p in said["parts"]]
    return kinds[said["type"]](**rest)


def launched(vehicle, motors):
    stages = [dr.Stage(**{**s, "parts": [in_python(p) for p in s["parts"]]}) for s in vehicle["stages"]]
    launch = dr.Launch(dr.Rocket(vehicle["name"], stages=stages), motors=motors, site=dr.Site(**SITE))
    return dr.fly(launch, interpreted=True)


def opened(folder, vehicle, motors):
    (folder / "launch.yaml").write_text(json.dumps({"rocket": vehicle, "site": SITE, "motors": motors}))
    return dr.fly(folder / "launch.yaml", interpreted=True)


def test_what_these_are_made_from_can_be(tmp_path):
    by_file, by_hand = opened(tmp_path, rocket(), [LOW, TOP]), launched(rocket(), [LOW, TOP])
    assert by_file.apogee == by_hand.apogee > 200 and len(by_file.flown) == 2


@pytest.mark.parametrize("what", BAD)
def test_both_doors_refuse_it_in_the_same_words(tmp_path, what):
    vehicle, motors, where, says = BAD[what]
    with pytest.raises(dr.InputError) as by_file:
        opened(tmp_path, vehicle, motors)
    with pytest.raises(dr.InputError) as by_hand:
        launched(vehicle, motors)
    for error in (by_file.value, by_hand.value):
        assert says in error.message and (error.key or "").endswith(where) and error.key and len(error.message) < 400
    assert by_file.value.message == by_hand.value.message


def test_a_stage_without_a_motor_above_one_that_leaves_it_is_told(tmp_path, call):
    """Nothing is wrong with it: a payload that is carried up, and comes down by itself."""
    carried = rocket(separation={"event": "apogee"})
    flights = [opened(tmp_path, carried, [LOW]), launched(carried, [LOW])]
    for flight in flights:
        assert [b.name for b in flight.flown] == ["sustainer", "booster"]
        assert vehicle_warnings(flight.launch, configurations(flight.launch))[-1] == COASTS
    assert flights[0].apogee == flights[1].apogee
    assert COASTS in " ".join(call("check", tmp_path / "launch.yaml")[1].replace("│", " ").split())
