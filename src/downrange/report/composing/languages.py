"""The words that a document needs of its own, by language; a kind in another language brings its own (`words` of its `kind.yaml`)."""

from __future__ import annotations

__all__ = ["LANGUAGES"]

_NAMES = ("figure", "table", "contents", "references", "page", "of", "was", "not stated")
_TABLE = {
    "de": ("Abbildung", "Tabelle", "Inhalt", "Quellen", "Seite", "von", "war", "nicht angegeben"),
    "es": ("Figura", "Tabla", "Índice", "Referencias", "página", "de", "era", "no indicado"),
    "fr": ("Figure", "Tableau", "Table des matières", "Références", "page", "sur", "était", "non indiqué"),
    "pt": ("Figura", "Tabela", "Índice", "Referências", "página", "de", "era", "não indicado"),
}
LANGUAGES: dict[str, dict[str, str]] = {"en": {}} | {
    language: dict(zip(_NAMES, words, strict=True)) for language, words in _TABLE.items()
}
"""Of `documents.WORDS`, those that a language has another word for."""
