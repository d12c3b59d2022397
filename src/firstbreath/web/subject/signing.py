"""Signing on a page: the person says again who they are, at the moment of signing."""

from django.contrib.auth import authenticate
from django.http import HttpRequest

from firstbreath.events.decisions import Reason
from firstbreath.people.commands import NoteRefusedSignIn
from firstbreath.people.rights import SYSTEM
from firstbreath.trial.door import Request
from firstbreath.web.identity import SITE_ITSELF
from firstbreath.web.moment import source_of

MAX_PASSWORD = 4_096


def reasons_against_person(request: HttpRequest, account: str, password: str, *, whose: str) -> tuple[Reason, ...]:
    """Why somebody did not prove to be the account they sign under; empty when they did. A failure is written down.

    whose  the password's place on the page, in words
    """
    if password and len(password) <= MAX_PASSWORD and authenticate(request, username=account, password=password):
        return ()
    door = source_of(request).door
    if door is not None and password:
        known = account if door.refresh().people.get(account) else ""
        address = str(request.META.get("REMOTE_ADDR", ""))
        command = NoteRefusedSignIn(account=known, why="password", address=address)
        door.act(Request(command=command, actor=SITE_ITSELF, role=SYSTEM, source="signing page"))
    text = f"{whose}: the account and the password do not fit." if password else f"{whose}: the password is missing."
    return (Reason("SIGN-010", text, "Enter it again; after several failures the account is locked for a while."),)
