"""From a form to the door and back: who asks, in which role, under which id, and what came of it."""

import re
import secrets
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Reason, Refused
from firstbreath.events.record import Event
from firstbreath.events.store import HeadMoved, StoreError
from firstbreath.trial.commands import AnyCommand, act_of
from firstbreath.trial.door import Request
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import source_of

MAX_REASON = 2_000
_BESIDE = re.compile("password|code$|^(csrfmiddlewaretoken|request_id|kept)$|^archive-")
"""The fields of a form that are not what it asks for: who proves to be whom, how the page was made, and where a scan
lies in an archive, of which not even a digest is kept."""
REFUSED, UNAVAILABLE = 409, 503
_FULL = Reason("SAVE-001", "Nothing was saved, and nothing is lost: your entries are still here.", "")


_KNOWN = msgspec.json.Decoder(AnyCommand)
"""Makes every type of act known to msgspec before threads convert to one; see `reading.stored`."""


class Outcome(msgspec.Struct, frozen=True):
    """What came of an act: the events written when it was allowed, else the reasons; and the status to answer with.

    `unknown` says that the reasons name what is missing.
    """

    events: tuple[Event, ...] = ()
    reasons: tuple[Reason, ...] = ()
    status: int = 200
    again: bool = False
    unknown: bool = False

    @property
    def done(self) -> bool:
        """Whether the act was allowed, now or when it was first sent."""
        return not self.reasons


def new_request_id() -> str:
    """An id for one form on one page: sent twice, it is done once."""
    return secrets.token_urlsafe(12)


def perform(
    request: HttpRequest, command: AnyCommand, *, occurred: str = "", reason: str = "", form: str = "", step: str = ""
) -> Outcome:
    """Ask the door for an act that a form states, on behalf of whoever has signed in.

    occurred  when it happened, ISO 8601
    form      the page it was entered on, as the event's source
    step      tells several acts of one form apart, so that each is done once; a new one where something is done beside
              the log each time, which must not happen without an event
    """
    sent = str(request.POST.get("request_id", "")).replace("#", "")[:64]
    named = f"{sent}{step and '/'}{step}#{_digest_of(request)}" if sent else ""
    return ask_door(request, command, request_id=named, occurred=occurred, reason=reason, form=form)


def _digest_of(request: HttpRequest) -> str:
    """What a form asks for, and where: under the id of one page nothing else can be sent. Secrets are not in it."""
    sent = [(name, request.POST.getlist(name)) for name in sorted(request.POST) if not _BESIDE.search(name)]
    return sha256(msgspec.json.encode((request.path_info, sent))).hexdigest()[:16]


def ask_door(
    request: HttpRequest, command: AnyCommand, *, request_id: str, occurred: str = "", reason: str = "", form: str = ""
) -> Outcome:
    """Ask the door for an act under an id, on behalf of whoever has signed in; see `perform`."""
    source, identity = source_of(request), identity_of(request)
    if source.door is None or identity is None:
        return Outcome(reasons=(Reason("AUTH-010", "Nobody has signed in.", "Sign in again."),), status=403)
    site = _site_of(request, command)
    asked = Request(
        command=command,
        actor=identity.account.id,
        role=identity.role_for(act_of(command), site),
        occurred=occurred.strip(),
        reason=reason.strip()[:MAX_REASON],
        source=f"{form or 'site'}, {identity.way}",
        id=request_id,
    )
    try:
        answer = source.door.act(asked)
    except ValueError as wrong:
        return Outcome(reasons=(Reason("TIME-001", str(wrong), "Correct it."),), status=REFUSED)
    except HeadMoved:
        moved = Reason("SAVE-002", "Others were writing at the same moment.", "Send it again.")
        return Outcome(reasons=(_FULL, moved), status=UNAVAILABLE)
    except StoreError as broken:
        return Outcome(reasons=(_FULL, Reason("SAVE-003", broken.what, broken.fix)), status=UNAVAILABLE)
    decision = answer.decision
    if isinstance(decision, Allowed):
        _keep_heads(request, answer.events)
        return Outcome(events=answer.events, again=answer.again)
    if isinstance(decision, Refused):
        return Outcome(reasons=decision.reasons, status=REFUSED, again=answer.again)
    return Outcome(reasons=decision.missing, status=REFUSED, again=answer.again, unknown=True)


def _keep_heads(request: HttpRequest, events: Sequence[Event]) -> None:
    """A packet is printed with the head it was frozen at: that head is signed and kept, and every check passes it."""
    for event in events:
        if isinstance(event.body, kinds.PacketFrozen):
            source_of(request).sign(event.body.up_to, keep=True)


def _site_of(request: HttpRequest, command: AnyCommand) -> str:
    subject = source_of(request).history().now.subjects.get(getattr(command, "subject", ""))
    return subject.site if subject else str(getattr(command, "site", ""))


def parse_command(act: type[Any], **arguments: Any) -> AnyCommand | tuple[Reason, ...]:
    """The command that the texts of a form state, or why they state none."""
    try:
        command: AnyCommand = msgspec.convert(arguments, act, strict=False)
    except msgspec.ValidationError as wrong:
        return (Reason("FORM-014", f"This cannot be understood: {wrong}.", "Correct it."),)
    return command


def see_other(address: str) -> HttpResponse:
    """Go on to another page after an act, so that a reload sends nothing again."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def attempt(
    request: HttpRequest,
    command: AnyCommand | tuple[Reason, ...],
    *,
    to: str,
    again: Callable[..., HttpResponse],
    **about: str,
) -> HttpResponse:
    """Do an act and go on to `to`; when it was not allowed, show the page again with the reasons and what was entered.

    again  makes the page, given `reasons` and `status`
    about  what `perform` is told: occurred, reason, form
    """
    if isinstance(command, tuple):
        return again(reasons=command, status=400)
    outcome = perform(request, command, **about)
    return see_other(to) if outcome.done else again(reasons=outcome.reasons, status=outcome.status)
