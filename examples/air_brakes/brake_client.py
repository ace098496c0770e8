"""A complete controller of air brakes as a process of its own: standard library only, as it might run on a flight computer.

    python brake_client.py                        messages on standard input and output (downrange hil ... --run)
    python brake_client.py localhost 5760         over TCP

It steers for 1,800 m as a barometric altimeter shows it. The protocol: docs/reference/hil.md.
"""

import json
import math
import socket
import sys

TARGET = 1800.0  # m
MASS = 4.85  # kg, burnt out
SHUT, OPEN = 0.00306, 0.00935  # m2: drag areas, of the rocket and of what the brakes add
G = 9.80665


def altitude(pressure):
    """Height in standard air, m."""
    return 44330.77 * (1.0 - (pressure / 101325.0) ** 0.190263)


class Brakes:
    """Height and speed by a filter, the apogee by a formula, the level by bisection."""

    def __init__(self):
        self.height = self.speed = self.pad = 0.0
        self.time = None
        self.seen, self.quiet = 0, 0.0
        self.lifted = self.coasting = False

    def level(self, time, felt, pressure):
        """How far to open at a time (s), where `felt` (m/s2) is felt along the axis and `pressure` (Pa) is new, or None."""
        step = 0.0 if self.time is None else time - self.time
        self.time = time
        if not self.lifted:
            self.lifted = felt > 20.0
            if pressure is not None and time < 0:
                self.seen += 1
                self.pad += (altitude(pressure) - self.pad) / self.seen
            return 0.0
        self.quiet = self.quiet + step if felt < 0 else 0.0
        self.coasting = self.coasting or self.quiet > 0.2
        self.height += self.speed * step + 0.5 * (felt - G) * step * step
        self.speed += (felt - G) * step
        if pressure is not None:
            off = altitude(pressure) - self.pad - self.height
            self.height += 4.0 * step * off
            self.speed += 4.0 * step * off
        if not self.coasting or self.speed <= 0:
            return 0.0
        left = TARGET - self.height
        if left <= 0:
            return 1.0
        each = 0.5 * 1.225 * math.exp(-(self.pad + self.height + 0.4 * left) / 9500.0) / MASS
        low, high = 0.0, 1.0
        for _ in range(20):
            middle = 0.5 * (low + high)
            drag = each * (SHUT + middle * OPEN)
            if math.log1p(drag * self.speed * self.speed / G) / (2.0 * drag) > left:
                low = middle
            else:
                high = middle
        return 0.5 * (low + high)


def main():
    if len(sys.argv) > 2:
        link = socket.create_connection((sys.argv[1], int(sys.argv[2])))
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines, out = link.makefile("r", encoding="utf-8"), link.makefile("w", encoding="utf-8")
    else:
        lines, out = sys.stdin, sys.stdout
    brakes = Brakes()
    for line in lines:
        message = json.loads(line)
        if message["kind"] == "end":
            break
        if message["kind"] == "now":
            pressure = message["pressure_pa"] if "barometer" in message["fresh"] else None
            level = brakes.level(message["time_s"], message["acceleration_m_s2"][0], pressure)
            out.write(json.dumps({"kind": "do", "n": message["n"], "brakes": level}) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
