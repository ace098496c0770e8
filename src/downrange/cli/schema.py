"""downrange schema"""

from __future__ import annotations

from typing import Any

import click

from downrange.cli.options import print_json


@click.command("schema")
@click.argument("file", type=click.Choice(["launch", "rocket", "site", "motor"]))
def command(file: str) -> None:
    """Print the JSON Schema of a project FILE, so that editors complete and check as you type."""
    from downrange.project.schema import LaunchFile, RocketFile, SiteFile, json_schema
    from downrange.project.schema_motor import GrainMotorFile

    model: Any = {"launch": LaunchFile, "rocket": RocketFile, "site": SiteFile, "motor": GrainMotorFile}[file]
    print_json(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **json_schema(model),
            "title": f"downrange {file}.yaml",
        }
    )
