"""How fast controllers fly: one flight with a Python controller at 100 Hz, with full sensors, and exchanges over TCP in lock-step.

    python benchmarks/controllers.py

Asked: at most 100 ms, 200 ms; at least 5,000 exchanges a second, which is 200 µs each. Processor time is printed beside the clock's: on a busy
machine only that means anything; of an exchange it is that of both sides.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

import downrange as dr
from downrange.control import Now, Remote
from downrange.control.links import Tcp
from downrange.flight import compile_launch, fly

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
EXCHANGES = 5_000


class Brakes(dr.Controller):
    """Asks little of the processor itself."""

    rate_hz = 100.0

    def step(self, now: Now) -> dict[str, float]:
        return {"brakes": 0.3 if now.acceleration_m_s2[0] < 0 else 0.0}


class Full(Brakes):
    """All five sensors, with every kind of error."""

    sensors = dr.SensorSuite(
        dr.Barometer(rate_hz=100, noise=1.0, bias=100, quantum=1.0, delay_s=0.02, port=((0.8, 0), (1, 0.1), (1.2, 0))),
        dr.Accelerometer(rate_hz=100, noise=0.01, bias=0.1, bias_walk=0.01, scale=0.01, misalignment_rad=0.01, full_scale=320, quantum=0.01),
        dr.Gyroscope(rate_hz=100, noise=0.001, bias=0.01, bias_walk=0.001, full_scale=35), dr.Magnetometer(rate_hz=100, noise=1e-7),
        dr.Gnss(rate_hz=10, noise=1.0, delay_s=0.1, drop_out=0.02),
    )  # fmt: skip


def best(work, times: int = 5) -> tuple[float, float]:
    """The least clock and processor time of some tries, s."""
    out = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        out.append((time.perf_counter() - wall, time.process_time() - cpu))
    return min(w for w, _ in out), min(c for _, c in out)


_ECHO = """
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for line in s.makefile("rb"):
    if b'"end"' in line:
        break
    if b'"now"' in line:
        n = line[line.index(b'"n":') + 4 : line.index(b',"time_s"')]
        s.sendall(b'{"kind":"do","n":%s,"brakes":0.5}\\n' % n)
"""


def _children() -> float:
    """Processor time of processes that have ended, s."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def exchanges() -> tuple[float, float]:
    """Exchanges a second over TCP with a process of its own, in lock-step, as `Remote` makes them; and the processor time of one, both sides, s."""
    there = _children()
    link = Tcp("127.0.0.1", 0)
    with subprocess.Popen([sys.executable, "-c", _ECHO, "127.0.0.1", str(link.bind())]):
        remote, now = Remote(link), Now()
        now.pressure_pa, now.acceleration_m_s2, now.rate_rad_s = 1e5 / 3, (1 / 3, 0.1, 0.2), (0.1, 0.2, 0.3)
        now.fresh = {"barometer", "accelerometer", "gyroscope"}
        remote.begin(1)
        began, busy = time.perf_counter(), time.process_time()
        for k in range(EXCHANGES):
            now.time_s = k / 100
            assert remote.step(now) == {"brakes": 0.5}
        took, here = time.perf_counter() - began, time.process_time() - busy
        remote.end()
    return EXCHANGES / took, (here + _children() - there) / EXCHANGES


def main() -> None:
    """Print the three figures."""
    program = compile_launch(dr.load(EXAMPLES / "air_brakes" / "launch.yaml").values)
    free = best(lambda: fly(program, interpreted=False))
    print(f"without a controller        {1e3 * free[0]:7.1f} ms  processor {1e3 * free[1]:7.1f} ms")
    for name, made in (("one controller at 100 Hz", Brakes()), ("with full sensors", Full())):
        wall, cpu = best(lambda made=made: dr.fly(program, controllers=[made]))
        print(f"{name:27s} {1e3 * wall:7.1f} ms  processor {1e3 * cpu:7.1f} ms")
    pairs = [exchanges() for _ in range(3)]
    rate, each = max(r for r, _ in pairs), min(e for _, e in pairs)
    print(
        f"exchanges over TCP          {rate:7.0f} a second  processor {1e6 * each:7.0f} µs each, or {1 / each:.0f} a second"
    )


if __name__ == "__main__":
    main()
