"""Signing in: the password, the lock after too many attempts, and the event of each."""

from datetime import UTC, datetime
from typing import Literal

from django.contrib.auth import get_user_model, login, logout
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django_otp import user_has_device

from firstbreath.people.commands import SignIn, SignOut
from firstbreath.people.rights import HOLDER
from firstbreath.trial.door import Door, Request
from firstbreath.web.accounts.attempts import check_code_of, check_password_of
from firstbreath.web.accounts.passwords import must_change
from firstbreath.web.identity import HAS_CODE, MUST, SEEN, short_name

Refusal = Literal["", "code", "wrong"]


def open_session(request: HttpRequest, door: Door, account_id: str, password: str, *, code: str) -> Refusal:
    """Sign in; empty when that went well, `code` when the second factor is asked for, else `wrong`."""
    user = check_password_of(request, door, account_id, password)
    if user is None:
        return "wrong"
    has_code = user_has_device(user)
    if has_code and not code:
        return "code"
    if not check_code_of(request, door, user, code):
        return "wrong"
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    account = door.refresh().people.by_id[account_id]
    request.session[SEEN] = datetime.now(UTC).isoformat()
    request.session[HAS_CODE] = has_code
    request.session[MUST] = "password" if must_change(account_id) else "" if account.accepted else "terms"
    device = request.headers.get("User-Agent", "")[:200]
    command = SignIn(device=device, address=request.META.get("REMOTE_ADDR", ""))
    door.act(Request(command=command, actor=account_id, role=HOLDER, source=f"session {short_name(request)}"))
    return ""


def close_session(request: HttpRequest, door: Door, account_id: str) -> None:
    """Sign out."""
    door.act(Request(command=SignOut(), actor=account_id, role=HOLDER, source=f"session {short_name(request)}"))
    logout(request)


def end_sessions(account_id: str) -> int:
    """End every session of an account at once; how many there were."""
    ended = 0
    for session in Session.objects.filter(expire_date__gte=datetime.now(UTC)).iterator():
        user = get_user_model().objects.filter(pk=session.get_decoded().get("_auth_user_id")).first()
        if user is not None and user.get_username() == account_id:
            session.delete()
            ended += 1
    return ended
