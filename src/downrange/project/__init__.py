"""Project: a rocket, a site and a launch as files of one's own; opening them, and the campaigns, windows and answers made of them.

Names are loaded on first use: opening a project needs no campaigns.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from downrange.project.campaigns import disperse, plan_campaign, read_campaign
    from downrange.project.project import Project, load, load_design, load_rocket, open_project

_HOME = {
    "Project": "project", "disperse": "campaigns", "load": "project", "load_design": "project", "load_rocket": "project",
    "open_project": "project", "plan_campaign": "campaigns", "read_campaign": "campaigns",
}  # fmt: skip

__all__ = [
    "Project",
    "disperse",
    "load",
    "load_design",
    "load_rocket",
    "open_project",
    "plan_campaign",
    "read_campaign",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"downrange.project.{_HOME[name]}"), name)
    raise AttributeError(f"module 'downrange.project' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
