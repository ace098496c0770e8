"""The small pictures of docs/words.md: sketches, a function each, drawn into `docs/pictures/words`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

INK, BLUE, ORANGE, GREY = "#1d2733", "#2a6fb0", "#d9661f", "#c8ced6"
ROOT = Path(__file__).resolve().parents[1]


def rocket(a: Axes, x: float, y: float, length: float, width: float, turn: float = 0.0, fins: float = 1.0) -> None:
    """A rocket with its tail's middle at (x, y), its nose up, turned by `turn` degrees to the left."""
    w, f = width / 2, fins * width
    outline = np.array([[0, length], [w * 0.7, 0.9 * length], [w, 0.78 * length], [w, 0.18 * length], [w + f, -0.04 * length], [w + f, -0.08 * length], [w, 0],
                        [-w, 0], [-w - f, -0.08 * length], [-w - f, -0.04 * length], [-w, 0.18 * length], [-w, 0.78 * length], [-w * 0.7, 0.9 * length]])  # fmt: skip
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    a.fill(*(outline @ np.array([[c, s], [-s, c]]) + [x, y]).T, facecolor="white", edgecolor=INK, lw=1.2)


def arrow(
    a: Axes, start: tuple[float, float], end: tuple[float, float], color: str = BLUE, text: str = "", at: float = 0.5
) -> None:
    """An arrow with its words beside it."""
    a.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": color, "lw": 1.6})
    if text:
        x, y = (s + at * (e - s) for s, e in zip(start, end, strict=True))
        a.text(x, y, f" {text} ", color=color, fontsize=9, va="bottom", ha="left")


def sketch(a: Axes, width: float, height: float) -> None:
    """A sheet without axes."""
    a.set_xlim(0, width)
    a.set_ylim(0, height)
    a.set_aspect("equal")
    a.axis("off")


def calibre(a: Axes) -> None:
    sketch(a, 10, 4)
    for x, w, text in ((2.2, 0.5, "25 mm"), (6.5, 1.6, "98 mm")):
        a.fill(
            [x - w / 2, x + w / 2, x + w / 2, x - w / 2], [0.6, 0.6, 3.6, 3.6], facecolor="white", edgecolor=INK, lw=1.2
        )
        a.annotate("", (x - w / 2, 0.35), (x + w / 2, 0.35), arrowprops={"arrowstyle": "<|-|>", "color": ORANGE})
        a.text(x + w / 2 + 0.2, 0.2, f"1 calibre = {text}", color=ORANGE, fontsize=9)


def margin(a: Axes) -> None:
    sketch(a, 10, 5)
    a.set_ylim(-0.6, 5)
    for x, cg, cp, text in ((2.2, 2.7, 1.7, "stable: it turns back"), (7.0, 1.7, 2.7, "unstable: it turns over")):
        rocket(a, x, 0.5, 4.2, 0.55, turn=-12)
        lean = np.tan(np.radians(12))
        a.plot(x + lean * (cg - 0.5), cg, "o", color=INK, ms=7)
        a.plot(x + lean * (cp - 0.5), cp, "o", mfc="white", mec=ORANGE, mew=2, ms=8)
        arrow(a, (x + lean * (cp - 0.5) - 1.5, cp), (x + lean * (cp - 0.5) - 0.15, cp), ORANGE)
        a.text(x + 0.9, cg - 0.1, "CG", fontsize=9)
        a.text(x + 0.9, cp - 0.1, "CP: here the air pushes", color=ORANGE, fontsize=8)
        a.text(x - 1.6, -0.5, text, fontsize=9)


def weathercocking(a: Axes) -> None:
    sketch(a, 10, 5)
    for y in (1.2, 2.4, 3.6):
        arrow(a, (0.2, y), (1.7, y))
    a.text(0.3, 4.0, "wind", color=BLUE, fontsize=9)
    for x, y, turn in ((5.2, 0.3, 0), (4.6, 2.0, 12), (3.4, 3.6, 24)):
        rocket(a, x, y, 1.2, 0.22, turn)
    t = np.linspace(0, 1, 50)
    a.plot(5.2 - 2.2 * t**1.6, 0.3 + 3.9 * t, ":", color=INK, lw=1)
    a.text(5.6, 0.4, "leaves the rail", fontsize=9)
    a.text(4.4, 3.7, "has turned into the wind", fontsize=9)


def rail_exit(a: Axes) -> None:
    length = np.linspace(0.2, 6, 100)
    for g, color in ((5, ORANGE), (10, BLUE)):
        a.plot(length, np.sqrt(2 * g * 9.81 * length), color=color, label=f"{g} g")
    a.axhline(15, color=INK, lw=0.8, ls="--")
    a.text(4.4, 15.4, "15 m/s: usual least", fontsize=8)
    a.set(xlabel="length that guides it, m", ylabel="speed at its end, m/s")
    a.legend(frameon=False, title="acceleration")


def thrust_to_weight(a: Axes) -> None:
    sketch(a, 10, 5)
    for x, force, text in ((2, 1.0, "1: it hovers"), (7, 5.0, "5: it goes")):
        rocket(a, x, 1.8, 2.6, 0.4)
        arrow(a, (x - 1.0, 2.6), (x - 1.0, 2.6 + 0.45 * force), ORANGE, "", 1.0)
        a.text(x - 2.2, 2.6, "thrust", color=ORANGE, fontsize=9)
        arrow(a, (x + 1.0, 2.6), (x + 1.0, 2.15), BLUE, "", 1.0)
        a.text(x + 1.1, 2.2, "weight", color=BLUE, fontsize=9)
        a.text(x - 0.8, 0.9, text, fontsize=9)


def impulse_class(a: Axes) -> None:
    letters = "ABCDEFGHIJKLM"
    a.bar(list(letters), [2.5 * 2**k for k in range(len(letters))], color=BLUE)
    a.set_yscale("log")
    a.set(xlabel="letter of the motor", ylabel="total impulse, N s, at most")


def delay(a: Axes) -> None:
    t = np.linspace(0, 10, 200)
    a.plot(t, 400 - 0.5 * 9.81 * (t - 7) ** 2, color=INK)
    for when, color, text in ((4.0, ORANGE, "too short"), (7.0, BLUE, "right"), (10.0, ORANGE, "too long")):
        y = 400 - 0.5 * 9.81 * (when - 7) ** 2
        a.plot(when, y, "o", color=color)
        a.text(when, y - 45, text, color=color, ha="center" if when < 9 else "right", fontsize=9)
    a.set(xlabel="time after burn-out, s", ylabel="height, m", ylim=(100, 430))


def apogee(a: Axes) -> None:
    mass = np.geomspace(0.01, 0.3, 100)
    v = 10 / (mass + 0.012)
    k = 2.1e-4
    a.plot(1e3 * mass, mass / (2 * k) * np.log(1 + k * v**2 / (mass * 9.81)), color=BLUE)
    a.set(xlabel="mass after burn-out, g", ylabel="height gained coasting, m")
    a.text(100, 260, "there is a best mass", fontsize=9)


def pressure_altitude(a: Axes) -> None:
    h = np.linspace(0, 1000, 2)
    for shift, color, text in (
        (20, ORANGE, "20 °C warmer: 930 m"),
        (0, INK, "standard day"),
        (-20, BLUE, "20 °C colder: 1,070 m"),
    ):
        a.plot(h, h * 288 / (288 + shift), color=color, label=text)
    a.set(xlabel="height, m", ylabel="what the altimeter shows, m")
    a.legend(frameon=False, fontsize=8)


def drag_coefficient(a: Axes) -> None:
    parts = {
        "friction of body": 0.32,
        "friction of fins": 0.27,
        "edges of fins": 0.10,
        "blunt tail": 0.05,
        "lug, joints": 0.06,
    }
    left = 0.0
    for k, (name, share) in enumerate(parts.items()):
        a.barh(0, share, left=left, color=matplotlib.colormaps["tab10"](k), height=0.5)
        a.text(left + share / 2, 0.32 + 0.16 * (k % 2), name, ha="center", fontsize=7)
        left += share
    a.set(ylim=(-0.5, 0.8), xlabel="drag coefficient of a model rocket at 100 m/s")
    a.set_yticks([])


def mach_number(a: Axes) -> None:
    m = np.linspace(0, 3, 300)
    a.plot(
        m,
        0.45
        + 0.4 / (1 + np.exp(-(m - 0.98) / 0.03)) * np.exp(-0.45 * np.maximum(m - 1.05, 0))
        - 0.05 * np.minimum(m, 0.8),
        color=BLUE,
    )
    a.axvspan(0.8, 1.2, color=GREY, alpha=0.5, lw=0)
    a.text(1.22, 0.45, "near Mach 1", fontsize=9)
    a.set(xlabel="Mach number", ylabel="drag coefficient (a sketch)", ylim=(0, 1))


def drift(a: Axes) -> None:
    _descent(a, ((60, BLUE, "small canopy"), (180, ORANGE, "large canopy")))


def dual_deployment(a: Axes) -> None:
    _descent(a, ((180, ORANGE, "one parachute from apogee"),))
    a.plot([-60, 40, 240], [1000, 200, 0], color=BLUE)
    a.text(60, 300, "drogue, then main at 200 m", color=BLUE, fontsize=9)


def _descent(a: Axes, ways: tuple[tuple[float, str, str], ...]) -> None:
    t = np.linspace(0, 1, 40)
    a.plot(-60 * t**1.5, 1000 * t, color=INK, lw=1)
    for seconds, color, text in ways:
        a.plot([-60, -60 + 5 * seconds], [1000, 0], color=color)
        a.text(-60 + 2.7 * seconds, 480, text, color=color, fontsize=9)
    a.set(xlabel="downwind of the pad, m (wind 5 m/s)", ylabel="height, m", ylim=(0, 1080))


def landing_energy(a: Axes) -> None:
    names = [
        "model, 40 g,\n4 m/s",
        "section, 2 kg,\n6 m/s",
        "a hard\nthrown ball",
        "limit of NASA\nStudent Launch",
        "2 kg without\nparachute",
    ]
    a.barh(names, [0.32, 36, 100, 102, 6400], color=[BLUE, BLUE, GREY, ORANGE, BLUE])
    a.set_xscale("log")
    a.set(xlabel="energy at landing, J")
    a.tick_params(axis="y", labelsize=7)


def flutter(a: Axes) -> None:
    t = np.linspace(1.0, 4.0, 50)
    a.plot(t, 110 * t**1.5 / 3**1.5 * 1.7, color=BLUE, label="flutter speed")
    a.axhline(115, color=ORANGE, label="fastest flight speed")
    a.set(xlabel="thickness of a balsa fin, mm", ylabel="m/s")
    a.legend(frameon=False, fontsize=8)


def uncertainty(a: Axes) -> None:
    x = np.linspace(30, 38, 300)
    y = np.exp(-((x - 34) ** 2) / 2)
    a.plot(x, y, color=INK)
    a.fill_between(x, y, where=np.abs(x - 34) <= 1, color=BLUE, alpha=0.3, lw=0)
    a.text(34, 0.35, "two of three", ha="center", fontsize=9)
    a.set(xlabel="34 g ± 1 g", yticks=[])


def confidence(a: Axes) -> None:
    n = np.geomspace(10, 1e5, 50)
    a.loglog(n, 3 / n, color=BLUE)
    a.set(xlabel="flights in which it did not happen", ylabel="it may still have this chance")


def failure_mode(a: Axes) -> None:
    t = np.linspace(0, 1, 60)
    a.plot(400 * t, 4 * 900 * t * (1 - t), color=ORANGE)
    a.text(330, 500, "nothing opens", color=ORANGE, fontsize=9)
    a.plot([200, -250], [900, 0], color=BLUE)
    a.text(-230, 500, "as planned: the wind\ntakes it back", color=BLUE, fontsize=9)
    a.axvline(0, color=GREY, lw=0.8)
    a.set(xlabel="from the pad, m, into the wind", ylabel="height, m", ylim=(0, 980))


def casualty_area(a: Axes) -> None:
    sketch(a, 10, 4.5)
    a.plot([0, 10], [0.5, 0.5], color=GREY)
    a.plot([6.6, 6.6], [0.5, 2.0], color=INK, lw=3)
    a.plot(6.6, 2.25, "o", color=INK, ms=9)
    rocket(a, 3.9, 3.1, 1.6, 0.3, turn=-118)
    arrow(a, (4.2, 3.0), (8.6, 0.55), ORANGE)
    a.plot([5.2, 8.7], [0.3, 0.3], color=ORANGE, lw=4, solid_capstyle="butt")
    a.text(3.2, -0.1, "whoever stands here is hit, too: a flat path covers more", fontsize=8, color=ORANGE)


def wind(a: Axes) -> None:
    h = np.linspace(0.5, 500, 300)
    a.plot(5 * (h / 10) ** (1 / 7), h, color=BLUE)
    a.plot(5, 10, "o", color=ORANGE)
    a.text(5.2, 14, "measured at 10 m", color=ORANGE, fontsize=9)
    a.set(xlabel="wind, m/s", ylabel="height, m", xlim=(0, 10))


PICTURES: dict[str, Callable[[Axes], None]] = {
    "calibre": calibre, "margin": margin, "weathercocking": weathercocking, "rail-exit": rail_exit, "thrust-to-weight": thrust_to_weight,
    "impulse-class": impulse_class, "delay": delay, "apogee": apogee, "pressure-altitude": pressure_altitude, "drag-coefficient": drag_coefficient,
    "mach-number": mach_number, "drift": drift, "dual-deployment": dual_deployment, "landing-energy": landing_energy, "flutter": flutter,
    "uncertainty": uncertainty, "confidence": confidence, "failure-mode": failure_mode, "casualty-area": casualty_area, "wind": wind,
}  # fmt: skip


def draw(folder: Path) -> None:
    """Write every picture into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in PICTURES.items():
        figure = Figure(figsize=(4.6, 2.5), dpi=110, layout="constrained")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=8)
        make(axes)
        figure.savefig(folder / f"{name}.png", metadata={"Software": None})


if __name__ == "__main__":
    draw(ROOT / "docs/pictures/words")
