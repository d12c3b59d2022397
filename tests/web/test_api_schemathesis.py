"""The OpenAPI document put to the test: made-up requests by several people, and no answer that it does not name."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)
from tests.support.staffed_trial import PASSWORD
from tests.web.working import WorkingSite

from firstbreath.web.api.asked import ASKED
from firstbreath.web.api.openapi import compute_document
from firstbreath.web.site import create_application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
SETTINGS: dict[str, Any] = {
    "max_examples": 4,
    "deadline": None,
    "database": None,
    "derandomize": True,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}


@pytest.fixture
def busy(site: WorkingSite) -> WorkingSite:
    """A trial in which something of every kind has happened."""
    trial = site.trial.enrolled("S1")
    trial.dose(1)
    trial.by("ines", {"act": "report_adverse_event", "subject": "S1", "term": "Cough", "grade": 1})
    trial.by(
        "dana",
        {
            "act": "open_query",
            "subject": "S1",
            "form": "demographics",
            "visit": "screening",
            "field": "age",
            "text": "?",
        },
    )
    trial.by(
        "ines",
        {
            "act": "sign_records",
            "subject": "S1",
            "seqs": [trial.trial.subjects.by_code["S1"].screened.seq],
            "meaning": "authorship",
        },
    )
    trial.by(
        "mona", {"act": "verify_source", "subject": "S1", "seqs": [trial.trial.subjects.by_code["S1"].screened.seq]}
    )
    trial.review("S1")
    trial.screen("S2")
    trial.by("dana", {"act": "freeze_packet", "subjects": ["S1"]})
    return site


LIKELY: dict[str, Any] = {
    "subject": {"enum": ["S1", "S2", "S9"]},
    "form": {"enum": ["demographics", "vital_signs", "skin_test"]},
    "visit": {"enum": ["screening", "D1", "unscheduled"]},
    "field": {"enum": ["age", "spo2"]},
    "day": {"enum": [1, 2, 9]},
    "query": {"enum": [1, 2]},
    "packet": {"enum": [2]},
    "subjects": {"enum": [["S1"]]},
    "recommendation": {"enum": ["continue"]},
    "conflict": {"enum": ["none"]},
    "number": {"enum": [1, 9]},
    "version": {"enum": ["1.0"]},
    "occurred": {"enum": ["", "2026-01-01"]},
    "reauthentication": {"enum": [{"password": PASSWORD}]},
    "as_of": {"enum": ["1", "60", "2026-01-01T09:00Z"]},
    "code": {"enum": ["S1", "S2", "S9"]},
}
"""What fits the small trial, by the name of a field: so that requests reach what lies behind the first refusal."""


def make_likely(found: Any) -> None:
    """Narrow the fields and parameters of a document, wherever they are, to what fits the small trial."""
    if isinstance(found, dict):
        for name, schema in found.get("properties", {}).items():
            found["properties"][name] = LIKELY.get(name, schema)
        if "in" in found and found.get("name") in LIKELY:
            found["schema"] = LIKELY[found["name"]]
    for inner in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        make_likely(inner)


def schema_of(site: WorkingSite, *, likely: bool) -> Any:
    document = json.loads(compute_document())
    if likely:
        del document["paths"]["/api/acts/lock_trial"]  # nothing can be entered after it
        make_likely(document["paths"])
        for act in ASKED.values():
            make_likely(document["components"]["schemas"][act.__name__])
    schema = schemathesis.openapi.from_dict(document)
    schema.app = create_application(site.source)
    return schema


def token_of(site: WorkingSite, account: str) -> str:
    asked = json.dumps({"account": account, "password": PASSWORD, "name": "made-up"})
    return site.anybody().post("/api/tokens", asked, content_type="application/json").json()["token"]


def hold(schema: Any, token: str, mode: GenerationMode) -> Counter[int]:
    """The answers by status, after every operation was put to the test."""
    statuses: Counter[int] = Counter()
    headers = {"Host": "localhost", "Authorization": f"Bearer {token}"}
    for found in schema.get_all_operations():

        @settings(**SETTINGS)
        @given(case=found.ok().as_strategy(generation_mode=mode))
        def conforms(case: Any) -> None:
            if mode is GenerationMode.POSITIVE and "Idempotency-Key" in case.headers:
                case.headers["Idempotency-Key"] = f"key-{statuses.total()}"
            statuses[case.call_and_validate(headers=headers, checks=CHECKS).status_code] += 1

        conforms()
    return statuses


@pytest.mark.parametrize("account", ["ines", "dana", "sven"])
def test_every_answer_to_what_fits_is_one_that_the_document_names(busy, account):
    token_of(busy, "mona")  # the first token, which others may try to end
    statuses = hold(schema_of(busy, likely=True), token_of(busy, account), GenerationMode.POSITIVE)
    assert {200, 201, 409} <= statuses.keys(), "requests reached what lies behind the first refusal"


def test_every_answer_to_what_does_not_fit_says_so(busy):
    statuses = hold(schema_of(busy, likely=False), token_of(busy, "ines"), GenerationMode.NEGATIVE)
    assert statuses[400] > statuses[200]


def test_nothing_is_read_or_done_without_a_token(busy):
    before = busy.trial.trial.seq
    public = {"/api/tokens"}
    for path, operations in json.loads(compute_document())["paths"].items():
        for method in operations.keys() if path not in public else ():
            address = path.format(code="S1", seq="1", number="1")
            answer = busy.anybody().generic(method.upper(), address, "{}", content_type="application/json")
            assert answer.status_code == 401, address
    assert busy.trial.trial.seq == before
