"""Whether an act about people may happen. Who may ask at all is `authority`'s question."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.people import commands
from firstbreath.people.authority import ADMINISTRATOR
from firstbreath.people.rights import DELEGATED_BY_INVESTIGATOR, ROLES
from firstbreath.people.state import Account, People

ACCOUNT_ID = re.compile(r"[a-z][a-z0-9.-]{1,29}")
SHA_256 = re.compile(r"[0-9a-f]{64}")
MAX_NAME = 100
_NO_ACCOUNT = "Open the account first, or correct the id."


def decide_people(
    state: People,
    command: commands.PeopleCommand,
    *,
    actor: str,
    role: str,
    reason: str,
    sites: Collection[str],
) -> Decision:
    """Allowed with the events it leads to, or refused with every reason.

    actor, role  who asks, and as what
    sites        the sites of the trial; empty when the protocol names none
    """
    if isinstance(command, commands.OpenAccount):
        return _decide_opening(state, command, actor)
    named: str | None = getattr(command, "account", None)
    account = None if named is None else state.get(named)
    if named is not None and account is None and not isinstance(command, commands.NoteRefusedSignIn):
        return Refused((Reason("ACCT-001", f"There is no account {named[:40]!r}.", _NO_ACCOUNT),))
    if isinstance(command, commands.GrantRole | commands.WithdrawRole) and account:
        return _decide_delegation(account, command, actor=actor, role=role, reason=reason, sites=sites)
    if isinstance(command, commands.CloseAccount | commands.ResetCredential) and not reason.strip():
        return Refused((Reason("ACCT-005", "This needs a reason.", "Say why."),))
    if named == actor and isinstance(command, commands.VerifyIdentity | commands.ResetCredential):
        return Refused((Reason("ACCT-006", "Nobody does this for themselves.", "Ask another person."),))
    return _DECIDE[type(command)](command)


def _decide_opening(state: People, command: commands.OpenAccount, actor: str) -> Decision:
    reasons = []
    if state.get(command.account):
        text = f"The account id {command.account} was used before."
        reasons.append(Reason("ACCT-002", text, "Use another: an id is never given to a second person."))
    if not ACCOUNT_ID.fullmatch(command.account):
        fix = "Use 2 to 30 small letters, digits, points and hyphens, a letter first."
        reasons.append(Reason("ACCT-003", "What was given is not an account id.", fix))
    if not command.name.strip() or len(command.name) > MAX_NAME or not command.name.isprintable():
        reasons.append(Reason("ACCT-004", f"A name has 1 to {MAX_NAME} characters.", "Give the name to be printed."))
    first = not state.by_id
    if first and actor != command.account:
        text = "The first account is the administrator's own."
        reasons.append(Reason("ACCT-007", text, "Open it under your own id."))
    if reasons:
        return Refused(tuple(reasons))
    opened = kinds.AccountOpened(command.account, " ".join(command.name.split()))
    granted = (kinds.RoleGranted(command.account, ADMINISTRATOR),) if first else ()
    return Allowed((opened, *granted))


def _decide_delegation(
    account: Account,
    command: commands.GrantRole | commands.WithdrawRole,
    *,
    actor: str,
    role: str,
    reason: str,
    sites: Collection[str],
) -> Decision:
    reasons = []
    if command.role not in ROLES:
        text = f"{command.role[:40]!r} is no role."
        reasons.append(Reason("ROLE-001", text, f"Use one of: {', '.join(ROLES)}."))
    if command.site and command.site not in sites:
        text = f"{command.site[:80]!r} is no site of this trial."
        reasons.append(Reason("ROLE-002", text, f"Use one of: {'; '.join(sites) or 'none is named'}."))
    if account.id == actor:
        reasons.append(Reason("ROLE-003", "Nobody delegates to themselves.", "Ask another person."))
    if account.closed:
        reasons.append(Reason("ROLE-004", f"The account {account.id} is closed.", "Open a new one."))
    if role == "investigator" and command.role not in DELEGATED_BY_INVESTIGATOR:
        who = ", ".join(sorted(DELEGATED_BY_INVESTIGATOR))
        reasons.append(Reason("ROLE-005", f"An investigator delegates: {who}.", "Ask an administrator."))
    if isinstance(command, commands.GrantRole):
        reasons += _wrong_dates(command)
        event: kinds.Kind = kinds.RoleGranted(command.account, command.role, command.site, command.begins, command.ends)
    else:
        reasons += _wrong_withdrawal(account, command, reason)
        event = kinds.RoleWithdrawn(command.account, command.role, command.site)
    return Refused(tuple(reasons)) if reasons else Allowed((event,))


def _wrong_dates(command: commands.GrantRole) -> list[Reason]:
    texts = [text for text in (command.begins, command.ends) if text]
    try:
        dates = [date.fromisoformat(text) for text in texts]
    except ValueError:
        dates = []
    if [day.isoformat() for day in dates] != texts:  # 20261127 is a date too, and no text to compare dates by
        return [Reason("ROLE-006", "A delegation runs from a date to a date.", "Write them as 2026-11-27.")]
    if dates != sorted(dates):
        return [Reason("ROLE-007", "The delegation ends before it begins.", "Correct the dates.")]
    return []


def _wrong_withdrawal(account: Account, command: commands.WithdrawRole, reason: str) -> list[Reason]:
    reasons = []
    if (command.role, command.site) not in {(grant.role, grant.site) for grant in account.grants}:
        text = f"{account.name} does not hold that role there."
        reasons.append(Reason("ROLE-008", text, "There is nothing to withdraw."))
    if not reason.strip():
        reasons.append(Reason("ACCT-005", "This needs a reason.", "Say why."))
    return reasons


def _decide_training(command: commands.RecordTraining) -> Decision:
    if not command.topic.strip():
        return Refused((Reason("ACCT-008", "The training has no topic.", "Say what the training was on."),))
    return Allowed((kinds.TrainingRecorded(command.account, command.topic.strip()),))


def _decide_identity(command: commands.VerifyIdentity) -> Decision:
    reasons = []
    if not command.how.strip():
        reasons.append(Reason("ACCT-009", "It is not said how.", "Name the document that you saw."))
    if command.letter and not SHA_256.fullmatch(command.letter):
        text = "A letter is named by the 64 hexadecimal digits of its SHA-256."
        reasons.append(Reason("ACCT-010", text, "Leave it out, or give its SHA-256."))
    if reasons:
        return Refused(tuple(reasons))
    return Allowed((kinds.IdentityVerified(command.account, command.how.strip(), command.letter),))


def _export_of(command: commands.MakeExport) -> kinds.ExportMade:
    return kinds.ExportMade(command.what, command.digest, command.records, command.site)


_DECIDE: Mapping[type[Any], Callable[[Any], Decision]] = {
    commands.CloseAccount: lambda asked: Allowed((kinds.AccountClosed(asked.account),)),
    commands.RecordTraining: _decide_training,
    commands.VerifyIdentity: _decide_identity,
    commands.AcceptTerms: lambda asked: Allowed((kinds.TermsAccepted(asked.digest),)),
    commands.SignIn: lambda asked: Allowed((kinds.SignedIn(asked.device[:200], asked.address),)),
    commands.SignOut: lambda _asked: Allowed((kinds.SignedOut(),)),
    commands.ChangeCredential: lambda asked: Allowed((kinds.CredentialChanged("", asked.what, asked.how),)),
    commands.ResetCredential: lambda asked: Allowed((kinds.CredentialChanged(asked.account, asked.what, "reset"),)),
    commands.NoteRefusedSignIn: lambda asked: Allowed((kinds.SignInRefused(asked.account, asked.why, asked.address),)),
    commands.NoteLockOut: lambda asked: Allowed(
        (kinds.AccountLockedOut(asked.account, asked.attempts, asked.address),)
    ),
    commands.NoteSessionEnd: lambda asked: Allowed((kinds.SignedOut(asked.how),)),
    commands.MakeExport: lambda asked: Allowed((_export_of(asked),)),
}
