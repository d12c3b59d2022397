"""Whoever signs or asks for a token proves anew who it is."""

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django_otp import match_token, user_has_device


def proves(request: HttpRequest, account: str, password: str, code: str) -> bool:
    """Whether password, and code where there is a second factor, are the account's; failures count towards its lock."""
    user = authenticate(request, username=account, password=password)
    if user is None or not user.is_active:
        return False
    return not user_has_device(user) or match_token(user, code) is not None
