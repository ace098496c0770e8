"""Interior ballistics of solid motors, at three levels."""

from downrange.motor.ballistics.burn import Alert, Burn, Level
from downrange.motor.ballistics.flown import as_motor
from downrange.motor.ballistics.run import fire

__all__ = ["Alert", "Burn", "Level", "as_motor", "fire"]
