"""downrange explain"""

from __future__ import annotations

from typing import Any

import click

from downrange.cli.complete import TOPIC
from downrange.cli.options import json_option, launch_options, open_launch, print_json, show


@click.command("explain")
@click.argument("topic", required=False, type=TOPIC)
@launch_options
@json_option
def command(topic: str | None, as_json: bool, **where: Any) -> None:
    """Explain a number of LAUNCH (default: launch.yaml): equation, inputs, the sum, and what moves it most.

    Without TOPIC the topics are listed: apogee, margin, rail-exit, energy, drag, delay, drift, flutter, ...
    """
    from downrange.report.explain import TOPICS, explain, moves_of, topic_named

    if topic is None:
        from downrange.report.layout import plain_table

        table = plain_table("topic", "explains", words=(1,))
        for name, known in TOPICS.items():
            table.add_row(name, known.words)
        show(table)
        return
    name = topic_named(topic)
    project = open_launch(**where)
    from downrange.report.explain.view import explanation_summary, explanation_view

    made = explain(project, name)
    found = moves_of(project, made)
    if as_json:
        print_json(explanation_summary(made, found))
    else:
        show(explanation_view(made, found, project.units))
