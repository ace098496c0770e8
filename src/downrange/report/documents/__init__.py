"""Documents: data (headings, words, tables, pictures) written as PDF, HTML, Word or a folder to paste from.

>>> from downrange.report.documents import Document, Heading, Paragraph
>>> made = Document("Launch day", (Heading("The wind"), Paragraph("It blew.")))
>>> made.labels
('1', '')

Writers are loaded on first use.
"""

from downrange.report.documents.blocks import (
    PAGES,
    WORDS,
    Block,
    Code,
    Contents,
    Document,
    Equation,
    Heading,
    Listing,
    Look,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    References,
    Run,
    Table,
    Text,
    plain_text,
    texts,
)
from downrange.report.documents.markdown import read_markdown
from downrange.report.documents.pictures import figure_picture, read_picture
from downrange.report.documents.writing import SUFFIXES, check_target, write_document, write_documents, write_whole

__all__ = [
    "PAGES", "SUFFIXES", "WORDS", "Block", "Code", "Contents", "Document", "Equation", "Heading", "Listing", "Look", "Note", "PageBreak",
    "Paragraph", "Picture", "References", "Run", "Table", "Text", "check_target", "figure_picture", "plain_text", "read_markdown",
    "read_picture", "texts", "write_document", "write_documents", "write_whole",
]  # fmt: skip
