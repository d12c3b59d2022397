"""Tokens: what a program brings in place of a session. Each is shown once, is somebody's own, has a name and an end."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from firstbreath.events.decisions import Reason
from firstbreath.people.commands import ChangeCredential
from firstbreath.people.rights import HOLDER
from firstbreath.people.state import People
from firstbreath.trial.door import Door, Request
from firstbreath.web.api.models import Token
from firstbreath.web.identity import Identity

PREFIX = "fb_"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")
USUAL_DAYS, MAX_DAYS, MAX_TOKENS = 30, 90, 10


class TokenLine(msgspec.Struct, frozen=True):
    """A token as it is listed: never the token itself."""

    id: int
    name: str
    made: datetime
    expires: datetime


def list_tokens(account: str) -> list[TokenLine]:
    """The tokens of an account that have not ended, the newest first."""
    found = Token.objects.filter(account=account, expires__gt=datetime.now(UTC)).order_by("-made")
    return [TokenLine(token.pk, token.name, token.made, token.expires) for token in found]


def reasons_against_token(account: str, name: str, days: int) -> tuple[Reason, ...]:
    """Why somebody cannot have another token of that name for so many days; empty when they can."""
    reasons = []
    tokens = list_tokens(account)
    if not NAME.fullmatch(name):
        fix = "Use 1 to 40 letters, digits, spaces, points and hyphens: the machine or program that it is for."
        reasons.append(Reason("TOKEN-001", "What was given is no name for a token.", fix))
    if name in {token.name for token in tokens}:
        reasons.append(
            Reason("TOKEN-002", f"You have a token named {name[:40]}.", "Use another name, or end that one.")
        )
    if not 1 <= days <= MAX_DAYS:
        reasons.append(Reason("TOKEN-003", f"A token holds for 1 to {MAX_DAYS} days.", "Choose fewer."))
    if len(tokens) >= MAX_TOKENS:
        reasons.append(Reason("TOKEN-004", f"You have {len(tokens)} tokens.", "End one that is not needed."))
    return tuple(reasons)


def make_token(account: str, name: str, days: int) -> str:
    """A new token, to be shown once."""
    token, now = PREFIX + secrets.token_urlsafe(32), datetime.now(UTC)
    Token.objects.create(
        account=account,
        name=name,
        digest=_digest(token),
        proof=_user_of(account).get_session_auth_hash(),
        made=now,
        expires=now + timedelta(days=days),
    )
    return token


def note_token(door: Door, account: str, *, name: str, days: int, source: str) -> None:
    """Write down that somebody has made a token."""
    reason = f"token {name}, for {days} days"
    command = ChangeCredential(what="token")
    door.act(Request(command=command, actor=account, role=HOLDER, reason=reason, source=source))


def end_token(door: Door, account: str, number: int, *, source: str) -> bool:
    """End a token of an account, and write that down; False when there is none of that number."""
    token = Token.objects.filter(account=account, pk=number).first()
    if token is None:
        return False
    token.delete()
    command, reason = ChangeCredential(what="token", how="removed"), f"token {token.name}"
    door.act(Request(command=command, actor=account, role=HOLDER, reason=reason, source=source))
    return True


def read_bearer(request: HttpRequest, people: People) -> Identity | None:
    """Who a request's token stands for, or None: it is unknown, has ended, or its person's account or password has."""
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    now = datetime.now(UTC)
    if kind.casefold() != "bearer" or not text.startswith(PREFIX):
        return None
    token = Token.objects.filter(digest=_digest(text), expires__gt=now).first()
    account = people.get(token.account) if token else None
    if token is None or account is None or account.closed:
        return None
    if not constant_time_compare(token.proof, _user_of(token.account).get_session_auth_hash()):
        return None
    return Identity(account, now.date(), "", token.name)


def _digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()


def _user_of(account: str) -> AbstractBaseUser:
    user: AbstractBaseUser = get_user_model().objects.get(username=account)
    return user
