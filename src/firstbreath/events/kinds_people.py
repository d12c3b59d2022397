"""What can happen to the people who run a trial: accounts, delegation of authority, signing in, exports."""

from typing import Literal

from firstbreath.events.kinds_base import Body


class AccountOpened(Body, frozen=True, gc=False, tag="account_opened"):
    """A person may sign in under this account id, which is never given to another person."""

    account: str
    name: str


class AccountClosed(Body, frozen=True, gc=False, tag="account_closed"):
    """The account can no longer be used; its id stays taken."""

    account: str


class RoleGranted(Body, frozen=True, gc=False, tag="role_granted"):
    """Authority is delegated: a role, at one site or at all (empty), from a date to a date, both included."""

    account: str
    role: str
    site: str = ""
    begins: str = ""
    ends: str = ""


class RoleWithdrawn(Body, frozen=True, gc=False, tag="role_withdrawn"):
    """The account no longer holds the role at the site."""

    account: str
    role: str
    site: str = ""


class TrainingRecorded(Body, frozen=True, gc=False, tag="training_recorded"):
    """The person was trained on a topic, such as this protocol (21 CFR 11.10(i))."""

    account: str
    topic: str


class TermsAccepted(Body, frozen=True, gc=False, tag="terms_accepted"):
    """The person accepts accountability for acts under their account (21 CFR 11.10(j)); the digest is of the text."""

    digest: str


class IdentityVerified(Body, frozen=True, gc=False, tag="identity_verified"):
    """Another person checked who this is, so that they may sign (21 CFR 11.100(b)).

    `letter` is the SHA-256 of the letter of non-repudiation, or empty.
    """

    account: str
    how: str
    letter: str = ""


class SignedIn(Body, frozen=True, gc=False, tag="signed_in"):
    """The account signed in; `device` is what the browser calls itself, `address` where it came from."""

    device: str = ""
    address: str = ""


class SignedOut(Body, frozen=True, gc=False, tag="signed_out"):
    """The session ended: by the person, by time-out, or because rights were taken away."""

    how: Literal["left", "idle", "ended"] = "left"


class SignInRefused(Body, frozen=True, gc=False, tag="sign_in_refused"):
    """Somebody tried to sign in and was refused; `account` is empty where no such account exists."""

    account: str
    why: Literal["password", "second_factor", "locked", "closed", "unknown"]
    address: str = ""


class AccountLockedOut(Body, frozen=True, gc=False, tag="account_locked_out"):
    """Too many attempts: nobody can sign in under the account for a while; administrators are alerted."""

    account: str
    attempts: int
    address: str = ""


class CredentialChanged(Body, frozen=True, gc=False, tag="credential_changed"):
    """A password, second factor or token was set, removed, or reset by an administrator; empty `account`: the own."""

    account: str
    what: Literal["password", "second_factor", "token"]
    how: Literal["set", "reset", "removed"] = "set"


class ExportMade(Body, frozen=True, gc=False, tag="export_made"):
    """Data left the system: what, of which site (empty: all), how many records, and the SHA-256 of the file."""

    what: str
    digest: str
    records: int = 0
    site: str = ""


class ClockSetBack(Body, frozen=True, gc=False, tag="clock_set_back"):
    """The server's clock is behind the last event by so many seconds; events keep their order all the same."""

    seconds: int


class TrialLocked(Body, frozen=True, gc=False, tag="trial_locked"):
    """The database is locked: nothing more is entered or corrected."""


class TrialUnlocked(Body, frozen=True, gc=False, tag="trial_unlocked"):
    """The lock of the database was lifted, with a reason."""
