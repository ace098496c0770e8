"""The studio in a real browser: from the start to a usable page, and from a dragged slider to strip and plot redrawn.

    python benchmarks/studio.py [seconds]

Chromium is driven by Playwright on copies of two examples: fins are dragged back and forth for so many seconds (default 10), with a
mouse that says 125 times a second where it is, as mice do. Then many flights are asked for in the landing room. The page notes for each flight how long after the value was dragged the frame
with it was on the screen, and when the drawing followed what is dragged. Times on
a shared machine wander: read them beside its load, and beside the processor time that the server and its flights took for each. The goals: 30 ms in the middle, 50 at worst for Genesis, 80 for stages, 60 redraws a second,
2 s to the page; 150 ms for 200 flights and 1.5 s for 10,000.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "web"))
MOUSE = 125.0  # 1/s
EXAMPLES = (("genesis", "trapezoidal fins"), ("strap_on", "trapezoidal fins"))


def drag(page, seconds: float) -> None:
    """Take the slider of the fins' span and move it back and forth."""
    slider = page.locator('[data-field="span"] input[type=range]')
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    y, left, wide = box["y"] + box["height"] / 2, box["x"] + 0.35 * box["width"], 0.3 * box["width"]
    page.mouse.move(left + wide / 2, y)
    page.mouse.down()
    begun, said = time.perf_counter(), 0
    while (passed := time.perf_counter() - begun) < seconds:
        page.mouse.move(left + wide * abs((passed / 4 + 0.5) % 2 - 1), y)
        said = max(said + 1, int(passed * MOUSE))
        time.sleep(max(0.0, begun + said / MOUSE - time.perf_counter()))
    page.mouse.up()


def band(page, flights: int) -> float:
    """Milliseconds from asking for so many flights to the frame with their landings, as the page notes them; the better of two."""
    noted = f"studio.landedAfter.filter(l => l.flights === {flights}).map(l => l.ms)"

    def wait(what: str) -> None:
        while not page.evaluate(what):
            time.sleep(0.01)

    resting = "!document.querySelector('.tab-landing [role=status]').textContent.includes('…')"
    wait(f"{resting} && studio.landedAfter.some(l => l.flights === 10000)")  # those that come by themselves
    page.evaluate("studio.landedAfter.length = 0")
    for n in (1, 2):
        page.locator(".tab-landing button", has_text=f": {flights:,}").first.click()
        wait(f"{noted}.length >= {n} && {resting}")
    return min(page.evaluate(noted))


def processor_time(pid: int) -> float:
    """Seconds that a process and those that it started were busy, by Linux; not a number elsewhere."""
    if not Path(f"/proc/{pid}/stat").is_file():
        return float("nan")
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(
        processor_time(int(child)) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    )


def measured(browser, name: str, fins: str, seconds: float) -> dict[str, float]:
    """Milliseconds of one example."""
    from conftest import Studio

    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "examples" / name, Path(folder) / name)
        begun = time.perf_counter()
        studio = Studio(Path(folder), name)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(studio.address)
        page.wait_for_selector(".strip .tile")
        usable = time.perf_counter() - begun
        page.wait_for_selector(".strip:not(.moving) .tile")
        page.click(f".leaf >> text={fins}")
        page.wait_for_selector('[data-field="span"]')
        drag(page, 1.0)
        while not page.evaluate("studio.latency.length"):  # until the kernel is loaded
            drag(page, 0.5)
        page.wait_for_selector(".strip:not(.moving) .tile")
        page.evaluate("studio.latency.length = studio.followed.length = 0")
        busy = processor_time(studio.process.pid)
        drag(page, seconds)
        page.wait_for_timeout(500)
        busy = processor_time(studio.process.pid) - busy
        seen, followed = sorted(page.evaluate("studio.latency")), page.evaluate("studio.followed.length")
        page.click("#tab-landing")
        bands = {f"band_{n}_ms": band(page, n) for n in (200, 10_000)}
        page.close()
        studio.stop()
    return {
        "start_to_page_s": usable, "drawn": len(seen), "flights_per_s": len(seen) / seconds, "drawings_per_s": followed / seconds, "p50_ms": statistics.median(seen),
        "p95_ms": seen[int(0.95 * len(seen))], "server_cpu_ms_each": 1e3 * busy / len(seen), **bands,
    }  # fmt: skip


def main() -> None:
    """Print both examples."""
    from playwright.sync_api import sync_playwright

    from conftest import CHROMIUM

    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, fins in EXAMPLES:
            figures = measured(browser, name, fins, seconds)
            load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
            print(f"{name} (load {load:.1f}): " + ", ".join(f"{k} {v:,.3g}" for k, v in figures.items()), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
