"""Consent as far as it looks across slices: the text that was read, and the accounts of those who sign."""

import hashlib
import re
from datetime import date
from itertools import zip_longest

from firstbreath.events import kinds
from firstbreath.events.decisions import Allowed, Decision, Reason, Refused
from firstbreath.people.rights import RIGHTS
from firstbreath.people.state import People
from firstbreath.protocol.values import Protocol
from firstbreath.subjects.commands import SignConsent
from firstbreath.subjects.decide import decide_subjects
from firstbreath.trial.commands import FileConsentDocument
from firstbreath.trial.state import Trial

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
MAX_DOCUMENT = 200_000
_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def documents_of(trial: Trial, version: str) -> tuple[kinds.ConsentDocumentFiled, ...]:
    """The texts of a version, one for each language, in the order filed."""
    bodies = (event.body for event in trial.documents)
    return tuple(body for body in bodies if isinstance(body, kinds.ConsentDocumentFiled) and body.version == version)


def decide_document(trial: Trial, command: FileConsentDocument) -> Decision:
    """Allowed once for a version and language: another text is another version."""
    version, language, text = (
        command.version.strip(),
        command.language.strip(),
        command.text.replace("\r\n", "\n").strip(),
    )
    reasons = []
    if not version or len(version) > 100 or not LANGUAGE.fullmatch(language):
        what = "A version and a language such as en or zh-Hans are needed."
        reasons.append(Reason("DOC-001", what, "Enter both."))
    if not text or len(text) > MAX_DOCUMENT or _UNKEEPABLE.search(text):
        what = f"The text has {len(text)} characters; it must have 1 to {MAX_DOCUMENT}, and no control characters."
        reasons.append(Reason("DOC-002", what, "Paste the approved text."))
    filed = [body for body in documents_of(trial, version) if body.language.casefold() == language.casefold()]
    if filed:
        what = f"Version {version!r} is filed in {language} already, with digest {filed[0].digest[:16]}."
        reasons.append(Reason("DOC-003", what, "A changed text is a new version."))
    if reasons:
        return Refused(tuple(reasons))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Allowed((kinds.ConsentDocumentFiled(version, language, text, digest),))


def decide_signed_consent(trial: Trial, protocol: Protocol, command: SignConsent, *, actor: str, on: date) -> Decision:
    """What the subject's slice decides, and that the right text was read before the right people."""
    decision = decide_subjects(trial.subjects, command, protocol)
    if trial.subjects.get(command.subject) is None:
        return decision
    against = (
        *_against_document(trial, command),
        *_against_obtaining(trial.people, command, actor=actor, on=on),
        *_against_witnesses(trial.people, command),
    )
    if not against:
        return decision
    return Refused((*(decision.reasons if isinstance(decision, Refused) else ()), *against))


def _against_document(trial: Trial, command: SignConsent) -> tuple[Reason, ...]:
    digests = {body.digest for body in documents_of(trial, command.version)}
    if command.document in digests or not (digests or command.document):
        return ()
    text = "The text that was read is none of the texts filed for this version."
    return (Reason("CONS-010", text, "Read the text in force again, then sign."),)


def _against_obtaining(people: People, command: SignConsent, *, actor: str, on: date) -> tuple[Reason, ...]:
    """Somebody else may have obtained it on paper, never on this screen."""
    if not command.obtained_by:
        return ()
    account = people.get(command.obtained_by)
    fitting = account and not account.closed and any(RIGHTS.may(role, "sign_consent") for role in account.roles(on))
    if not fitting:
        text = f"{command.obtained_by[:40]!r} is no account whose role obtains consent."
        return (Reason("CONS-014", text, "Name who explained the trial and obtained the consent."),)
    if command.obtained_by != actor and not command.photographs:
        text = "Somebody else obtained the consent, and there is no photograph of the paper."
        return (Reason("CONS-012", text, "Add the photographs, or let that person sign here."),)
    return ()


def _against_witnesses(people: People, command: SignConsent) -> tuple[Reason, ...]:
    reasons = []
    accounts = [account for account in command.witness_accounts if account]
    obtaining = {command.obtained_by, people.name_of(command.obtained_by).casefold()} - {""}
    named = {account.casefold() for account in accounts} | {name.strip().casefold() for name in command.witnesses}
    if named & obtaining:
        text = "Whoever obtains the consent cannot witness it."
        reasons.append(Reason("CONS-013", text, "Let another person witness and sign."))
    unknown = [account for account in accounts if (found := people.get(account)) is None or found.closed]
    if unknown or len({*accounts}) != len(accounts) or len(command.witness_accounts) > len(command.witnesses):
        text = "The accounts of the witnesses are not open accounts of different people."
        reasons.append(Reason("CONS-015", text, "Name each witness once."))
    pairs = zip_longest(command.witnesses, command.witness_accounts, fillvalue="")
    if command.obtained_by and any(name and not account for name, account in pairs) and not command.photographs:
        text = "A witness without an account signed on paper, and there is no photograph of it."
        reasons.append(Reason("CONS-012", text, "Add the photographs."))
    return tuple(reasons)
