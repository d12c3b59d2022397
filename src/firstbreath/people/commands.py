"""What can be asked of this slice: one imperative each."""

from typing import Literal

import msgspec


class PeopleCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="act", forbid_unknown_fields=True):
    """An act about the people of the trial."""


class OpenAccount(PeopleCommand, frozen=True, tag="open_account"):
    """Open an account under an id that was never used; the very first one becomes the administrator's."""

    account: str
    name: str


class CloseAccount(PeopleCommand, frozen=True, tag="close_account"):
    """Close an account for good; needs a reason."""

    account: str


class GrantRole(PeopleCommand, frozen=True, tag="grant_role"):
    """Delegate a role at a site (empty: all sites) from a date to a date (empty: open)."""

    account: str
    role: str
    site: str = ""
    begins: str = ""
    ends: str = ""


class WithdrawRole(PeopleCommand, frozen=True, tag="withdraw_role"):
    """End a delegation now; needs a reason."""

    account: str
    role: str
    site: str = ""


class RecordTraining(PeopleCommand, frozen=True, tag="record_training"):
    """Record that a person was trained."""

    account: str
    topic: str


class VerifyIdentity(PeopleCommand, frozen=True, tag="verify_identity"):
    """Record that you checked who a person is; `letter` is the SHA-256 of the letter of non-repudiation."""

    account: str
    how: str
    letter: str = ""


class AcceptTerms(PeopleCommand, frozen=True, tag="accept_terms"):
    """Accept accountability for whatever is done under your account."""

    digest: str


class SignIn(PeopleCommand, frozen=True, tag="sign_in"):
    """Begin a session."""

    device: str = ""
    address: str = ""


class SignOut(PeopleCommand, frozen=True, tag="sign_out"):
    """End a session."""


class ChangeCredential(PeopleCommand, frozen=True, tag="change_credential"):
    """Record that you set or removed your own password, second factor or token."""

    what: Literal["password", "second_factor", "token"]
    how: Literal["set", "removed"] = "set"


class ResetCredential(PeopleCommand, frozen=True, tag="reset_credential"):
    """Record that another person's password, second factor or token was reset; needs a reason."""

    account: str
    what: Literal["password", "second_factor", "token"]


class NoteRefusedSignIn(PeopleCommand, frozen=True, tag="note_refused_sign_in"):
    """The site records that somebody could not sign in."""

    account: str
    why: Literal["password", "second_factor", "locked", "closed", "unknown"]
    address: str = ""


class NoteLockOut(PeopleCommand, frozen=True, tag="note_lock_out"):
    """The site records that an account is locked after too many attempts."""

    account: str
    attempts: int
    address: str = ""


class NoteSessionEnd(PeopleCommand, frozen=True, tag="note_session_end"):
    """The site records that a session ended without its person."""

    account: str
    how: Literal["idle", "ended"]


class MakeExport(PeopleCommand, frozen=True, tag="make_export"):
    """Record that data leave the system: those of one site, or of all (empty)."""

    what: str
    digest: str
    records: int = 0
    site: str = ""
