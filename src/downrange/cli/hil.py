"""downrange hil"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from downrange.cli.notebook import noted
from downrange.cli.options import json_option, launch_options, open_launch, print_json, show
from downrange.steps import step

if TYPE_CHECKING:
    from downrange.control import Controller


@click.command("hil")
@launch_options
@click.option("--link", metavar="LINK", help="Where the controller is: tcp:HOST:PORT (wait there), connect:HOST:PORT, serial:PORT:BAUD, run:COMMAND.")  # fmt: skip
@click.option("--binary", is_flag=True, help="Binary frames instead of JSON lines.")
@click.option("--pace", type=click.FloatRange(0, min_open=True), help="Seconds of flight in one of the clock: 1 is real time, 0.1 slowed. Default: lock-step, as fast as it answers.")  # fmt: skip
@click.option("--rate", "rate_hz", type=click.FloatRange(0.1, 10000), default=50.0, show_default=True, help="Messages a second of flight.")  # fmt: skip
@click.option("--brake-rate", type=click.FloatRange(0, min_open=True), help="How fast the brakes move, whole strokes a second.")  # fmt: skip
@click.option("--event", "events", multiple=True, metavar="NAME", help="A recovery device or stage that it may fire, arm, inhibit.")  # fmt: skip
@click.option("--baro-noise", type=click.FloatRange(0), default=0.0, help="Of the barometer, Pa/√Hz.")
@click.option("--accel-noise", type=click.FloatRange(0), default=0.0, help="Of the accelerometer, (m/s²)/√Hz.")
@click.option("--gyro-noise", type=click.FloatRange(0), default=0.0, help="Of the gyroscope, (rad/s)/√Hz.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the sensors' errors.")
@click.option("--on-fault", type=click.Choice(["hold", "stop"]), default="hold", show_default=True, help="Where it fails: hold its last commands, or stop the flight.")  # fmt: skip
@click.option("--until", type=click.Choice(["apogee", "landing"]), help="Ask it until then (default: apogee; with events, landing).")  # fmt: skip
@click.option("--record", type=click.Path(path_type=Path, dir_okay=False), help="Write every message into this file.")
@click.option("--replay", type=click.Path(path_type=Path, dir_okay=False), help="Answer from a record, without the controller.")  # fmt: skip
@click.option("--nmea", metavar="LINK", help="Feed a logger with a satellite receiver's sentences, in real time.")
@click.option("--pressure", metavar="LINK", help="Feed a logger with lines of time and pressure, in real time.")
@json_option
def command(as_json: bool, nmea: str | None, pressure: str | None, seed: int, **given: Any) -> None:
    """Fly LAUNCH with a controller in another process or on another computer.

    Say one or more of --link, --replay, --nmea, --pressure. For example

    \b
      downrange hil launch.yaml --link "run:python brake_client.py"
      downrange hil launch.yaml --link serial:/dev/ttyUSB0:115200 --pace 1

    The messages are described in docs/reference/hil.
    """
    from downrange.control import NmeaFeed, PressureFeed, steer
    from downrange.errors import FlightCode, InputError
    from downrange.flight import compile_launch, fly

    mine = {k: given.pop(k) for k in ("link", "binary", "pace", "rate_hz", "brake_rate", "events", "baro_noise", "accel_noise", "gyro_noise", "on_fault", "until", "record", "replay")}  # fmt: skip
    project = open_launch(**given)
    program = compile_launch(project.launch)
    board: list[Any] = []
    if mine["link"] or mine["replay"]:
        board.append(_controller(mine, program.aero.brakes is not None))
    pace = 1.0 if mine["pace"] is None else mine["pace"]
    board += [NmeaFeed(nmea, pace=pace)] if nmea else []
    board += [PressureFeed(pressure, pace=pace)] if pressure else []
    if not board:
        raise InputError("nothing to fly with: say --link, --replay, --nmea or --pressure", key="--link")
    with step("flying with what is on the other side"):
        flight = fly(program, steering=steer(board, seed=seed))
    noted(project, "flown in the loop", flight.summary())
    if as_json:
        print_json(flight.summary())
    else:
        from downrange.report.terminal import flight_view

        show(flight_view(flight, project.units, None))
        for line in getattr(flight.control, "lines", ()):
            click.echo(line)
    failed = bool(flight.control and flight.control.summary()["mishaps"])
    raise click.exceptions.Exit(0 if flight.code in (FlightCode.LANDED, FlightCode.STOPPED) and not failed else 1)


def _controller(mine: dict[str, Any], brakes: bool) -> Controller:
    """The other side, or the record of what it said."""
    from downrange.control import AirBrakes, Event, Remote, Replay
    from downrange.errors import InputError
    from downrange.tracking import Accelerometer, Barometer, Gyroscope, SensorSuite

    if mine["link"] and mine["replay"]:
        raise InputError("a controller answers, or its record does: say --link or --replay", key="--replay")
    rate = mine["rate_hz"]
    sensors = SensorSuite(
        Barometer(rate_hz=rate, noise=mine["baro_noise"]), Accelerometer(rate_hz=rate, noise=mine["accel_noise"]),
        Gyroscope(rate_hz=rate, noise=mine["gyro_noise"]),
    )  # fmt: skip
    moves: dict[str, Any] = {"brakes": AirBrakes(rate=mine["brake_rate"] or float("inf"))} if brakes else {}
    moves |= {name: Event(name) for name in mine["events"]}
    if not moves:
        raise InputError(
            "the launch has no air brakes and no --event is said, so that it could command nothing: give aero.brakes or --event drogue", key="--event"
        )  # fmt: skip
    if mine["replay"]:
        return Replay(mine["replay"], sensors=sensors, actuators=moves, until=mine["until"])
    return Remote(
        mine["link"], form="binary" if mine["binary"] else "json", pace=mine["pace"], record=mine["record"], rate_hz=rate, sensors=sensors,
        actuators=moves, until=mine["until"], on_fault=mine["on_fault"],
    )  # fmt: skip
