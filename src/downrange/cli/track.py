"""downrange track"""

from __future__ import annotations

from pathlib import Path

import click

from downrange.cli.options import json_option, print_json, units_option


@click.command("track")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--baseline", metavar="LENGTH", help="Between two stations, like '300 m'; with --sight twice instead of a FILE."
)
@click.option(
    "--sight",
    "sights",
    multiple=True,
    metavar="'AZ EL'",
    help="Angles at a station, like '30 deg 50 deg': azimuth from the baseline towards the other station.",
)
@units_option
@json_option
def command(file: Path | None, baseline: str | None, sights: tuple[str, ...], units: str | None, as_json: bool) -> None:
    """Say how high a rocket was by sights from the ground: a FILE of stations, sights and GPS fixes, or two theodolites on a baseline."""
    from downrange.errors import InputError
    from downrange.project.sights import read_sights, two_stations
    from downrange.units import display

    shown = units or "metric"
    if (file is None) == (baseline is None):
        raise InputError("give a FILE of stations and sights, or --baseline with --sight twice")
    if baseline is not None:
        both = two_stations(baseline, sights)
        if as_json:
            print_json({k: {"altitude_m": r.height, "closure": r.closure, "closed": r.closed} for k, r in both.items()})
            return
        for name, r in both.items():
            click.echo(
                f"{name.replace('_', ' ')}: {display(r.height, 'length', shown)}, closure {r.closure:.2%}: {'closed' if r.closed else 'NOT closed (10 % is allowed)'}"
            )
        return
    assert file is not None
    fix = read_sights(file)
    height, sigma = fix.height
    if as_json:
        keys = ("east_m", "north_m", "altitude_m")
        print_json({**dict(zip(keys, fix.position.tolist(), strict=True)), "altitude_sigma_m": sigma, "covariance_m2": fix.covariance.tolist(),
                    "velocity_m_s": None if fix.velocity is None else fix.velocity.tolist(), "chi2": fix.chi2, "degrees_of_freedom": fix.freedom,
                    "offsets": [{"station": n, "offset_s": o, "sigma_s": s} for n, o, s in fix.offsets],
                    "residuals": [{"station": n, "angle": k, "residual_rad": r} for n, k, r in fix.residuals],
                    "fix_residuals": [{"source": n, "axis": k, "residual_m": r} for n, k, r in fix.place_residuals]})  # fmt: skip
        return
    way = [display(round(float(x), 2) + 0.0, "length", shown) for x in fix.position[:2]]
    click.echo(
        f"{display(height, 'length', shown)} ± {display(sigma, 'length', shown, 2)} above the pad (1 σ), {way[0]} east, {way[1]} north"
    )
    if fix.freedom > 0:
        click.echo(
            f"chi² {fix.chi2:.1f} for {fix.freedom} degrees of freedom"
            + (
                ": the sights do not agree within their errors"
                if fix.chi2 > fix.freedom + 3 * (2 * fix.freedom) ** 0.5
                else ""
            )
        )
    for name, offset, error in fix.offsets:
        click.echo(f"the clock of {name} is {offset:+.2f} ± {error:.2f} s")
