"""This slice of the state: every account with its delegations, training and standing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace
from rpds import HashTrieMap

from firstbreath.events import kinds
from firstbreath.events.record import Event

LATEST = "9999-12-31"
NOBODY: HashTrieMap[str, Any] = HashTrieMap()


class Grant(msgspec.Struct, frozen=True):
    """A role held at a site (empty: at all sites) from a date to a date; empty dates are open."""

    role: str
    site: str
    begins: str
    ends: str
    event: Event

    def holds(self, *, site: str | None, on: date) -> bool:
        """Whether it counts on a date, at a site; None asks for any site at all."""
        there = site is None or self.site in ("", site)
        return there and self.begins <= on.isoformat() <= (self.ends or LATEST)


class Account(msgspec.Struct, frozen=True, gc=False):
    """A person's account: the events that opened and changed it; `held` are the roles it ever had."""

    id: str
    name: str
    opened: Event
    closed: Event | None = None
    grants: tuple[Grant, ...] = ()
    held: frozenset[str] = frozenset()
    accepted: Event | None = None
    trained: tuple[Event, ...] = ()
    verified: Event | None = None
    signed_in: Event | None = None

    def roles(self, on: date, site: str | None = None) -> tuple[str, ...]:
        """The roles held on a date at a site (None: at any), each once, in the order granted."""
        return tuple(dict.fromkeys(grant.role for grant in self.grants if grant.holds(site=site, on=on)))

    def sites(self, on: date) -> frozenset[str]:
        """The sites at which any role is held on a date; holds the empty text for somebody who works at all of them."""
        return frozenset(grant.site for grant in self.grants if grant.holds(site=None, on=on))


class People(msgspec.Struct, frozen=True, gc=False):
    """Every account by id, closed ones too, and what an administrator is to look at.

    While nobody has an account, acts are not tied to accounts: a replay, or a trial kept by one person at a terminal.
    The first account changes that for good.
    """

    by_id: HashTrieMap[str, Account] = NOBODY
    alerts: tuple[Event, ...] = ()
    exports: tuple[Event, ...] = ()

    def get(self, account: str) -> Account | None:
        """The account of that id, open or closed."""
        return self.by_id.get(account)

    def all(self) -> list[Account]:
        """Every account in the order of opening."""
        return sorted(self.by_id.values(), key=lambda account: account.opened.seq)

    def name_of(self, account: str) -> str:
        """The printed name of an account, or the text itself where there is none."""
        found = self.get(account)
        return found.name if found else account

    def members(self, role: str, on: date) -> tuple[str, ...]:
        """The open accounts that hold a role on a date, in order of opening."""
        return tuple(account.id for account in self.all() if not account.closed and role in account.roles(on))


def apply_people(state: People, events: Sequence[Event]) -> People:
    """The state after further events of this slice, in order."""
    for event in events:
        change = _CHANGES.get(type(event.body))
        if change is not None:
            state = change(state, event, event.body)
    return state


def _open(state: People, event: Event, body: kinds.AccountOpened) -> People:
    return _put(state, Account(body.account, body.name, event))


def _close(state: People, event: Event, body: kinds.AccountClosed) -> People:
    return _change(state, body.account, closed=event, grants=())


def _grant(state: People, event: Event, body: kinds.RoleGranted) -> People:
    account = state.get(body.account)
    if account is None:
        return state
    kept = _without(account, body.role, body.site)
    grant = Grant(body.role, body.site, body.begins, body.ends, event)
    return _put(state, replace(account, grants=(*kept, grant), held=account.held | {body.role}))


def _withdraw(state: People, _event: Event, body: kinds.RoleWithdrawn) -> People:
    account = state.get(body.account)
    return state if account is None else _change(state, account.id, grants=_without(account, body.role, body.site))


def _without(account: Account, role: str, site: str) -> tuple[Grant, ...]:
    return tuple(grant for grant in account.grants if (grant.role, grant.site) != (role, site))


def _train(state: People, event: Event, body: kinds.TrainingRecorded) -> People:
    account = state.get(body.account)
    return state if account is None else _change(state, account.id, trained=(*account.trained, event))


def _accept(state: People, event: Event, _body: kinds.TermsAccepted) -> People:
    return _change(state, event.actor, accepted=event)


def _verify(state: People, event: Event, body: kinds.IdentityVerified) -> People:
    return _change(state, body.account, verified=event)


def _sign_in(state: People, event: Event, _body: kinds.SignedIn) -> People:
    return _change(state, event.actor, signed_in=event)


def _alert(state: People, event: Event, _body: kinds.AccountLockedOut | kinds.ClockSetBack) -> People:
    return replace(state, alerts=(*state.alerts, event))


def _export(state: People, event: Event, _body: kinds.ExportMade) -> People:
    return replace(state, exports=(*state.exports, event))


def _change(state: People, account_id: str, **changes: Any) -> People:
    account = state.get(account_id)
    return state if account is None else _put(state, replace(account, **changes))


def _put(state: People, account: Account) -> People:
    return replace(state, by_id=state.by_id.insert(account.id, account))


_CHANGES: Mapping[type[Any], Callable[[People, Event, Any], People]] = {
    kinds.AccountOpened: _open,
    kinds.AccountClosed: _close,
    kinds.RoleGranted: _grant,
    kinds.RoleWithdrawn: _withdraw,
    kinds.TrainingRecorded: _train,
    kinds.TermsAccepted: _accept,
    kinds.IdentityVerified: _verify,
    kinds.SignedIn: _sign_in,
    kinds.AccountLockedOut: _alert,
    kinds.ClockSetBack: _alert,
    kinds.ExportMade: _export,
}
PEOPLE_KINDS = frozenset(_CHANGES)
"""The kinds of events that change this slice."""
