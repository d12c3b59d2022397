"""Acting by program: the body states a command, the door decides, the answer says what was written or why not."""

import re

import msgspec
from django.http import HttpRequest, HttpResponse

from firstbreath.events.decisions import Reason
from firstbreath.events.record import Event
from firstbreath.people.rights import SIGNING_ACTS
from firstbreath.web.accounts.reauth import proves
from firstbreath.web.act import Outcome, ask_door
from firstbreath.web.api.asked import ASKED, About, name_request, parse_asked
from firstbreath.web.api.guard import program
from firstbreath.web.api.problems import JSON, answer_json, render_problem
from firstbreath.web.identity import identity_of

MAX_BODY_BYTES = 2_000_000
KEY = re.compile(r"[!\"$-~]{1,64}")
"""What an `Idempotency-Key` may be: visible ASCII without `#`."""
KEY_SCHEMA = {"type": "string", "pattern": f"^{KEY.pattern}$"}
NOT_DONE = "Nothing was done"


class Done(msgspec.Struct, frozen=True):
    """The events that an act led to. `again` says that it was done before under this key, and not a second time."""

    events: tuple[Event, ...]
    again: bool


@program("POST")
def do_act(request: HttpRequest, act: str) -> HttpResponse:
    """Ask for an act."""
    if act not in ASKED:
        what = f"There is no act {act[:40]!r} that programs may ask for."
        return render_problem(404, title=NOT_DONE, what=what, fix="/api/openapi.json names every act.")
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        fix = "Send 1 to 64 visible ASCII characters without #: a new key for a new act, the same to try again."
        return render_problem(400, title=NOT_DONE, what="The header Idempotency-Key is missing or wrong.", fix=fix)
    body = read_body(request)
    if isinstance(body, HttpResponse):
        return body
    try:
        command, about = parse_asked(act, body)
    except ValueError as wrong:
        return render_problem(400, title=NOT_DONE, what=f"This cannot be understood: {wrong}.", fix="Correct it.")
    if act in SIGNING_ACTS and (reasons := _reasons_against_signer(request, about)):
        return render_problem(403, title=NOT_DONE, what=reasons[0].text, fix=reasons[0].fix, reasons=reasons)
    named = name_request(key, command, about)
    outcome = ask_door(request, command, request_id=named, occurred=about.occurred, reason=about.reason, form="api")
    return _answer(outcome)


def read_body(request: HttpRequest) -> bytes | HttpResponse:
    """What was sent, or the answer to a body of the wrong kind or size."""
    if request.content_type != JSON:
        return render_problem(415, title=NOT_DONE, what="What was sent is no JSON.", fix=f"Content-Type: {JSON}")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if int(length) > MAX_BODY_BYTES:
        what = f"What was sent has {int(length):,} bytes; at most {MAX_BODY_BYTES:,} are taken."
        return render_problem(413, title=NOT_DONE, what=what, fix="Send less.")
    return request.body


def _answer(outcome: Outcome) -> HttpResponse:
    """200 or 201 with events, 403 to who may not, 409 refused, 422 unknown, 503 when it could not be written."""
    if outcome.done:
        return answer_json(Done(outcome.events, outcome.again), 200 if outcome.again else 201)
    first, status = outcome.reasons[0], outcome.status
    if all(reason.code.startswith("AUTH-") for reason in outcome.reasons):
        status = 403
    elif outcome.unknown:
        status = 422
    return render_problem(status, title=NOT_DONE, what=first.text, fix=first.fix, reasons=outcome.reasons)


def _reasons_against_signer(request: HttpRequest, about: About) -> tuple[Reason, ...]:
    """Why this is no signature: the password or the code is not the signer's."""
    identity, proof = identity_of(request), about.reauthentication
    if identity and proof and proves(request, identity.account.id, proof.password, proof.code):
        return ()
    return (Reason("AUTH-011", "The password or the code does not fit.", "Sign with your own."),)
