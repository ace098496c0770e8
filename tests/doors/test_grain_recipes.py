"""Motors made of grains, said in Python: what a motor.yaml can say, checked alike, flown, saved and read again."""

import json
import re

import pytest
from test_grain_motors import GRAINS
from test_motor_yaml import SMALL, TEXT
from test_window import alpha

import downrange as dr
from downrange.formats.ric import read_ric
from downrange.formats.yaml_text import parse_yaml
from downrange.motor.ballistics import fire
from downrange.motor.grains import GRAIN_TYPES
from downrange.project import open_project
from downrange.project.motor_words import motor_words, write_motor_yaml
from downrange.project.motors import build_grain_motor, open_grain_motor
from downrange.recipes import grains as recipes
from grain_motors import RIC, solid

GAS = {"heat_ratio": 1.21, "molar_mass": "23.67 g", "temperature": "2800 K"}
SITE = dr.Site(latitude_deg=46.5, longitude_deg=7.1)


def said_in_python(**more):
    """The motor of `test_motor_yaml.TEXT`."""
    slow = dr.Propellant(
        density="1680 kg/m3 ± 1 %", gas=dr.PropellantGas(heat_ratio=1.21, molar_mass_g=23.67, temperature="2800 K"),
        burn_rate=[dr.BurnRate(to="7 MPa", at_1_MPa_mm_s=3.24, exponent=0.327)], rate_factor="1 ± 3 %", efficiency=0.95,
    )  # fmt: skip
    sugar = dr.Propellant(record="KNSB", density_kg_m3=1750)
    return dr.GrainMotor(
        **{
            "name": "K-test", "manufacturer": "club", "propellants": {"slow": slow, "sugar": sugar},
            "grains": [
                dr.BatesGrain(diameter="26 mm", length="41 mm", core_mm=9, count=2, gap="1 mm", propellant="slow"),
                dr.FinocylGrain(diameter="26 mm", length="30 mm", core="9 mm", fins=4, fin_width="2 mm", fin_length="3 mm", propellant="sugar"),
            ],
            "nozzle": dr.Nozzle(throat="5.6 ± 0.1 mm", exit="12 mm", divergence="15 deg", efficiency=0.95, erosion_at_1_MPa_mm_s=0.01),
            "case": dr.MotorCase(mass_g=60, diameter="29 mm", outer_length="140 mm", nozzle_length="15 mm"),
            "igniter": dr.Igniter(mass="0.2 g", time_s=0.05), "limits": dr.MotorLimits(pressure="8 MPa"), "delays": ["6 s"],
        } | more
    )  # fmt: skip


def small(**more):
    """The motor of `test_motor_yaml.SMALL`."""
    return dr.GrainMotor(**(dict(parse_yaml(SMALL, "small")) | more))


def test_both_doors_build_the_same_motor(tmp_path):
    (tmp_path / "m.yaml").write_text(TEXT)
    here, there = said_in_python(), open_grain_motor(tmp_path / "m.yaml")
    a, b = here.solid, there.motor
    assert (
        a.segments == b.segments
        and a.nozzle == b.nozzle
        and (a.case, a.igniter, a.limits) == (b.case, b.igniter, b.limits)
    )
    assert (a.name, a.manufacturer, a.delays, a.ambient) == (b.name, b.manufacturer, b.delays, b.ambient)
    burn = fire(b, "transient")
    assert here.fire().impulse == burn.impulse and here.summary()["peak_pressure_pa"] == burn.peak_pressure
    assert here.fire("quasi-steady").level == "quasi-steady"
    assert here.impulse_n_s == pytest.approx(burn.impulse, rel=1e-3) and here.delays_s == (6.0,)
    assert here.total_mass_kg == pytest.approx(0.06 + a.propellant_mass)


def test_what_is_saved_is_read_again(tmp_path):
    motor = said_in_python()
    again = dr.read_motor(motor.save(tmp_path / "m.yaml"))
    assert again == motor and again.said == motor.said
    motor.save(tmp_path / "m.eng")
    assert dr.read_motor(tmp_path / "m.eng").impulse_n_s == pytest.approx(motor.impulse_n_s, rel=0.01)
    with pytest.raises(dr.InputError, match="leave its name out"):
        dr.read_motor(tmp_path / "m.yaml", "K-test")


def test_a_launch_flies_on_it_and_is_saved(tmp_path):
    rocket = alpha().said
    launch = dr.Launch(rocket, small(), site=SITE)
    named = {"motor.propellants.slow.density", "motor.propellants.slow.rate_factor", "motor.nozzle.throat"}
    assert named <= set(launch.uncertain)
    path = launch.save(tmp_path / "launch.yaml")
    again = dr.load(path)
    assert again.said == launch.said and again.values.motor.impulse == launch.values.motor.impulse
    (tmp_path / "small.yaml").write_text(SMALL)
    apart = dr.Launch(rocket, "small.yaml", site=SITE, folder=tmp_path)
    assert apart.values.motor.impulse == pytest.approx(launch.values.motor.impulse, rel=1e-12)
    assert set(apart.uncertain) == set(launch.uncertain)
    values = {"motor.propellants.slow.density": 1.1 * 1680, "motor.nozzle.throat": 0.0033}
    one, other = (x.project.relaunch(values).motor for x in (launch, apart))
    assert (
        one.impulse == other.impulse > 1.02 * launch.values.motor.impulse
        and one.burn_time != launch.values.motor.burn_time
    )


def test_a_motor_file_is_named_from_where_a_launch_is_saved(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "deep").mkdir()
    (tmp_path / "small.yaml").write_text(SMALL)
    launch = dr.Launch(alpha().said, "small.yaml", site=SITE, folder=tmp_path)
    path = launch.save(tmp_path / "deep/launch.yaml")
    assert (
        "motor: ../small.yaml" in path.read_text() and dr.load(path).values.motor.impulse == launch.values.motor.impulse
    )
    with pytest.raises(dr.NotFoundError, match="give dr.read_motor of it"):
        launch.with_({"motor.nozzle.throat": "3 mm"})


def test_one_in_a_tube_and_among_others():
    rocket = alpha().said
    tube = rocket["parts"][1]["parts"][1]
    held = dr.InnerTube(
        **{k: v for k, v in tube.items() if k not in ("type", "motor_mount")}, name="mount", motor=small()
    )
    rocket["parts"][1]["parts"][1] = held
    rocket["parts"] = [rocket["parts"][0], dr.BodyTube(**{k: v for k, v in rocket["parts"][1].items() if k != "type"})]
    alone = dr.Launch(dr.Rocket("x", rocket["parts"]), site=SITE)
    mounted = dr.Launch(alpha().said, site=SITE, motors=[dr.MountedMotor(small(), delay="4 s")])
    assert alone.values.motor.impulse == mounted.values.motor.impulse and mounted.values.motor_delay == 4.0
    assert "motors[0].motor.nozzle.throat" in mounted.uncertain
    wider = mounted.project.relaunch({"motors[0].motor.nozzle.throat": 0.0034}).motor
    assert wider.burn_time > mounted.values.motor.burn_time
    with pytest.raises(dr.InputError) as info:
        dr.Launch(alpha().said, site=SITE, motors=[{"motor": small().said | {"ambient": "-1 Pa"}}])
    assert info.value.key == "motors.0.motor.ambient"


def test_other_values_by_their_paths():
    launch = dr.Launch(alpha().said, small(), site=SITE)
    other = launch.with_({"motor.nozzle.throat_mm": 3.4, "motor.grains[0].core_mm": 6})
    assert (
        other.said["motor"]["grains"][0]["core"] == "6 mm"
        and other.values.motor.propellant_mass < launch.values.motor.propellant_mass
    )
    for path, value, key, words in (
        ("motor.nozzle.throt", "3 mm", "motor.nozzle.throt", "did you mean 'throat'"), ("motor.nozzle.throat", 3, "motor.nozzle.throat", "has no unit"),
        ("motor.grains[0].coer", "3 mm", "motor.grains.0.coer", "did you mean 'core'"), ("motor.grains[0].core", "60 mm", "motor.grains[0].core", "leaves nothing"),
        ("motor.grains[0].type", "bats", "motor.grains.0", "did you mean 'bates'"), ("motor.case", None, "motor.case.mass", "empty"),
    ):  # fmt: skip
        with pytest.raises(dr.InputError) as info:
            launch.with_({path: value})
        assert words in info.value.message and info.value.key == key, (path, info.value.key, info.value.message)
    assert launch.with_({"motor": "Estes C6-5"}).values.motor.designation == "C6"


def test_a_wrong_motor_in_a_launch_file_is_told_with_its_line(tmp_path):
    path = dr.Launch(alpha().said, small(), site=SITE).save(tmp_path / "launch.yaml")
    good = path.read_text()
    for old, new, words in (
        ("core: 5 mm", "core: 50 mm", "leaves nothing"), ("core: 5 mm", "coer: 5 mm", "did you mean 'core'"),
        ("exit: 6 mm", "exit: 3 mm", "narrower than the throat"), ("exponent: 0.327", "exponent: 1.327", "no steady pressure"),
    ):  # fmt: skip
        path.write_text(good.replace(old, new, 1))
        line = next(k for k, text in enumerate(path.read_text().splitlines(), 1) if new in text)
        with pytest.raises(dr.InputError, match=words) as info:
            dr.load(path)
        assert info.value.file == str(path) and info.value.line == line, info.value


@pytest.mark.parametrize(
    ("make", "key", "words"),
    [
        (lambda: dr.BatesGrain(diameter="15 mm", length="20 mm", core_mm=50), "core", "leaves nothing"),
        (lambda: dr.BatesGrain(diameter="15 mm", length=20, core_mm=5), "length", "has no unit"),
        (lambda: dr.BatesGrain(diameter="15 mm", length="-2 mm", core_mm=5), "length", "must be above 0"),
        (lambda: dr.BatesGrain(diameter="15 mm", length="2 mm", core_mm=5, inhibited="sides"), "inhibited", "known: neither"),
        (lambda: dr.StarGrain(diameter="50 mm", length="2 cm", arms=5.5, point_width="3 mm", point_length="9 mm"), "arms", "whole number"),
        (lambda: dr.Nozzle(throat="3 mm", exit="2 mm", divergence="15 deg"), "exit", "narrower than the throat"),
        (lambda: dr.Nozzle(throat="3 mm", exit="4 mm", divergence="15 deg", erosion_at_1_MPa="5 m/s"), "erosion_at_1_MPa", "less than 1 mm/s"),
        (lambda: dr.Propellant(record="KNBS", density="1700 kg/m3"), "record", "no record 'KNBS'"),
        (lambda: dr.Propellant(record="KNSB"), "density", "as cast"),
        (lambda: dr.Propellant(density="1.7 g/cm3", gas=GAS, burn_rate=[dr.BurnRate(to="7 MPa", at_1_MPa="3 mm/s", exponent=1.3)]), "burn_rate[0].exponent", "no steady"),
        (lambda: dr.Propellant(density="1.7 g/cm3", gas=GAS), "burn_rate", "one of the two"),
        (lambda: dr.MotorLimits(pressure="2 GPa"), "pressure", "at most"),
        (lambda: small(grains=[]), "grains", "at least 1"),
        (lambda: small(case={"mass": "9 g", "bore": "10 mm"}), "grains[0].diameter", "does not fit the case"),
        (lambda: small(propellant=dr.Propellant(record="KNSB", density="1.8 g/cm3")), "propellant", "one of the two"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_when_it_is_made(make, key, words):
    with pytest.raises(dr.InputError, match=re.escape(words)) as info:
        make()
    assert info.value.key == key and info.value.file is None


def test_every_type_of_grain_can_be_said():
    assert {c.grain for c in vars(recipes).values() if isinstance(c, type) and hasattr(c, "grain")} == set(GRAIN_TYPES)


def test_a_motor_from_elsewhere_in_the_words_of_a_motor_yaml(tmp_path):
    """All types of grains, to the last bit."""
    from downrange.formats.reading import Folder
    from downrange.motor.grains import Domed, Tube
    from downrange.project.schema_motor import GrainMotorFile

    extra = [
        Domed(diameter=0.07, length=0.1, core=0.02),
        Tube(diameter=0.07, core=0.021, length=0.1, outside_burns=True, core_burns=False),
    ]
    m = solid([*GRAINS, GRAINS[0], *extra])
    file = GrainMotorFile.model_validate(motor_words(m))
    again = build_grain_motor(file, Folder.of(tmp_path), "m")
    assert [s.grain for s in again.segments] == [s.grain for s in m.segments]
    assert again.nozzle == m.nozzle and again.case == m.case and again.limits == m.limits
    a, b = again.segments[0].propellant, m.segments[0].propellant
    assert (
        a.density == b.density
        and a.gas == b.gas
        and a.pieces[0].coefficient == pytest.approx(b.pieces[0].coefficient, rel=1e-14)
    )


def test_a_ric_becomes_a_motor_yaml(tmp_path, call):
    (tmp_path / "m.ric").write_text(RIC)
    code, _, _ = call("motor", "simulate", tmp_path / "m.ric", "--out", tmp_path / "m.yaml", "--json")
    assert code == 0
    was, now = fire(read_ric(tmp_path / "m.ric").motor), fire(open_grain_motor(tmp_path / "m.yaml").motor)
    assert now.impulse == pytest.approx(was.impulse, rel=1e-12) and now.peak_pressure == pytest.approx(
        was.peak_pressure, rel=1e-12
    )
    assert dr.read_motor(tmp_path / "m.ric").fire().impulse == pytest.approx(was.impulse, rel=1e-12)
    two = solid()
    write_motor_yaml(tmp_path / "n.yaml", two.with_nozzle(two.nozzle), "transient")
    assert open_grain_motor(tmp_path / "n.yaml").level == "transient"


def test_a_gas_of_its_own_over_a_range_of_pressure(tmp_path):
    """Above 0.2 MPa another gas: c* is that of the range (RPE eq. 3-32)."""
    hot = dr.PropellantGas(heat_ratio=1.21, molar_mass_g=23.67, temperature="3200 K")
    rates = [
        dr.BurnRate(to="0.2 MPa", at_1_MPa="3 mm/s", exponent=0.3),
        dr.BurnRate(from_="0.2 MPa", to="9 MPa", at_1_MPa="3 mm/s", exponent=0.3, gas=hot),
    ]
    law = dr.Propellant(density="1.7 g/cm3", gas=GAS, burn_rate=rates)
    cold = small(
        propellants=None,
        propellant=dr.Propellant(density="1.7 g/cm3", gas=GAS, burn_rate=rates[:1]),
        grains=[{"type": "bates", "diameter": "15 mm", "length": "20 mm", "core": "5 mm"}],
    )
    warm = small(
        propellants=None,
        propellant=law,
        grains=[{"type": "bates", "diameter": "15 mm", "length": "20 mm", "core": "5 mm"}],
    )
    ratio = warm.fire("quasi-steady").peak_pressure / cold.fire("quasi-steady").peak_pressure
    assert ratio == pytest.approx((3200 / 2800) ** (0.5 / 0.7), rel=1e-6)  # p ~ c*^(1 / (1 - n))


def test_laws_of_erosive_burning_are_named_or_given():
    def of(erosive):
        return (
            small(propellants={"slow": dict(small().said["propellants"]["slow"], erosive=erosive)})
            .solid.segments[0]
            .propellant.erosive
        )

    assert of("mukunda-paul").law == of(dr.ErosiveBurning(law="mukunda-paul")).law == "mukunda-paul"
    lenoir = of({"alpha": 3e-5})
    assert (lenoir.law, lenoir.alpha, lenoir.beta) == ("lenoir-robillard", 3e-5, 53.0)
    assert of(dr.ErosiveBurning(alpha=2e-5, beta=60)).beta == 60.0
    for wrong, words in (
        ("lenoir-robillard", "needs the alpha"),
        ("mukunda", "known: lenoir-robillard"),
        ({"law": "mukunda-paul", "beta": 50}, "leave them out"),
    ):
        with pytest.raises(dr.InputError, match=words):
            of(wrong)


def test_the_schema_knows_motors_in_a_launch(call):
    code, out, _ = call("schema", "launch")
    told = json.loads(out)
    assert code == 0 and "throat" in told["$defs"]["NozzleFile"]["properties"]
    for holder in (told, told["$defs"]["MountedMotorFile"]):
        assert {"$ref": "#/$defs/GrainMotorFile"} in holder["properties"]["motor"]["anyOf"]


def test_the_command_line_flies_a_launch_with_its_grains_in_it(tmp_path, call):
    path = dr.Launch(alpha().said, small(), site=SITE).save(tmp_path / "launch.yaml")
    code, out, err = call("check", path, "--json")
    assert code in (0, 1) and json.loads(out)["thrust_to_weight"] > 5, err
    assert open_project(path).launch.motor.delays == (6.0,)
