"""Before a signature: whoever signs proves anew who they are (21 CFR 11.200(a)(1))."""

from django.http import HttpRequest
from django_otp import user_has_device

from firstbreath.events.decisions import Reason
from firstbreath.web.accounts.attempts import check_code_of, check_password_of, refuse_proof
from firstbreath.web.identity import SIGNED, identity_of
from firstbreath.web.moment import source_of

WRONG = Reason("AUTH-011", "What was entered does not fit this account.", "Sign with your own account and password.")


def signs_first(request: HttpRequest) -> bool:
    """Whether the next signature is the first of this session, and asks for everything."""
    return not request.session.get(SIGNED)


def check_reauthentication(request: HttpRequest) -> tuple[Reason, ...]:
    """Why the fields of `accounts/reauth.html` do not prove that its person signs; empty when they do.

    The first signature of a session takes account id, password and (where there is one) the code of the second factor;
    later ones the password. Failures count towards the lock of the account.
    """
    identity, door = identity_of(request), source_of(request).door
    if identity is None or door is None:
        return (Reason("AUTH-010", "Nobody has signed in.", "Sign in again."),)
    own = identity.account.id
    first = signs_first(request)
    named = str(request.POST.get("sign-account", "")).strip().lower() if first else own
    if named != own:
        refuse_proof(request, door, own, "unknown")
        return (WRONG,)
    user = check_password_of(request, door, own, str(request.POST.get("sign-password", "")))
    if user is None or (first and not check_code_of(request, door, user, str(request.POST.get("sign-code", "")))):
        return (WRONG,)
    request.session[SIGNED] = True
    return ()


def proves(request: HttpRequest, account: str, password: str, code: str) -> bool:
    """Whether password, and code where there is a second factor, are the account's; failures count towards its lock."""
    door = source_of(request).door
    user = check_password_of(request, door, account, password) if door else None
    return user is not None and door is not None and check_code_of(request, door, user, code)


def proves_password(request: HttpRequest, account: str, password: str) -> bool:
    """Whether this is the account's password; failures count towards its lock."""
    door = source_of(request).door
    return door is not None and check_password_of(request, door, account, password) is not None


def has_second_factor(account: str) -> bool:
    """Whether the account has a second factor that works."""
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.filter(username=account).first()
    return user is not None and user_has_device(user)
