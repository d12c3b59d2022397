"""A program that reads and acts: what it sends, and the keys it sends it under."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from django.http import HttpResponse
from django.test import Client
from tests.support.staffed_trial import PASSWORD

PROOF = {"password": PASSWORD}
_NUMBERS = count(1)


def ask(client: Client, act: str, key: str = "", **fields: Any) -> HttpResponse:
    """Ask for an act, under a new key unless one is given."""
    return send(client, act, json.dumps(fields), key=key or f"key-{next(_NUMBERS)}")


def send(
    client: Client, act: str, body: bytes | str, *, key: str = "one", kind: str = "application/json"
) -> HttpResponse:
    """Send any body at all."""
    return client.post(f"/api/acts/{act}", body, content_type=kind, headers={"Idempotency-Key": key})


def reasons(response: HttpResponse) -> list[str]:
    """The codes of a problem."""
    return [reason["code"] for reason in response.json()["reasons"]]
