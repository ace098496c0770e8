"""downrange bench"""

from __future__ import annotations

import click

from downrange.cli.options import json_option, print_json, show, units_option


@click.command("bench")
@click.argument("name", required=False)
@click.argument("inputs", nargs=-1, metavar="INPUT=VALUE...")
@units_option
@json_option
def command(name: str | None, inputs: tuple[str, ...], units: str | None, as_json: bool) -> None:
    """Numbers for the bench: 'downrange bench canopy mass=1.2kg rate=5m/s'. Without a name it lists them, with a name alone its inputs.

    Inputs may have a ±: 'period=2.31 s ± 0.01 s'. Each answer has its equation, its inputs and its source.
    """
    from downrange.design.bench import BENCH, bench_number
    from downrange.project.benching import read_inputs
    from downrange.report.benching import answer_summary, answer_view, list_view

    if name is None:
        if as_json:
            print_json(
                {
                    n.name: {"title": n.title, "inputs": {k: g.meaning for k, g in n.given.items()}}
                    for n in BENCH.values()
                }
            )
        else:
            show(list_view())
        return
    if not inputs and name in BENCH and not as_json:
        show(list_view(name))
        return
    answered = bench_number(name, read_inputs(name, inputs))
    if as_json:
        print_json(answer_summary(answered))
    else:
        show(answer_view(answered, units or "metric"))
