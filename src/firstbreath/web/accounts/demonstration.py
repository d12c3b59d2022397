"""The accounts of a simulated trial: one password for all of them, public on purpose.

It opens nothing else: only `firstbreath simulate` ever sets it, and the sign-in page shows it for no other stamp.
"""

from collections.abc import Iterable

import msgspec
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from firstbreath.people.rights import ROLES
from firstbreath.trial.state import SIMULATED, Trial

PASSWORD = "a simulated trial only"  # noqa: S105 -- printed on the sign-in page of a simulated trial


def set_demonstration_passwords(accounts: Iterable[str]) -> None:
    """Give every account the public password; the hash is made once, for they are all the same."""
    hashed, User = make_password(PASSWORD), get_user_model()  # noqa: N806 -- a class
    User.objects.bulk_create(User(username=account, password=hashed) for account in accounts)


class Offered(msgspec.Struct, frozen=True):
    """An account that anybody may enter by one tap."""

    account: str
    name: str
    roles: tuple[str, ...]


def list_offered(trial: Trial) -> tuple[Offered, ...]:
    """The open accounts of a simulated trial in the order of the roles; none of any other trial."""
    if trial.stamp != SIMULATED or trial.at is None:
        return ()
    on = trial.at.date()
    found = [Offered(person.id, person.name, person.roles(on)) for person in trial.people.all() if not person.closed]
    order = {role: number for number, role in enumerate(ROLES)}
    return tuple(sorted((each for each in found if each.roles), key=lambda each: order.get(each.roles[0], len(order))))
