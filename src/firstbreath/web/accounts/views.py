"""One's own account: signing in and out, password, second factor, accountability."""

from hashlib import sha256
from typing import Literal

from django.contrib.auth import get_user_model, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from firstbreath.events.decisions import Reason
from firstbreath.people.commands import AcceptTerms, ChangeCredential
from firstbreath.web.accounts.codes import confirm_device, draw_device, offered_device, remove_devices
from firstbreath.web.accounts.passwords import complaints_about, set_password
from firstbreath.web.accounts.reauth import check_reauthentication, has_second_factor, proves_password
from firstbreath.web.accounts.sessions import close_session, open_session
from firstbreath.web.act import REFUSED, Outcome, new_request_id, perform, see_other
from firstbreath.web.errors import act_page
from firstbreath.web.frame import render_page
from firstbreath.web.identity import HAS_CODE, MUST, Identity, identity_of
from firstbreath.web.moment import read_moment, source_of
from firstbreath.web.settings import ROOM

WRONG = "This account, password and code do not fit, or the account is locked or closed."
TERMS = (ROOM / "accounts" / "terms.txt").read_text()
TERMS_DIGEST = sha256(TERMS.encode()).hexdigest()
LATELY = 12


@act_page(public=True)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in: account and password, then the code where there is a second factor."""
    door = source_of(request).door
    back = request.POST.get("next") or request.GET.get("next") or ""
    shown = {"back": back, "here": "sign-in", "account": "", "wrong": "", "ask_code": False}
    if door is None or request.method != "POST":
        return render(request, "accounts/sign_in.html", shown)
    sent = {name: str(request.POST.get(name, "")) for name in ("account", "password", "code")}
    account = sent["account"].strip().lower()[:60]
    refused = open_session(request, door, account, sent["password"], code=sent["code"].strip())
    if not refused:
        return see_other(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else reverse("today"))
    wrong = "" if refused == "code" else WRONG
    shown |= {"account": account, "wrong": wrong, "ask_code": refused == "code" or bool(sent["code"])}
    return render(request, "accounts/sign_in.html", shown, status=200 if refused == "code" else 403)


@act_page()
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    door, identity = source_of(request).door, identity_of(request)
    if request.method == "POST" and door and identity:
        close_session(request, door, identity.account.id)
    return see_other(reverse("sign-in"))


def who(request: HttpRequest) -> Identity:
    """Whoever has signed in; these pages are shown to nobody else."""
    identity = identity_of(request)
    assert identity is not None  # noqa: S101 -- `act_page` has asked
    return identity


@act_page()
def show_me(request: HttpRequest) -> HttpResponse:
    """One's own account: roles with their dates, second factor, and what was done under it lately."""
    moment, me = read_moment(request), who(request)
    mine = [event for event in reversed(moment.events) if event.actor == me.account.id][:LATELY]
    return render_page(
        request, "accounts/me", moment, grants=me.account.grants, mine=mine, has_code=has_second_factor(me.account.id)
    )


def _note(
    request: HttpRequest, what: Literal["password", "second_factor"], how: Literal["set", "removed"] = "set"
) -> Outcome:
    """Write down that one's own credential changes; each change is an event, under whatever id it is sent."""
    return perform(request, ChangeCredential(what=what, how=how), step=new_request_id())


@act_page()
def change_password(request: HttpRequest) -> HttpResponse:
    """Set one's own password, by the present one."""
    account = who(request).account.id
    wrong: tuple[str, ...] = ()
    if request.method == "POST":
        new = str(request.POST.get("new", ""))
        if not proves_password(request, account, str(request.POST.get("present", ""))):
            wrong = ("The present password is not right.",)
        else:
            wrong = complaints_about(account, new, str(request.POST.get("again", "")))
        if not wrong and not (refused := _note(request, "password").reasons):
            set_password(account, new)
            request.user = get_user_model().objects.get(username=account)
            update_session_auth_hash(request, request.user)  # this session alone goes on
            request.session[MUST] = "" if who(request).account.accepted else "terms"
            return see_other(reverse("me"))
        wrong = wrong or tuple(reason.text for reason in refused)
    status = REFUSED if wrong else 200
    return render_page(request, "accounts/password", read_moment(request), wrong=wrong, status=status)


@act_page()
def accept_terms(request: HttpRequest) -> HttpResponse:
    """Read what one is accountable for, and accept it."""
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST":
        outcome = perform(request, AcceptTerms(digest=TERMS_DIGEST), form="accountability")
        if outcome.done:
            request.session[MUST] = ""
            return see_other(reverse("today"))
        reasons = outcome.reasons
    return render_page(
        request,
        "accounts/terms",
        read_moment(request),
        terms=TERMS.split("\n\n"),
        digest=TERMS_DIGEST,
        reasons=reasons,
    )


@act_page()
def set_second_factor(request: HttpRequest) -> HttpResponse:
    """Set up the second factor: scan, confirm by a code, keep the recovery codes; or remove it."""
    account = who(request).account.id
    reasons: tuple[Reason, ...] = ()
    if request.method == "POST" and request.POST.get("do") == "remove":
        reasons = check_reauthentication(request)
        if not reasons and not (reasons := _note(request, "second_factor", "removed").reasons):
            remove_devices(account)
            request.session[HAS_CODE] = False
            return see_other(reverse("me"))
    elif request.method == "POST":
        codes = confirm_device(account, str(request.POST.get("code", "")))
        if codes and _note(request, "second_factor").done:
            request.session[HAS_CODE] = True
            return render_page(request, "accounts/recovery", read_moment(request), codes=codes)
    device = None if has_second_factor(account) else offered_device(account)
    return render_page(
        request,
        "accounts/second_factor",
        read_moment(request),
        drawing=draw_device(device) if device else None,
        reasons=reasons,
        sent=request.method == "POST",
    )
