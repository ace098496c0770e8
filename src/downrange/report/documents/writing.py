"""Writing a document by the name that it is to have, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from downrange.errors import InputError, seen
from downrange.report.documents.blocks import Document
from downrange.steps import step

__all__ = ["SUFFIXES", "check_target", "write_document", "write_documents", "write_whole"]

SUFFIXES = (".pdf", ".html", ".htm", ".docx")
"""Of a document in one file; without a suffix it is a folder."""


def check_target(path: Path) -> None:
    """Raise `InputError` where a document cannot be written to `path`: before the work, not after.

    A suffix that is none of `SUFFIXES`, a folder that is not there, a file in the place of a folder.
    """
    suffix = path.suffix.lower()
    if suffix and suffix not in SUFFIXES:
        raise InputError(
            f"{seen(path.name, 60)} is none of .pdf, .html and .docx; without a suffix a folder of Markdown, CSV and pictures is written",
            key="--out",
        )
    if not path.absolute().parent.is_dir():
        raise InputError(f"there is no folder {seen(str(path.parent), 100)}", key="--out")
    if suffix and path.is_dir():
        raise InputError(f"{seen(path.name, 60)} is a folder", key="--out")
    if not suffix and path.exists() and not _ours(path):
        raise InputError(
            f"{seen(path.name, 60)} is there already and is no folder that a document was written to; name another",
            key="--out",
        )


def _ours(path: Path) -> bool:
    return path.is_dir() and ((path / "document.md").is_file() or not any(path.iterdir()))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or, should anything fail, as it was before.

    path: in a folder that is there. data: all of it.
    """
    handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name[:40]}-")
    try:
        with os.fdopen(handle, "wb") as f:
            f.write(data)
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder whole: beside it, then in its place."""
    target = path.absolute()
    made = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name[:40]}-"))
    old = made.with_name(made.name + "-old")
    try:
        for name, data in files.items():
            (made / name).write_bytes(data)
        made.chmod(0o755)
        if target.exists():
            os.replace(target, old)
        os.replace(made, target)
    except BaseException:
        if old.exists() and not target.exists():
            os.replace(old, target)
        raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def write_document(
    document: Document, path: str | Path, *, template: Path | None = None, values: Mapping[str, str] | None = None
) -> Path:
    """Write a document: `.pdf`, `.html`, `.docx` by the suffix, a folder of Markdown, CSV, PNG and SVG without one. Returns the path.

    template: a Word file of one's own for `.docx`, filled with `values` (see `docx_bytes`). Raises `InputError` for a path that is
    not possible. What was at `path` is replaced once the document is whole, and stays as it was if it cannot be made.
    """
    return write_documents(document, (path,), template=template, values=values)[0]


def write_documents(
    document: Document, paths: Sequence[str | Path], *, template: Path | None = None, values: Mapping[str, str] | None = None
) -> tuple[Path, ...]:  # fmt: skip
    """Write a document under several names, each as `write_document` does; none of them before all are made. Returns the paths.

    template: for those of `paths` that end in `.docx`; raises `InputError` where none does.
    """
    targets = tuple(map(Path, paths))
    for path in targets:
        check_target(path)
    if template is not None and not any(path.suffix.lower() == ".docx" for path in targets):
        raise InputError("a Word template is for a document that ends in .docx", key="--template")
    made = []
    for path in targets:
        with step(f"writing {path.name}"):
            made.append(_content(document, path.suffix.lower(), template, values))
    for path, content in zip(targets, made, strict=True):
        if isinstance(content, bytes):
            write_whole(path, content)
        else:
            _write_folder(path, content)
    return targets


def _content(
    document: Document, suffix: str, template: Path | None, values: Mapping[str, str] | None
) -> bytes | Mapping[str, bytes]:
    """What is to be written: the bytes of a file, or of a folder those of each of its files."""
    if suffix == ".pdf":
        from downrange.report.documents.pdf import pdf_bytes

        return pdf_bytes(document)
    if suffix == ".docx":
        from downrange.report.documents.word import docx_bytes

        return docx_bytes(document, template, values)
    if suffix:
        from downrange.report.documents.web import html_text

        return html_text(document).encode("utf-8")
    from downrange.report.documents.folder import folder_files

    return folder_files(document)
