"""Signing in: the password, the lock after too many attempts, and the event of each."""

from datetime import UTC, datetime

from django.contrib.auth import authenticate, get_user_model, login, logout
from django.http import HttpRequest

from firstbreath.people.commands import NoteRefusedSignIn, SignIn, SignOut
from firstbreath.people.rights import HOLDER, SYSTEM
from firstbreath.trial.door import Door, Request
from firstbreath.web.identity import SEEN, SITE_ITSELF, short_name


def open_session(request: HttpRequest, door: Door, account_id: str, password: str) -> str:
    """Sign in; empty when that went well, else why not: `unknown`, `closed` or `password`."""
    account = door.refresh().people.get(account_id)
    if account is None or account.closed:
        why = "closed" if account else "unknown"
        _note(request, door, account_id if account else "", why)
        return why
    user = authenticate(request, username=account_id, password=password)
    if user is None:
        _note(request, door, account_id, "password")
        return "password"
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[SEEN] = datetime.now(UTC).isoformat()
    device = request.headers.get("User-Agent", "")[:200]
    command = SignIn(device=device, address=request.META.get("REMOTE_ADDR", ""))
    door.act(Request(command=command, actor=account_id, role=HOLDER, source=f"session {short_name(request)}"))
    return ""


def _note(request: HttpRequest, door: Door, account: str, why: str) -> None:
    address = request.META.get("REMOTE_ADDR", "")
    command = NoteRefusedSignIn(account=account, why=why, address=address)  # type: ignore[arg-type]
    door.act(Request(command=command, actor=SITE_ITSELF, role=SYSTEM, source="sign-in page"))


def close_session(request: HttpRequest, door: Door, account_id: str) -> None:
    """Sign out."""
    door.act(Request(command=SignOut(), actor=account_id, role=HOLDER, source=f"session {short_name(request)}"))
    logout(request)


def set_password(account_id: str, password: str) -> None:
    """Set the password of an account; every session of it dies."""
    user, _ = get_user_model().objects.get_or_create(username=account_id)
    user.set_password(password)
    user.save()
