"""The second factor: a time-based code (RFC 6238) confirmed once before it counts, and codes for a lost device."""

import base64
import secrets

import msgspec
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from firstbreath.web.qr import draw_qr

RECOVERY_CODES = 8


class Drawing(msgspec.Struct, frozen=True):
    """A device as it is set up: the QR code as a path in modules, its width, and the secret to type."""

    path: str
    width: int
    secret: str


def _user_of(account: str) -> AbstractBaseUser:
    user: AbstractBaseUser = get_user_model().objects.get(username=account)
    return user


def offered_device(account: str) -> TOTPDevice:
    """The device that waits to be confirmed; made when there is none."""
    user = _user_of(account)
    found = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return found or TOTPDevice.objects.create(user=user, name=account, confirmed=False)


def draw_device(device: TOTPDevice) -> Drawing:
    """What is scanned or typed to set a device up."""
    code = draw_qr(device.config_url)
    secret = base64.b32encode(device.bin_key).decode().rstrip("=")
    grouped = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return Drawing(code.path, code.width, grouped)


def confirm_device(account: str, code: str) -> tuple[str, ...]:
    """The recovery codes, when the code is the one that the waiting device shows now; else nothing."""
    device = offered_device(account)
    if not code.strip() or not device.verify_token(code.strip()):
        return ()
    device.confirmed = True
    device.save()
    static, _ = StaticDevice.objects.get_or_create(user=_user_of(account), defaults={"name": "recovery"})
    static.token_set.all().delete()
    codes = tuple(secrets.token_hex(4) for _ in range(RECOVERY_CODES))
    for each in codes:
        static.token_set.create(token=each)
    return codes


def remove_devices(account: str) -> None:
    """Take away the second factor and its recovery codes."""
    user = get_user_model().objects.filter(username=account).first()
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
