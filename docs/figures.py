"""Make what comes from the code: the page of the parts' fields, and the scorecard's picture.

The validation page is made from the census, by `builders/census.py`.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

HERE = Path(__file__).resolve().parent


def parts_page() -> str:
    """Every part with its keys, from the dataclasses themselves."""
    from downrange.rocket import FINISHES, MATERIALS, PART_TYPES
    from downrange.rocket.parts import Deploy, Part

    common = {f.name for f in dataclasses.fields(Part)}

    def rows(cls: type, skip: set[str]) -> list[str]:
        out = ["| key | kind | meaning |", "|---|---|---|"]
        for f in dataclasses.fields(cls):
            if f.name in skip:
                continue
            must = " (needed)" if f.default is dataclasses.MISSING else ""
            out.append(f"| `{f.name}` | {f.metadata.get('kind') or ''} | {f.metadata.get('doc', '')}{must} |")
        return out

    lines = ["Every part has a `type` and may have:", "", *rows(Part, set()), ""]
    for name, cls in PART_TYPES.items():
        lines += [f"### {name}", "", (cls.__doc__ or "").strip(), "", *rows(cls, common), ""]
    lines += ["### deploy", "", "When a recovery device opens.", "", *rows(Deploy, set()), ""]
    lines += ["### Materials", "", "| name | density | source |", "|---|---|---|"]
    unit = {"volume": "kg/m³", "surface": "kg/m²", "line": "kg/m"}
    lines += [f"| {m.name} | {m.density:g} {unit[m.kind]} | {m.source} |" for m in MATERIALS.values()]
    lines += ["", "### Finishes", "", "| name | roughness |", "|---|---|"]
    lines += [f"| {k} | {v * 1e6:g} µm |" for k, v in FINISHES.items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the generated pages."""
    folder = HERE / "_figures"
    folder.mkdir(exist_ok=True)
    (folder / "parts.md").write_text(parts_page(), encoding="utf-8")
    from downrange.report.scorecard import scorecard, scorecard_figure

    scorecard_figure(scorecard()).savefig(HERE / "pictures" / "scorecard.png", dpi=70)


if __name__ == "__main__":
    main()
