"""downrange schema"""

from __future__ import annotations

from typing import Any

import click

from downrange.cli.options import print_json


@click.command("schema")
@click.argument("file", type=click.Choice(["launch", "rocket", "site"]))
def command(file: str) -> None:
    """Print the JSON Schema of a project FILE, so that editors complete and check as you type."""
    from downrange.project.schema import LaunchFile, RocketFile, SiteFile, json_schema

    model: Any = {"launch": LaunchFile, "rocket": RocketFile, "site": SiteFile}[file]
    print_json(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"downrange {file}.yaml",
            **json_schema(model),
        }
    )
