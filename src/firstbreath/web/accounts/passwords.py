"""Passwords: set, checked against what a good one is, and how each stands."""

import secrets
from datetime import UTC, datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

ONE_TIME_BYTES = 12


def set_password(account: str, password: str, *, must_change: bool = False) -> None:
    """Set the password of an account; every session and token of it dies.

    must_change  somebody else chose it: the person must set their own before anything else
    """
    from firstbreath.web.accounts.models import Standing

    user, _ = get_user_model().objects.get_or_create(username=account)
    previous = user.password
    user.set_password(password)
    user.save()
    stands = {"must_change": must_change, "changed_at": datetime.now(UTC), "previous": previous}
    Standing.objects.update_or_create(account=account, defaults=stands)


def set_one_time_password(account: str) -> str:
    """A new password by chance, good for one sign-in; it is shown once and kept nowhere."""
    password = secrets.token_urlsafe(ONE_TIME_BYTES)
    set_password(account, password, must_change=True)
    return password


def must_change(account: str) -> bool:
    """Whether the person has yet to set their own password."""
    from firstbreath.web.accounts.models import Standing

    return Standing.objects.filter(account=account, must_change=True).exists()


def password_dates() -> dict[str, datetime]:
    """When each account's password was set."""
    from firstbreath.web.accounts.models import Standing

    return dict(Standing.objects.values_list("account", "changed_at"))


def complaints_about(account: str, password: str, again: str) -> tuple[str, ...]:
    """What is wrong with a new password; empty when it may be taken."""
    from firstbreath.web.accounts.models import Standing

    user = get_user_model().objects.filter(username=account).first()
    wrong = [] if password == again else ["The two entries differ."]
    try:
        validate_password(password, user)
    except ValidationError as weak:
        wrong += weak.messages
    stands = Standing.objects.filter(account=account).first()
    used = [hashed for hashed in (user and user.password, stands and stands.previous) if hashed]
    if any(check_password(password, hashed) for hashed in used):
        wrong.append("This password was used before. Choose another.")
    return tuple(wrong)
