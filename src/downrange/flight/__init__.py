"""Flight: from a launch to a program to a trajectory."""

from downrange.flight.launch import Launch, Rail, ThrustLine

__all__ = ["Launch", "Rail", "ThrustLine"]
