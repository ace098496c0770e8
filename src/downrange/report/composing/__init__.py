"""Composing documents: kinds (templates as data), what is known of a launch, and the document of both."""

from downrange.report.composing.issue import Issue, read_issue
from downrange.report.composing.kind import Kind, copy_kind, kind_names, read_kind
from downrange.report.composing.making import Composed, compose, compose_project, texts_folder
from downrange.report.composing.material import Material

__all__ = [
    "Composed",
    "Issue",
    "Kind",
    "Material",
    "compose",
    "compose_project",
    "copy_kind",
    "kind_names",
    "read_issue",
    "read_kind",
    "texts_folder",
]
