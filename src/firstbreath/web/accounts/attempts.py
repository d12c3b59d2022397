"""Attempts: checked by the lock-out library, and written down so that no flood of them can fill the log."""

import time
from collections import deque
from typing import Literal

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django_otp import match_token, user_has_device

from firstbreath.people.commands import NoteLockOut, NoteRefusedSignIn
from firstbreath.people.decide import ACCOUNT_ID
from firstbreath.people.rights import SYSTEM
from firstbreath.trial.door import Door, Request
from firstbreath.web.identity import SITE_ITSELF
from firstbreath.web.settings import ATTEMPTS

Why = Literal["password", "second_factor", "locked", "closed", "unknown"]


class Limiter:
    """Lets at most so many through in a span of seconds; the others are turned away."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._passed: deque[float] = deque()

    def passes(self) -> bool:
        """Whether one more may pass now."""
        now = time.monotonic()
        while self._passed and now - self._passed[0] > self.seconds:
            self._passed.popleft()
        if len(self._passed) >= self.most:
            return False
        self._passed.append(now)
        return True


NO_ACCOUNT = "-"
"""What no account can be called: it stands for whatever could be no id."""
_STRANGERS = Limiter(20, 3600)
"""Attempts under ids that nobody has: written down up to so many in an hour, whoever makes them."""


def check_password_of(request: HttpRequest, door: Door, account: str, password: str) -> AbstractBaseUser | None:
    """The user of an open account whose password this is, or None; a failure counts, and is written down.

    Nobody can tell from outside whether the account exists, is closed or locked, or the password was wrong.
    """
    if not ACCOUNT_ID.fullmatch(account):
        account = NO_ACCOUNT  # the database is asked for nothing but what could be an id
    locked = _is_locked(request, account)
    user = authenticate(request, username=account, password=password)
    known = door.refresh().people.get(account)
    if user is not None and known is not None and not known.closed:
        return user
    if known is None:
        if _STRANGERS.passes():
            note_refusal(request, door, "", "unknown")
    elif not locked:
        if user is not None:
            _count_failure(request, account)
        _note_failure(request, door, account, "closed" if known.closed else "password")
    return None


def refuse_proof(request: HttpRequest, door: Door, account: str, why: Why) -> None:
    """Count what was no wrong password towards the lock of an account too, and write it down until it is locked."""
    if not _is_locked(request, account):
        _count_failure(request, account)
        _note_failure(request, door, account, why)


def _count_failure(request: HttpRequest, account: str) -> None:
    AxesProxyHandler.user_login_failed(sender=__name__, credentials={"username": account}, request=request)


def _note_failure(request: HttpRequest, door: Door, account: str, why: Why) -> None:
    note_refusal(request, door, account, why)
    if _is_locked(request, account):
        command = NoteLockOut(account=account, attempts=ATTEMPTS, address=request.META.get("REMOTE_ADDR", ""))
        door.act(Request(command=command, actor=SITE_ITSELF, role=SYSTEM, source="sign-in page"))


def _is_locked(request: HttpRequest, account: str) -> bool:
    return bool(AxesProxyHandler.is_locked(request, credentials={"username": account}))


def check_code_of(request: HttpRequest, door: Door, user: AbstractBaseUser, code: str) -> bool:
    """Whether this is the code of the user's second factor, where there is one; a failure counts towards the lock.

    The device itself slows repeated guesses down.
    """
    if not user_has_device(user) or (code and match_token(user, code.strip()) is not None):
        return True
    refuse_proof(request, door, user.get_username(), "second_factor")
    return False


def note_refusal(request: HttpRequest, door: Door, account: str, why: Why) -> None:
    """Write down that somebody was refused."""
    command = NoteRefusedSignIn(account=account, why=why, address=request.META.get("REMOTE_ADDR", ""))
    door.act(Request(command=command, actor=SITE_ITSELF, role=SYSTEM, source="sign-in page"))
