"""Making, listing and ending tokens, by program and on a page."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.events.decisions import Reason
from firstbreath.trial.door import Door
from firstbreath.web.accounts.reauth import proves
from firstbreath.web.act import REFUSED, see_other
from firstbreath.web.api.acts import NOT_DONE, read_body
from firstbreath.web.api.guard import program
from firstbreath.web.api.problems import answer_json, render_problem
from firstbreath.web.api.tokens import (
    MAX_DAYS,
    USUAL_DAYS,
    TokenLine,
    end_token,
    list_tokens,
    make_token,
    note_token,
    reasons_against_token,
)
from firstbreath.web.errors import act_page, page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.identity import Identity, identity_of
from firstbreath.web.moment import read_moment, source_of

WRONG = Reason("AUTH-011", "The account, the password and the code do not fit.", "Use your own, or ask for a reset.")


class TokenAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who asks for a token, what it is for, and for how many days."""

    account: str
    password: str
    name: str
    code: str = ""
    days: int = USUAL_DAYS


class TokenMade(msgspec.Struct, frozen=True):
    """A new token. It is not kept, and cannot be shown again."""

    token: str
    name: str
    days: int


class TokensReading(msgspec.Struct, frozen=True):
    """Your tokens that have not ended, the newest first."""

    tokens: tuple[TokenLine, ...]


_ASKED = msgspec.json.Decoder(TokenAsked)
"""Made before threads use it; see `reading.stored`."""


@program("POST", public=True)
def ask_for_token(request: HttpRequest) -> HttpResponse:
    """Make a token for yourself, by your password and code."""
    body, door = read_body(request), source_of(request).door
    if isinstance(body, HttpResponse) or door is None:
        return body if isinstance(body, HttpResponse) else HttpResponse(status=404)
    try:
        asked = _ASKED.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        return render_problem(400, title=NOT_DONE, what=f"This cannot be understood: {wrong}.", fix="Correct it.")
    reasons = _reasons_against(request, asked)
    if reasons:
        status = 403 if reasons == (WRONG,) else REFUSED
        return render_problem(status, title=NOT_DONE, what=reasons[0].text, fix=reasons[0].fix, reasons=reasons)
    token = make_token(asked.account, asked.name, asked.days)
    note_token(door, asked.account, name=asked.name, days=asked.days, source="api")
    return answer_json(TokenMade(token, asked.name, asked.days), 201)


def _reasons_against(request: HttpRequest, asked: TokenAsked) -> tuple[Reason, ...]:
    if not proves(request, asked.account, asked.password, asked.code):
        return (WRONG,)
    return reasons_against_token(asked.account, asked.name, asked.days)


@page("")
def show_tokens(request: HttpRequest) -> HttpResponse:
    """Your tokens: their names and ends, never the tokens themselves."""
    identity = identity_of(request)
    if identity is None:
        raise Absent(read_moment(request), "Nobody signs in on a site that is only read.")
    return answer_json(TokensReading(tuple(list_tokens(identity.account.id))))


@program("DELETE")
def end_my_token(request: HttpRequest, number: int) -> HttpResponse:
    """End a token of yours."""
    identity, door = identity_of(request), source_of(request).door
    if door and identity and end_token(door, identity.account.id, number, source=f"api, {identity.way}"):
        return HttpResponse(status=204)
    return render_problem(404, title=NOT_DONE, what=f"You have no token {number}.", fix="List your tokens.")


@act_page()
def keep_tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens: make one, see it once, end one."""
    identity, door = identity_of(request), source_of(request).door
    if door is None or identity is None:
        raise Absent(read_moment(request), "Nobody signs in on a site that is only read.")
    if request.method != "POST":
        return _render(request, identity)
    if request.POST.get("end", "").isdecimal():
        end_token(door, identity.account.id, int(request.POST["end"][:18]), source=f"tokens, {identity.way}")
        return see_other(reverse("tokens"))
    return _make(request, door, identity)


def _make(request: HttpRequest, door: Door, identity: Identity) -> HttpResponse:
    name, days = request.POST.get("name", "").strip(), request.POST.get("days", "")
    asked = int(days) if days.isdecimal() and len(days) < 4 else 0
    proof = request.POST.get("password", ""), request.POST.get("code", "")
    reasons = reasons_against_token(identity.account.id, name, asked)
    if not reasons and not proves(request, identity.account.id, *proof):
        reasons = (WRONG,)
    if reasons:
        return _render(request, identity, reasons=reasons, status=REFUSED, name=name, days=days)
    token = make_token(identity.account.id, name, asked)
    note_token(door, identity.account.id, name=name, days=asked, source=f"tokens, {identity.way}")
    return _render(request, identity, token=token, made=name)


def _render(request: HttpRequest, identity: Identity, *, status: int = 200, **shown: Any) -> HttpResponse:
    tokens = list_tokens(identity.account.id)
    usual: dict[str, Any] = {
        "token": "",
        "made": "",
        "reasons": (),
        "name": "",
        "days": str(USUAL_DAYS),
        "most": MAX_DAYS,
    }
    return render_page(request, "api/tokens", read_moment(request), status=status, tokens=tokens, **(usual | shown))
