"""What the studio's server answers, as OpenAPI 3.1 describes it; the tests put hostile questions after it, and hold each answer to it."""

from __future__ import annotations

from typing import Any

__all__ = ["DESCRIPTION"]

_TEXT = {"type": "string"}
_WRONG = {"type": "object", "required": ["error"], "properties": {"error": _TEXT}, "additionalProperties": False}


def _answers(schema: dict[str, Any], kind: str = "application/json") -> dict[str, Any]:
    said = {"application/json": {"schema": _WRONG}}
    return {
        "200": {"description": "the answer", "content": {kind: {"schema": schema}}},
        "400": {"description": "why it cannot be done", "content": said},
        "403": {"description": "no token, or another page", "content": said},
    }


def _thing(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _rows(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": _thing(**properties)}


def _header(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "schema": _TEXT, "description": "percent-encoded"}


_WORDS = {"type": "object", "additionalProperties": _TEXT}
_FILE = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
_NEW = {
    "type": "object",
    "properties": {"name": _TEXT, "template": _TEXT, "example": {"type": ["string", "null"]}},
}

_PIECE = {
    "206": _answers({"type": "string", "format": "binary"}, "application/octet-stream")["200"],
    **{k: v for k, v in _answers({}).items() if k != "200"},
    "416": {"description": "the file ends before", "content": {"application/json": {"schema": _WRONG}}},
}

DESCRIPTION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "downrange studio", "version": "1"},
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "security": [{"token": []}],
    "paths": {
        "/api/start": {
            "get": {
                "responses": _answers(
                    _thing(
                        open={"type": "boolean"}, templates=_WORDS, examples=_WORDS, folder=_TEXT, projects=_rows(name=_TEXT),
                        recent=_rows(key=_TEXT, name=_TEXT, folder=_TEXT),
                    )
                )
            }
        },
        "/api/new": {
            "post": {
                "requestBody": {"required": True, "content": {"application/json": {"schema": _NEW}}},
                "responses": _answers(_thing(name=_TEXT)),
            }
        },
        "/api/import": {
            "post": {
                "parameters": [_header("x-name")], "requestBody": _FILE,
                "responses": _answers(_thing(name=_TEXT)),
            }
        },
        "/api/fields": {"get": {"responses": _answers(_thing(parts={"type": "object"}, launch={"type": "array"}, units={"type": "object"}))}},
        "/api/motors": {
            "get": {
                "parameters": [{"name": "q", "in": "query", "required": False, "schema": _TEXT}],
                "responses": _answers(_rows(designation=_TEXT, maker_short=_TEXT)),
            }
        },
        "/api/tiles": {
            "get": {"parameters": [_header("x-project")], "responses": _answers(_rows(name=_TEXT, bytes={"type": "integer"}))}
        },
        "/tiles/{name}.pmtiles": {
            "get": {
                "parameters": [
                    _header("x-project"), _header("range"), {"name": "name", "in": "path", "required": True, "schema": {**_TEXT, "pattern": "^[a-z]+$"}},
                ],
                "responses": _PIECE,
            }
        },
        "/api/log": {
            "post": {
                "parameters": [_header("x-name"), _header("x-project")], "requestBody": _FILE,
                "responses": _answers({"type": "string", "format": "binary"}, "application/octet-stream"),
            }
        },
    },
}  # fmt: skip
