"""Witnesses signing on somebody else's screen: each proves who they are, at the moment of signing."""

from django.http import HttpRequest

from firstbreath.events.decisions import Reason
from firstbreath.web.accounts.reauth import proves

MAX_PASSWORD = 4_096


def reasons_against_witness(
    request: HttpRequest, account: str, *, password: str, code: str, whose: str
) -> tuple[Reason, ...]:
    """Why somebody did not prove to be the account they sign under; empty when they did.

    whose  the place on the page, in words
    """
    if 0 < len(password) <= MAX_PASSWORD and proves(request, account, password, code):
        return ()
    text = f"{whose}: what was entered does not fit the account." if password else f"{whose}: the password is missing."
    return (Reason("SIGN-010", text, "Enter it again; after several failures the account is locked for a while."),)
