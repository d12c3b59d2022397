"""The pages of accounts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from firstbreath.web.accounts.sessions import close_session, open_session
from firstbreath.web.act import see_other
from firstbreath.web.errors import act_page
from firstbreath.web.frame import render_page
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import read_moment, source_of

WRONG = "The account and the password do not fit, or the account is locked or closed."


@act_page(public=True)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in."""
    door = source_of(request).door
    back = request.POST.get("next") or request.GET.get("next") or ""
    to = back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else reverse("today")
    if door is None or request.method != "POST":
        return render(request, "accounts/sign_in.html", {"back": back, "here": "sign-in", "account": "", "wrong": ""})
    account = request.POST.get("account", "").strip().lower()
    wrong = open_session(request, door, account, request.POST.get("password", ""))
    if not wrong:
        return see_other(to)
    return render(request, "accounts/sign_in.html", {"back": back, "account": account, "wrong": WRONG}, status=403)


@act_page()
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    door, identity = source_of(request).door, identity_of(request)
    if request.method == "POST" and door and identity:
        close_session(request, door, identity.account.id)
    return see_other(reverse("sign-in"))


@act_page()
def show_me(request: HttpRequest) -> HttpResponse:
    """One's own account."""
    return render_page(request, "accounts/me", read_moment(request))
