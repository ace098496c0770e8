"""downrange aero"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import click

from downrange.cli.options import FIGURE, json_option, out_option, print_json, show, timings_option, units_option

_MOST = 8.0


def _machs(text: str) -> tuple[float, ...]:
    import numpy as np

    from downrange.errors import InputError

    try:
        if ".." in text:
            low, high = (float(v) for v in text.split("..", 1))
            if not 0 <= low < high:
                raise InputError(f"the range {text!r} should run upwards from 0 or more", key="--mach")
            step = next(s for s in (0.05, 0.1, 0.2, 0.25, 0.5, 1.0) if (high - low) / s <= 18 or s == 1.0)
            machs = tuple(round(float(m), 4) for m in np.append(np.arange(low, high - 0.3 * step, step), high))
        else:
            machs = tuple(float(v) for v in text.split(","))
    except ValueError:
        raise InputError(
            f"cannot read the Mach numbers {text!r}; write '0.3', '0.3,0.5' or '0.1..0.9'", key="--mach"
        ) from None
    if not all(0 <= m <= _MOST for m in machs):
        raise InputError(f"Mach numbers run from 0 to {_MOST:g}", key="--mach")
    return machs


@click.command("aero")
@click.argument("rocket", type=click.Path(path_type=Path), default="rocket.yaml")
@click.option("--mach", default="0.1..0.9", show_default=True, help="One Mach number, several with commas, or a range.")
@click.option(
    "--aero", "method", type=click.Choice(["full", "barrowman"]), default="full", show_default=True,
    help="Method of normal force and CP.",
)  # fmt: skip
@click.option("--scorecard", is_flag=True, help="Show our coefficients beside published measurements instead.")
@out_option(
    suffixes=(*FIGURE, ".csv"),
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a figure (png, svg) or every part's share (csv).",
)
@click.option("--configuration", metavar="NAME", help="Of another program's design: a flight configuration.")
@units_option
@timings_option
@json_option
def command(
    rocket: Path,
    configuration: str | None,
    mach: str,
    method: Literal["full", "barrowman"],
    scorecard: bool,
    out: Path | None,
    units: str | None,
    as_json: bool,
) -> None:
    """Show drag, normal force and centre of pressure of ROCKET, part by part (default: rocket.yaml; a launch file gives margins too)."""
    if scorecard:
        _scorecard(method, out, as_json)
        return
    from downrange.project import load_design
    from downrange.project.finding import units_said
    from downrange.report.breakdown import breakdown_figure, breakdown_of, breakdown_view

    breakdown = breakdown_of(*load_design(rocket, configuration=configuration), _machs(mach), method)
    aero, shown = breakdown.aero, units or units_said(rocket)
    if as_json:
        print_json(
            {
                "reference_area_m2": aero.reference_area, "reference_length_m": aero.reference_length, "valid_to_mach": aero.valid_mach,
                "method": method, "notes": list(aero.notes), "rows": _finite(breakdown.summary()), "parts": _finite(list(breakdown.parts())),
            }
        )  # fmt: skip
    else:
        show(breakdown_view(breakdown, shown))
    if max(breakdown.machs) > aero.valid_mach:
        click.echo(f"! above Mach {aero.valid_mach:g} the errors of this method are not known", err=True)
    if out is not None:
        if out.suffix.lower() == ".csv":
            out.write_text(breakdown.csv(), encoding="utf-8")
        else:
            breakdown_figure(breakdown).savefig(out, units=shown)
        click.echo(f"wrote {out}", err=True)


def _finite(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: None if isinstance(v, float) and v != v else v for k, v in r.items()} for r in rows]


def _scorecard(method: Literal["full", "barrowman"], out: Path | None, as_json: bool) -> None:
    from downrange.report.scorecard import scorecard, scorecard_figure, scorecard_rows, scorecard_view

    tables = scorecard(method)
    if as_json:
        print_json({"method": method, "tables": [t.summary() for t in tables], "rows": scorecard_rows(tables)})
    else:
        show(scorecard_view(tables))
    if out is not None and out.suffix.lower() != ".csv":
        scorecard_figure(tables).savefig(out)
        click.echo(f"wrote {out}", err=True)
    elif out is not None:
        rows = scorecard_rows(tables)
        lines = [
            ",".join(rows[0]),
            *(",".join(f'"{v}"' if "," in str(v) else "" if v is None else str(v) for v in r.values()) for r in rows),
        ]
        out.write_text("\n".join(lines) + "\n", encoding="utf-8")
        click.echo(f"wrote {out}", err=True)
