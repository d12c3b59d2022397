"""The OpenAPI 3.1 document: read operations from their table, acts from the commands."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

import firstbreath
from firstbreath.people.rights import RIGHTS, ROLES
from firstbreath.web.api.acts import KEY_SCHEMA, Done
from firstbreath.web.api.asked import ASKED
from firstbreath.web.api.operations import OPERATIONS, Operation
from firstbreath.web.api.problems import JSON, PROBLEM, Problem
from firstbreath.web.api.token_views import TokenAsked, TokenMade

Json = dict[str, Any]

DESCRIPTION = """A trial is a protocol and a log of events. Reading gives the trial as it stands, or with `as_of` as it
stood after an event (its number) or at a time. Acting asks the same door that the pages ask: what is allowed is
written as events, and what is refused is written down too. Amounts are texts, so that no digit is lost."""
AS_OF: Json = {
    "name": "as_of",
    "in": "query",
    "description": "The number of an event, or a time in ISO 8601: the trial as it stood then.",
    "schema": {"type": "string"},
}
KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Names this act: sent again under the same key, it is answered and not done again.",
    "schema": KEY_SCHEMA,
}
WORDS = {
    400: "The request cannot be understood.",
    401: "Nobody has signed in, or the token is not in force.",
    403: "Not for your role, your site, or without signing again.",
    404: "It is not here at this moment.",
    405: "The address does not take this method.",
    409: "Refused, for every reason given; the refusal is in the log.",
    413: "More was sent than is taken.",
    415: "What was sent is no JSON.",
    422: "It cannot be told whether the act may happen; the reasons name what is missing.",
    503: "The study cannot be read or written just now. Nothing was done.",
}
READING, ACTING = (400, 401, 403, 404, 405, 503), (400, 401, 403, 405, 409, 413, 415, 422, 503)


@lru_cache(maxsize=1)
def compute_document() -> bytes:
    """The document as JSON."""
    answers: list[type[Any]] = [*(operation.answer for operation in OPERATIONS), Done, Problem, TokenMade]
    types: list[type[Any]] = [*answers, TokenAsked, *ASKED.values()]
    schemas, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    named: dict[type[Any], Json] = dict(zip(types, schemas, strict=True))
    reading = {operation.path: {"get": _read(operation, named[operation.answer])} for operation in OPERATIONS}
    acting = {f"/api/acts/{act}": {"post": _act(act, kind, named)} for act, kind in ASKED.items()}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "firstbreath", "version": firstbreath.__version__, "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "paths": reading | _tokens(named) | acting,
        "components": {"schemas": components, "securitySchemes": _ways_in()},
    }
    return msgspec.json.encode(document)


def _tokens(named: dict[type[Any], Json]) -> Json:
    """Making and ending a token."""
    make: Json = {
        "operationId": "make_token",
        "summary": "Make a token for yourself, by your password and code.",
        "tags": ["tokens"],
        "security": [],
        "requestBody": {"required": True, "content": {JSON: {"schema": named[TokenAsked]}}},
        "responses": {"201": _said("The token, shown once.", named[TokenMade])} | _problems(ACTING),
    }
    number = {"name": "number", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
    end: Json = {
        "operationId": "end_token",
        "summary": "End a token of yours.",
        "tags": ["tokens"],
        "parameters": [number],
        "responses": {"204": {"description": "It has ended."}} | _problems(READING),
    }
    return {"/api/tokens": {"post": make}, "/api/me/tokens/{number}": {"delete": end}}


def _ways_in() -> Json:
    session = "A browser's session; acts also need the header X-CSRFToken with the `mark` that /api/me gives."
    return {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "firstbreath", "description": session},
    }


def _read(operation: Operation, answer: Json) -> Json:
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": _for_whom(operation.sees),
        "tags": ["read"],
        "parameters": list(_parameters(operation)),
        "responses": {"200": _said("As it stands at the moment asked for.", answer)} | _problems(READING),
    }


def _parameters(operation: Operation) -> Iterator[Json]:
    for name, kind in operation.places:
        yield {"name": name, "in": "path", "required": True, "schema": {"type": kind}}
    for name, schema in operation.query.items():
        yield {"name": name, "in": "query", "schema": schema}
    if not operation.timeless:
        yield AS_OF


def _act(act: str, kind: type[Any], named: dict[type[Any], Json]) -> Json:
    return {
        "operationId": act,
        "summary": (kind.__doc__ or "").strip().splitlines()[0],
        "description": _for_whom(act),
        "tags": ["act"],
        "parameters": [KEY],
        "requestBody": {"required": True, "content": {JSON: {"schema": named[kind]}}},
        "responses": {
            "201": _said("Done: the events that were written.", named[Done]),
            "200": _said("Done before under this key: the events that were written then.", named[Done]),
        }
        | _problems(ACTING),
    }


def _for_whom(row: str) -> str:
    roles = ", ".join(ROLES[role] for role in ROLES if RIGHTS.may(role, row))
    return f"For: {roles}." if roles else "For whoever has signed in."


def _said(words: str, schema: Json) -> Json:
    return {"description": words, "content": {JSON: {"schema": schema}}}


def _problems(statuses: tuple[int, ...]) -> Json:
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {str(status): {"description": WORDS[status], "content": content} for status in statuses}
