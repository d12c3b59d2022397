"""The grid of rights, put to every address and act for programs: each role, in its own session."""

from typing import Any, Literal, get_args, get_origin

import msgspec
import pytest
from tests.support.staffed_trial import WHO
from tests.web.programs import PROOF, ask, reasons

from firstbreath.events.kinds import CertificateTest, Stay
from firstbreath.people.rights import RIGHTS, ROLES
from firstbreath.web.api.asked import ASKED
from firstbreath.web.api.operations import OPERATIONS


def least(kind: Any) -> Any:
    """The plainest value of a type."""
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if kind == tuple[CertificateTest, ...] or kind == tuple[Stay, ...]:
        return []
    plain = {str: "S1", bool: True, tuple: ["S1"], dict: {}}
    return next((value for known, value in plain.items() if kind is known or get_origin(kind) is known), 1)


def body_of(act: str) -> dict[str, Any]:
    """What an act needs at least."""
    needed = {field.name: least(field.type) for field in msgspec.structs.fields(ASKED[act]) if field.required}
    needed |= {"seqs": [1]} if "seqs" in needed else {}
    return needed | ({"reauthentication": PROOF} if "reauthentication" in needed else {})


@pytest.mark.parametrize("role", ROLES)
def test_role_reads_what_the_grid_says_and_nothing_else(site, role):
    site.trial.screen("S1")
    browser = site.browser(WHO[role])
    for operation in OPERATIONS:
        address = operation.path.format(code="S1", seq=1)
        may = not operation.sees or RIGHTS.may(role, operation.sees)
        assert browser.get(address).status_code == (200 if may else 403), address


@pytest.mark.parametrize("role", ROLES)
def test_role_does_what_the_grid_says_and_nothing_else(site, role):
    browser = site.browser(WHO[role])
    for act in ASKED:
        if act in ("lock_trial", "close_account"):
            continue  # what comes after would be refused for it
        answer = ask(browser, act, **body_of(act))
        refused = answer.status_code == 403 and "AUTH-002" in reasons(answer)
        assert answer.status_code != 400, (act, answer.content)
        assert refused is not RIGHTS.may(role, act), (act, answer.content)
