"""The invented people who run a simulated trial, and what it takes before they may act."""

from collections.abc import Iterator
from typing import Any

import msgspec

from firstbreath.designs.planned import Calendar, Planned, plan
from firstbreath.people.rights import HOLDER

AT_SITE = ("investigator", "nurse", "pharmacist")


class Person(msgspec.Struct, frozen=True):
    """An invented person: the account, the role, the printed name."""

    account: str
    role: str
    name: str


STAFF = (
    Person("admin.zhou", "administrator", "Zhou (simulated)"),
    Person("doctor.lin", "investigator", "Lin (simulated)"),
    Person("doctor.he", "investigator", "He (simulated)"),
    Person("nurse.wang", "nurse", "Wang (simulated)"),
    Person("nurse.chen", "nurse", "Chen (simulated)"),
    Person("pharmacist.gao", "pharmacist", "Gao (simulated)"),
    Person("radiologist.su", "radiologist", "Su (simulated)"),
    Person("radiologist.mao", "radiologist", "Mao (simulated)"),
    Person("safety.ouyang", "safety_group", "Ouyang (simulated)"),
    Person("safety.fang", "safety_group", "Fang (simulated)"),
    Person("safety.qiu", "safety_group", "Qiu (simulated)"),
    Person("data.xie", "data_manager", "Xie (simulated)"),
    Person("monitor.bai", "monitor", "Bai (simulated)"),
    Person("stat.lu", "statistician", "Lu (simulated)"),
    Person("sponsor.jiang", "sponsor", "Jiang (simulated)"),
)
"""Everybody who has an account; the first opens it for the others."""
AGENCY = Person("nurse.pei", "nurse", "Pei (simulated)")
"""A nurse whose delegation ends while the trial runs."""
ADMINISTRATOR = STAFF[0].account
SAFETY_GROUP = tuple(person.account for person in STAFF if person.role == "safety_group")
ROLE_OF = {person.account: person.role for person in (*STAFF, AGENCY)}
TERMS = "0" * 64
"""The digest of no text: a simulated person accepts nothing."""


def plan_staff(calendar: Calendar, site: str) -> Iterator[Planned]:
    """Accounts, delegations, training and identity of everybody, on the day before the first patient."""
    minute = iter(range(5 * (len(STAFF) + 1)))
    for person in STAFF:
        at = calendar.at(0, "08:00", minutes=next(minute))
        yield plan(at, ADMINISTRATOR, "open_account", account=person.account, name=person.name)
        if person.account != ADMINISTRATOR:
            yield from plan_standing(calendar, person, site=site, minutes=next(minute))
        at = calendar.at(0, "08:00", minutes=next(minute))
        yield plan(at, person.account, "accept_terms", acting_as=HOLDER, digest=TERMS)
    yield from _plan_agency(calendar, site)


def plan_standing(calendar: Calendar, person: Person, *, site: str, minutes: int, ends: str = "") -> Iterator[Planned]:
    """A delegation, a training and a verified identity."""
    at, place = calendar.at(0, "08:00", minutes=minutes), site if person.role in AT_SITE else ""
    granted: dict[str, Any] = {
        "account": person.account,
        "role": person.role,
        "site": place,
        "begins": calendar.day(0),
        "ends": ends,
    }
    yield plan(at, ADMINISTRATOR, "grant_role", **granted)
    yield plan(at, ADMINISTRATOR, "record_training", account=person.account, topic="This protocol, and good practice")
    yield plan(at, ADMINISTRATOR, "verify_identity", account=person.account, how="Invented: nobody was seen")


def _plan_agency(calendar: Calendar, site: str) -> Iterator[Planned]:
    at = calendar.at(0, "10:00")
    yield plan(at, ADMINISTRATOR, "open_account", account=AGENCY.account, name=AGENCY.name)
    yield from plan_standing(calendar, AGENCY, site=site, minutes=121, ends=calendar.day(10))
    yield plan(calendar.at(0, "10:05"), AGENCY.account, "accept_terms", acting_as=HOLDER, digest=TERMS)
