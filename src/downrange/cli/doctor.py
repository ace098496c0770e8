"""downrange doctor"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from downrange.cli.options import json_option, print_json, timings_option

if TYPE_CHECKING:
    from downrange.flight.doctor import Doctor


@click.command("doctor")
@timings_option
@json_option
def command(as_json: bool) -> None:
    """Say what this machine is to the flight kernel, and fly a self-check; exit code 1 if it does not fly right."""
    from downrange.flight.doctor import examine

    found = examine()
    if as_json:
        print_json(_summary(found))
    else:
        for name, text in _lines(found):
            click.echo(f"{name:<12} {text}")
    raise click.exceptions.Exit(1 if found.problems else 0)


def _summary(found: Doctor) -> dict[str, Any]:
    data = dataclasses.asdict(found)
    data["cache"] = None if found.cache is None else str(found.cache)
    data["checks"] = [dataclasses.asdict(c) | {"holds": c.holds} for c in found.checks]
    for check in data["checks"]:
        check["seen"] = check["seen"] if check["seen"] == check["seen"] else None
    data["flights_per_s_a_core"] = data.pop("rate")
    return data


def _lines(found: Doctor) -> list[tuple[str, str]]:
    cache = "nowhere" if found.cache is None else f"{found.cache} ({found.cache_state})"
    lines = [
        ("processor", f"{found.processor}, {found.cores} cores; to LLVM {found.llvm_name}"),
        ("features", " ".join(found.features) or "none that matter here"),
        ("lanes", f"{found.vectors}: {found.why}"),
        ("cache", cache),
        ("versions", ", ".join(f"{name} {v}" for name, v in found.versions.items())),
        ("extras", ", ".join(f"{name} {'yes' if there else 'no'}" for name, there in found.extras.items())),
        ("threads", ", ".join(f"{name}: {n}" for name, n in found.blas.items()) or "no BLAS found"),
    ]
    if found.cache_note:
        lines.insert(4, ("", found.cache_note))
    right = sum(c.holds for c in found.checks)
    lines.append(("self-check", f"{right} of {len(found.checks)} hold, {found.rate:,.0f} throws/s on one core"))
    lines += [("PROBLEM", p) for p in found.problems]
    return lines
