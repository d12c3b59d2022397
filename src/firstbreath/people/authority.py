"""Whether somebody may do something now: account, delegation, training, identity. Asked at every act."""

from datetime import date

from firstbreath.events.decisions import Reason
from firstbreath.people.rights import HOLDER, OWN_ACTS, RIGHTS, ROLES, SIGNING_ACTS, SYSTEM, SYSTEM_ACTS
from firstbreath.people.state import Account, People

ADMINISTRATOR = "administrator"


def reasons_against_actor(
    people: People, act: str, *, actor: str, role: str, site: str, on: date
) -> tuple[Reason, ...]:
    """Why this actor may not do this act in this role on this date; empty when they may.

    site  where the subject of the act is; empty for an act on the trial as a whole, which needs a role at all sites
    While nobody has an account, everybody may: see `People`.
    """
    if not people.by_id:
        return ()
    if act in SYSTEM_ACTS or role == SYSTEM:
        return () if act in SYSTEM_ACTS and role == SYSTEM else (_only_the_site(),)
    account = people.get(actor)
    if account is None or account.closed:
        word = "is closed" if account else "is not known"
        text = f"The account {actor[:40]!r} {word}."
        return (Reason("AUTH-001", text, "Act under your own, open account."),)
    if act in OWN_ACTS:
        return () if role == HOLDER else (Reason("AUTH-006", "This is done for oneself.", f"Act as {HOLDER}."),)
    reasons = _reasons_against_role(account, act, role, site=site, on=on)
    return reasons or _reasons_against_standing(account, act)


def _only_the_site() -> Reason:
    return Reason("AUTH-005", "Only the site itself writes this down.", "No person can ask for it.")


def _reasons_against_role(account: Account, act: str, role: str, *, site: str, on: date) -> tuple[Reason, ...]:
    shown = ROLES.get(role, role[:40])
    if not RIGHTS.may(role, act):
        who = ", ".join(ROLES[each] for each in ROLES if RIGHTS.may(each, act)) or "nobody"
        return (Reason("AUTH-002", f"{shown} may not do this ({act}).", f"It is for: {who}."),)
    held = [grant for grant in account.grants if grant.role == role]
    if any(grant.holds(site=site, on=on) for grant in held):
        return ()
    if any(grant.site in ("", site) for grant in held):
        text = f"The delegation of {account.name} as {shown} does not hold on {on.isoformat()}."
        return (Reason("AUTH-004", text, "Have the role delegated for today."),)
    where = f"at {site}" if site else "for all sites"
    text = f"{account.name} is not {shown} {where}."
    return (Reason("AUTH-003", text, "Ask somebody who is, or have the role delegated."),)


def _reasons_against_standing(account: Account, act: str) -> tuple[Reason, ...]:
    """What an act needs of a person beside a role; keeping accounts comes before any training."""
    reasons = []
    if account.accepted is None:
        text = f"{account.name} has not accepted accountability for this account."
        reasons.append(Reason("AUTH-007", text, "Accept it: sign in and read it."))
    administers = any(grant.role == ADMINISTRATOR for grant in account.grants)
    if not account.trained and not administers:
        text = f"No training of {account.name} is recorded."
        reasons.append(Reason("AUTH-008", text, "Have the training recorded first."))
    if act in SIGNING_ACTS and account.verified is None:
        text = f"Nobody has verified the identity of {account.name}, so they may not sign."
        reasons.append(Reason("AUTH-009", text, "Have another person verify it first."))
    return tuple(reasons)
