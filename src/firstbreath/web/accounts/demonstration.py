"""The accounts of a simulated trial: one password for all of them, public on purpose.

It opens nothing else: only `firstbreath simulate` ever sets it, and the sign-in page shows it for no other stamp.
"""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

PASSWORD = "a simulated trial only"  # noqa: S105 -- printed on the sign-in page of a simulated trial
STAMP = "SIMULATED"


def set_demonstration_passwords(accounts: Iterable[str]) -> None:
    """Give every account the public password; the hash is made once, for they are all the same."""
    hashed, User = make_password(PASSWORD), get_user_model()  # noqa: N806 -- a class
    User.objects.bulk_create(User(username=account, password=hashed) for account in accounts)
