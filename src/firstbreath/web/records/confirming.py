"""Whoever signs proves again who they are, at the moment of signing (21 CFR 11.200(a)(1)(i))."""

from django.contrib.auth import authenticate
from django.http import HttpRequest

from firstbreath.events.decisions import Reason
from firstbreath.people.commands import NoteRefusedSignIn
from firstbreath.people.rights import SYSTEM
from firstbreath.trial.door import Request
from firstbreath.web.identity import SITE_ITSELF, identity_of
from firstbreath.web.moment import source_of


def reasons_against_password(request: HttpRequest) -> tuple[Reason, ...]:
    """Why the password that was sent does not sign; a wrong one is written down like a refused sign-in."""
    identity, door = identity_of(request), source_of(request).door
    if identity is None or door is None:
        return (Reason("AUTH-010", "Nobody has signed in.", "Sign in again."),)
    account = identity.account.id
    if authenticate(request, username=account, password=request.POST.get("password", "")) is not None:
        return ()
    command = NoteRefusedSignIn(account=account, why="password", address=request.META.get("REMOTE_ADDR", ""))
    door.act(Request(command=command, actor=SITE_ITSELF, role=SYSTEM, source="signing page"))
    return (Reason("SIGN-003", "The password is not yours.", "Enter it again: nothing was signed."),)
