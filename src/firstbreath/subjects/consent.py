"""Consent: on the version in force, by someone who may give it, before enough witnesses."""

import re

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.protocol.values import Protocol
from firstbreath.subjects import commands
from firstbreath.subjects.state import Subject

SURROGATE = "surrogate"
SCOPES = ("treatment", "data")
PHOTOGRAPH = re.compile(r"[0-9a-f]{64}")


def decide_consent(_subject: Subject, command: commands.SignConsent, protocol: Protocol, _reason: str) -> Decision:
    """Allowed when the version, the giver and the witnesses are what the protocol asks for."""
    asked = protocol.design.consent
    reasons = []
    if command.version != asked.version:
        text = f"Consent was signed on version {command.version!r}; version {asked.version!r} is in force."
        reasons.append(Reason("CONS-001", text, "Sign the version in force."))
    if command.given_by not in asked.given_by:
        text = f"{command.given_by!r} may not give consent."
        reasons.append(Reason("CONS-002", text, f"Use one of: {', '.join(asked.given_by)}."))
    witnesses = {" ".join(witness.casefold().split()) for witness in command.witnesses if witness.strip()}
    if len(witnesses) < asked.witnesses:
        text = f"Witnesses who signed: {len(witnesses)}; the protocol asks for {asked.witnesses}."
        reasons.append(Reason("CONS-003", text, "Let another person witness and sign."))
    if command.given_by == SURROGATE and command.obtained_by and not command.relation.strip():
        text = "A surrogate consents, and nothing says how they are related to the patient."
        reasons.append(Reason("CONS-011", text, "Enter the relation, such as spouse."))
    if not all(PHOTOGRAPH.fullmatch(name) for name in command.photographs):
        text = "A photograph is named by the 64 hexadecimal digits that storing it gave."
        reasons.append(Reason("CONS-008", text, "Store it first: firstbreath attach."))
    if reasons:
        return Refused(tuple(reasons))
    signed = kinds.ConsentSigned(
        command.version,
        command.given_by,
        command.witnesses,
        command.photographs,
        document=command.document,
        relation=command.relation.strip(),
        obtained_by=command.obtained_by,
        witness_accounts=command.witness_accounts,
    )
    return Allowed((signed,))


def decide_withdrawal(
    subject: Subject, command: commands.WithdrawConsent, _protocol: Protocol, _reason: str
) -> Decision:
    """Allowed when there is a consent to withdraw."""
    if subject.consent is None:
        text = f"Subject {subject.code} has no consent in force."
        return Refused((Reason("CONS-004", text, "There is nothing to withdraw."),))
    if command.scope not in SCOPES:
        text = "Consent is withdrawn for treatment, or for all data from now on."
        return Refused((Reason("CONS-009", text, f"Use one of: {', '.join(SCOPES)}."),))
    return Allowed((kinds.ConsentWithdrawn(command.scope),))


def lacking_consent(subject: Subject, protocol: Protocol) -> tuple[Reason, ...]:
    """Why consent does not hold now: none, withdrawn, or on an older version."""
    if subject.consent is None:
        if subject.consents:
            text = f"Consent of {subject.code} was withdrawn."
            return (Reason("CONS-007", text, "Nothing more is done to this subject for the trial."),)
        return (Reason("CONS-005", f"Consent of {subject.code} is not signed.", "Obtain consent first."),)
    body = subject.consent.body
    version = protocol.design.consent.version
    if isinstance(body, kinds.ConsentSigned) and body.version != version:
        text = f"Consent of {subject.code} is on version {body.version!r}; version {version!r} is in force."
        return (Reason("CONS-006", text, "Obtain consent on the version in force."),)
    return ()
