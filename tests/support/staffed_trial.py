"""A small trial run by people with accounts: one of each role, trained, verified, each acting under their own name."""

from __future__ import annotations

from typing import Any

import msgspec
from tests.support.small_trial import SmallTrial

from firstbreath.events.decisions import Decision
from firstbreath.events.store import Store
from firstbreath.people.rights import HOLDER, ROLES
from firstbreath.trial.commands import AnyCommand
from firstbreath.trial.door import Request

PASSWORD = "a long enough pass phrase"
PEOPLE = {
    "ada": ("administrator", "Ada Admin"),
    "ines": ("investigator", "Ines Vega"),
    "nora": ("nurse", "Nora Quist"),
    "paul": ("pharmacist", "Paul Marsh"),
    "rosa": ("radiologist", "Rosa Lind"),
    "sven": ("safety_group", "Sven Aas"),
    "sara": ("safety_group", "Sara Bohm"),
    "dana": ("data_manager", "Dana Wood"),
    "mona": ("monitor", "Mona Hall"),
    "stig": ("statistician", "Stig Berg"),
    "spencer": ("sponsor", "Spencer Hill"),
}
"""Everybody by account: role and name."""
WHO = {role: account for account, (role, _) in reversed(PEOPLE.items())}
"""An account of each role."""


class StaffedTrial(SmallTrial):
    """A small trial in which everybody has an account; an act is asked for by somebody whose role may do it."""

    def __init__(self, store: Store | None = None, *, files: dict[str, str] | None = None, site: str = "") -> None:
        super().__init__(store, files=files)
        self.site = site
        self.employ()

    def by(self, account: str, command: AnyCommand | dict[str, Any], *, role: str = "", **about: str) -> Decision:
        """A command by somebody, in their own role unless another is named."""
        asked = msgspec.convert(command, AnyCommand) if isinstance(command, dict) else command
        own = PEOPLE[account][0] if account in PEOPLE else "nurse"
        self.last = self.door.act(Request(command=asked, actor=account, role=role or own, **about))
        return self.last.decision

    def employ(self) -> None:
        """Open an account for everybody, and let them accept, train and be verified."""
        for account, (role, name) in PEOPLE.items():
            self.by("ada", {"act": "open_account", "account": account, "name": name})
            if account == "ada":
                self.by("ada", {"act": "accept_terms", "digest": "0" * 64}, role=HOLDER)
                continue
            place = self.site if role in ("investigator", "nurse", "pharmacist") else ""
            self.by("ada", {"act": "grant_role", "account": account, "role": role, "site": place})
            self.by("ada", {"act": "record_training", "account": account, "topic": "the protocol"})
            self.by("ada", {"act": "verify_identity", "account": account, "how": "passport"})
            self.by(account, {"act": "accept_terms", "digest": "0" * 64}, role=HOLDER)

    def ask(self, command: AnyCommand, **about: str) -> Decision:
        """A command by somebody whose role may do it: a nurse where a nurse may."""
        from firstbreath.people.rights import RIGHTS
        from firstbreath.trial.commands import act_of

        if "ada" not in self.trial.people.by_id:
            return super().ask(command, **about)
        fitting = [role for role in ("nurse", *ROLES) if RIGHTS.may(role, act_of(command))]
        return self.by(WHO[fitting[0]] if fitting else "nora", command, **about)

    def review(self, *subjects: str, says: str = "continue") -> Decision:
        """A packet on these subjects, voted on by both members of the safety group."""
        self.by("sven", {"act": "freeze_packet", "subjects": list(subjects or ("S1",))})
        number = max(self.trial.safety.packets)
        for member in ("sven", "sara"):
            vote = {"act": "cast_vote", "packet": number, "recommendation": says, "conflict": "none", "comment": "seen"}
            decision = self.by(member, vote)
        return decision
