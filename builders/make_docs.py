"""Write the pages that are made from the code and stand in the repository: docs/words.md, docs/parts.md, and the card in the README.

`python builders/make_docs.py` after changing a part, a word or what `fly` prints; a test holds that it was done. `--pictures` draws those of the words anew.
"""

from __future__ import annotations

import dataclasses
import math
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CARD = re.compile(r"(?<=```text\n)╭─ Genesis.*?(?=```)", re.S)


def words_page() -> str:
    """Every word of `downrange help`, with its picture."""
    from downrange.report.words import words

    lines = [
        "# Words",
        "",
        "`downrange help NAME` prints each of these on the terminal, `downrange explain NAME` does the sum on your own rocket.",
    ]
    for word in words().values():
        lines += ["", f"## {word.name}", "", f"![{word.name}](pictures/words/{word.slug}.png)", ""]
        blocks = re.split(r"\n\s*\n", word.text)
        for block in blocks:
            fenced = block.startswith("    ")
            body = "\n".join(line.strip() for line in block.splitlines())
            lines += ["```text", re.sub(r" {5,}", "\n", body), "```", ""] if fenced else [body, ""]
        lines += [f"On your own rocket: `{word.ask}`"]
    return "\n".join(lines) + "\n"


def _rows(cls: type, skip: set[str]) -> Iterator[str]:
    yield "| key | kind | meaning |"
    yield "|---|---|---|"
    for f in dataclasses.fields(cls):
        if f.name not in skip:
            must = " (needed)" if f.default is dataclasses.MISSING else ""
            meaning = f"{f.metadata.get('doc', '')}{must}".replace("|", "\\|")
            yield f"| `{f.name}` | {f.metadata.get('kind') or ''} | {meaning} |"


def parts_page() -> str:
    """Every part with its keys, from the dataclasses themselves."""
    from downrange.rocket import FINISH_SOURCES, FINISHES, MATERIALS, PART_TYPES, Altimeter, Deploy
    from downrange.rocket.parts import Part

    common = {f.name for f in dataclasses.fields(Part)}
    lines = [
        "# Parts and their keys",
        "",
        "Every part of `rocket.yaml` has a `type` and may have:",
        "",
        *_rows(Part, set()),
        "",
    ]
    for name, cls in PART_TYPES.items():
        lines += [f"## {name}", "", (cls.__doc__ or "").strip(), "", *_rows(cls, common), ""]
    lines += ["## deploy", "", "When a recovery device opens.", "", *_rows(Deploy, set()), ""]
    lines += [
        "## altimeter",
        "",
        "What fires a device, by a unit's name or its settings ([how-to](howto/recovery.md)).",
        "",
        *_rows(Altimeter, set()),
        "",
    ]
    lines += ["## Materials", "", "| name | density | source |", "|---|---|---|"]
    unit = {"volume": "kg/m³", "surface": "kg/m²", "line": "kg/m"}
    lines += [f"| {m.name} | {m.density:g} {unit[m.kind]} | {m.source} |" for m in MATERIALS.values()]
    lines += ["", "## Finishes", "", "| name | roughness | source |", "|---|---|---|"]
    lines += [f"| {k} | {v * 1e6:g} µm | {FINISH_SOURCES[k]} |" for k, v in FINISHES.items()]
    return "\n".join(lines) + "\n"


def evidence_page() -> str:
    """What campaigns and bands take where nothing is said, and on what evidence."""
    from downrange.dispersion import DEFAULTS, PRIORS
    from downrange.dispersion.evidence import SCATTER
    from downrange.learning import as_flown
    from downrange.uncertainty import Choice, LogNormal, Uniform

    def cases(n: int | None) -> str:
        return "-" if n is None else str(n)

    def spread(value: float, factor: bool) -> str:
        return "by method" if value == 0 else f"{100 * value:.3g} %" if factor else f"{value:.3g}"

    def prior(d: object) -> str:
        if isinstance(d, LogNormal):
            return f"{d.median:g}, times or over {math.exp(d.sigma):.2g}"
        if isinstance(d, Uniform):
            return f"{d.low:g} to {d.high:g}, evenly (all)"
        assert isinstance(d, Choice)
        return f"one of {len(d.values)}"

    flown = as_flown()
    lines = [
        "# What is taken where nothing is said", "",
        "Default uncertainties, each with the data that it comes from and how many cases that was; a dash is judgement. A quantity whose",
        "uncertainty the files state has that instead. `defaults: no` under `uncertainty` of the launch file turns all of this page off.", "",
        "| name | of what | one standard deviation | evidence | cases |", "|---|---|---|---|---|",
        *(f"| `{k}` | {d.doc} | {spread(d.sigma, d.factor)} | {d.evidence} | {cases(d.cases)} |" for k, d in DEFAULTS.items()), "",
        "## What a file leaves out", "",
        "What a file does not say at all is an uncertain input too, with a wide prior: campaigns draw it (`in.unsaid.finish` and so on among their",
        "columns), the band of `fly` has it in, and `check` names it. The nominal flight takes the default of the files, which may lie to one side.", "",
        "| name | of what | prior, two thirds | evidence | cases |", "|---|---|---|---|---|",
        *(f"| `{k}` | {p.doc} | {prior(p.distribution)} | {p.evidence} | {cases(p.cases)} |" for k, p in PRIORS.items()), "",
        "## Where flights of the rocket are known", "",
        "`downrange learn` begins with what stands above, drawn together ([theory](theory/learning.md)), and takes this besides.", "",
        "| name | of what | one standard deviation | evidence | cases |", "|---|---|---|---|---|",
        *(f"| `{k}` | {d.doc} | {spread(d.sigma, d.factor)} | {d.evidence} | {cases(d.cases)} |" for k, d in SCATTER.items()),
        f"| `drag` | drag over its drawing's, where no table of drag was given: {100 * flown.mean:+.0f} % in the mean | {100 * flown.sigma:.0f} % | the public flights' apogees over those predicted from geometry alone (`learning/data/public_flights.csv`) | {flown.flights} |", "",
    ]  # fmt: skip
    return "\n".join(lines)


def card() -> str:
    """What `downrange fly` prints of Genesis."""
    from io import StringIO

    from rich.console import Console

    from downrange.flight import compile_launch, fly
    from downrange.project import open_project
    from downrange.project.bands import band_of
    from downrange.report.terminal import flight_view

    project = open_project(ROOT / "examples/genesis/launch.yaml")
    flight = fly(compile_launch(project.launch), interpreted=True)
    page = Console(file=StringIO(), width=110, color_system=None, highlight=False, markup=False, emoji=False)
    page.print(flight_view(flight, project.units, band_of(project, flight)))
    shown = page.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in shown.splitlines()) + "\n"


def pages() -> dict[str, str]:
    """Every page made here by its path, as it should stand."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return {
        "docs/words.md": words_page(),
        "docs/parts.md": parts_page(),
        "docs/evidence.md": evidence_page(),
        "README.md": CARD.sub(lambda _: card(), readme),
    }


if __name__ == "__main__":
    os.environ.setdefault("DOWNRANGE_COMPILE", "wait")
    for path, text in pages().items():
        (ROOT / path).write_text(text, encoding="utf-8")
    if "--pictures" in sys.argv:
        sys.path.insert(0, str(ROOT / "builders"))
        from word_pictures import draw

        draw(ROOT / "docs/pictures/words")
