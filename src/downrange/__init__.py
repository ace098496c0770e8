"""downrange: the whole rocket programme of a club, a school or a university team.

    import downrange as dr
    flight = dr.fly(dr.load("launch.yaml"))
    print(flight.apogee_agl_m)

A rocket and its launch can be read from files (`dr.load`) or said here (`dr.Rocket`, `dr.Launch`, ...): both are recipes
with units in their words, checked alike. `Launch.values` is what the packages below work with, in SI.
Names are loaded on first use, so that `import downrange` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from downrange.control import (
        AirBrakes,
        ApogeeBrake,
        ColdGas,
        Controller,
        Event,
        FlightComputer,
        RollFins,
        RollPid,
        ThrustVector,
    )
    from downrange.errors import DownrangeError, FlightCode, InputError, MotorFileError, NotFoundError, UnitError
    from downrange.formats import read_log
    from downrange.motor import find_motors
    from downrange.project import Project, open_project, read_campaign
    from downrange.recipes.airframe import (
        BodyTube,
        Bulkhead,
        CentringRing,
        InnerTube,
        LaunchLug,
        NoseCone,
        Protuberance,
        RailButtons,
        Transition,
        TubeCoupler,
    )
    from downrange.recipes.ask import (
        AeroReport,
        Assessment,
        Check,
        aero,
        assess,
        check,
        disperse,
        find_motor,
        fly,
        read_motor,
    )
    from downrange.recipes.assemblies import Boosters, Pods
    from downrange.recipes.choose import compare, optimise, solve, sweep
    from downrange.recipes.contents import Glider, MassObject, Parachute, ShockCord, Streamer, Tumble
    from downrange.recipes.diagnosing import Diagnosis, diagnose
    from downrange.recipes.documents import document
    from downrange.recipes.fair import analyse_experiment, experiment
    from downrange.recipes.grain_motor import (
        BurnRate,
        BurnRatePoint,
        ErosiveBurning,
        GrainMotor,
        Igniter,
        MotorCase,
        MotorLimits,
        Nozzle,
        Propellant,
        PropellantGas,
    )
    from downrange.recipes.grains import (
        BatesGrain,
        ConicalGrain,
        CSlotGrain,
        CustomGrain,
        DGrain,
        DomedGrain,
        EndBurnerGrain,
        FinocylGrain,
        MoonGrain,
        RodTubeGrain,
        StarGrain,
        TubeGrain,
        XCoreGrain,
    )
    from downrange.recipes.ground import Airport, Ground, Shape, Site, Terrain, Waiver
    from downrange.recipes.launch import Launch, Rocket, load
    from downrange.recipes.lessons import lesson
    from downrange.recipes.make import card, checklist, workshop
    from downrange.recipes.places import (
        Aero,
        Altimeter,
        Brakes,
        Conditions,
        Correlated,
        Deploy,
        Guides,
        Measured,
        Modes,
        Motor,
        MountedMotor,
        OwnMode,
        Rail,
        Record,
        Section,
        ThrustLine,
        Uncertainty,
        Weather,
        Wind,
        WindLayer,
    )
    from downrange.recipes.results import Campaign, Flight, Landing, Trajectory
    from downrange.recipes.steered import ControlEffect, control_effect
    from downrange.recipes.surfaces import EllipticalFins, FreeformFins, RingFin, TrapezoidalFins, TubeFins
    from downrange.recipes.teach import PredictionBoard, learn, predict, prediction_board
    from downrange.recipes.vehicles import Cluster, Ignition, Separation, Stage
    from downrange.tracking import Accelerometer, Barometer, Gnss, Gyroscope, Magnetometer, SensorSuite

__version__ = "0.1.0"

_OTHERS = {
    "DownrangeError": "errors", "FlightCode": "errors", "InputError": "errors", "MotorFileError": "errors", "NotFoundError": "errors",
    "UnitError": "errors", "Project": "project", "open_project": "project", "read_campaign": "project", "find_motors": "motor",
    "read_log": "formats",
    "AirBrakes": "control", "ApogeeBrake": "control", "ColdGas": "control", "Controller": "control", "Event": "control", "FlightComputer": "control", "RollFins": "control", "RollPid": "control", "ThrustVector": "control",
    "Accelerometer": "tracking", "Barometer": "tracking", "Gnss": "tracking", "Gyroscope": "tracking", "Magnetometer": "tracking", "SensorSuite": "tracking",
}  # fmt: skip

__all__ = [
    "Accelerometer", "Aero", "AeroReport", "AirBrakes", "Airport", "Altimeter", "ApogeeBrake", "Assessment",
    "Barometer", "BatesGrain", "BodyTube", "Boosters", "Brakes", "Bulkhead", "BurnRate", "BurnRatePoint", "CSlotGrain",
    "Campaign", "CentringRing", "Check", "Cluster", "ColdGas", "Conditions", "ConicalGrain", "ControlEffect",
    "Controller", "Correlated", "CustomGrain", "DGrain", "Deploy", "Diagnosis", "DomedGrain", "DownrangeError",
    "EllipticalFins", "EndBurnerGrain", "ErosiveBurning", "Event", "FinocylGrain", "Flight", "FlightCode",
    "FlightComputer", "FreeformFins", "Glider", "Gnss", "GrainMotor", "Ground", "Guides", "Gyroscope", "Igniter",
    "Ignition", "InnerTube", "InputError", "Landing", "Launch", "LaunchLug", "Magnetometer", "MassObject", "Measured",
    "Modes", "MoonGrain", "Motor", "MotorCase", "MotorFileError", "MotorLimits", "MountedMotor", "NoseCone",
    "NotFoundError", "Nozzle", "OwnMode", "Parachute", "Pods", "PredictionBoard", "Project", "Propellant", "PropellantGas", "Protuberance",
    "Rail", "RailButtons", "Record", "RingFin", "Rocket", "RodTubeGrain", "RollFins", "RollPid", "Section",
    "SensorSuite", "Separation", "Shape", "ShockCord", "Site", "Stage", "StarGrain", "Streamer", "Terrain",
    "ThrustLine", "ThrustVector", "Trajectory", "Transition", "TrapezoidalFins", "TubeCoupler", "TubeFins", "TubeGrain",
    "Tumble", "Uncertainty", "UnitError", "Waiver", "Weather", "Wind", "WindLayer", "XCoreGrain", "aero",
    "analyse_experiment", "assess", "card", "check", "checklist", "compare", "control_effect", "diagnose", "disperse",
    "document", "experiment", "find_motor", "find_motors", "fly", "learn", "lesson", "load", "open_project", "optimise",
    "predict", "prediction_board", "read_campaign", "read_log", "read_motor", "solve", "sweep", "workshop",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "aero":  # also a package, which can be called
        return import_module("downrange.aero")
    if name in __all__:
        return getattr(import_module(f"downrange.{_OTHERS.get(name, 'recipes')}"), name)
    raise AttributeError(f"module 'downrange' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
