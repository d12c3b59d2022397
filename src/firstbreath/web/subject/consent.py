"""Consent on one screen: the text is read, the patient decides, whoever explains it and the witnesses sign together."""

from collections.abc import Iterator

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbreath.events import kinds
from firstbreath.events.decisions import Reason
from firstbreath.people.rights import RIGHTS
from firstbreath.subjects.commands import SignConsent, WithdrawConsent
from firstbreath.subjects.consent import SCOPES, lacking_consent
from firstbreath.trial.commands import FileConsentDocument
from firstbreath.trial.decide_consent import documents_of
from firstbreath.web.accounts.reauth import check_reauthentication, has_second_factor
from firstbreath.web.act import REFUSED, Outcome, attempt
from firstbreath.web.errors import act_page, page
from firstbreath.web.frame import Absent, render_page
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.subject.case import Case, do_act, go_on, render_case, subject_page
from firstbreath.web.subject.papers import keep_papers
from firstbreath.web.subject.signing import reasons_against_witness

MAX_NAME = 200


class Witness(msgspec.Struct, frozen=True):
    """One place for a witness on the page: an account with its password, or a person by name."""

    number: int
    account: str
    name: str
    password: str = ""
    code: str = ""


@subject_page("sign_consent")
def sign_consent(case: Case) -> HttpResponse:
    """Sign consent on the version in force; everybody signs, or nothing is written."""
    witnesses = tuple(_witnesses(case))
    if case.request.method != "POST":
        return _show(case, witnesses)
    papers, sent = keep_papers(case), case.request.POST
    outcome = Outcome(reasons=papers.reasons, status=REFUSED)
    if not papers.reasons:
        outcome = _prove_all(case, witnesses)
    if outcome.done:
        people = case.moment.trial.people
        command = SignConsent(
            subject=case.code,
            version=sent.get("version", "")[:2000],
            given_by=sent.get("given_by", "")[:MAX_NAME],
            witnesses=tuple(people.name_of(each.account) if each.account else each.name for each in witnesses),
            witness_accounts=tuple(each.account for each in witnesses),
            photographs=papers.names,
            document=sent.get("document", "")[:64],
            relation=sent.get("relation", "")[:MAX_NAME],
            obtained_by=sent.get("obtained_by", "")[:MAX_NAME] or case.identity.account.id,
        )
        outcome = do_act(case, command, form="consent")
        if outcome.done:
            return go_on(case, outcome)
    return _show(case, witnesses, outcome, kept=papers.names)


def _witnesses(case: Case) -> Iterator[Witness]:
    """The places for witnesses that the protocol asks for, as they were sent; an empty one stays empty."""
    sent = case.request.POST
    for number in range(1, case.protocol.design.consent.witnesses + 1):
        account = sent.get(f"witness-{number}-account", "").strip().casefold()[:MAX_NAME]
        name = " ".join(sent.get(f"witness-{number}-name", "").split())[:MAX_NAME]
        code = sent.get(f"witness-{number}-code", "").strip()[:20]
        yield Witness(number, account, name, sent.get(f"witness-{number}-password", ""), code)


def _prove_all(case: Case, witnesses: tuple[Witness, ...]) -> Outcome:
    """Whether whoever acts and every witness with an account proved who they are, all of them at once."""
    reasons = list(check_reauthentication(case.request))
    for each in witnesses:
        whose = f"Witness {each.number}"
        if each.account and each.name:
            text = f"{whose}: an account and a name are given."
            reasons.append(Reason("CONS-016", text, "Keep one of them."))
        elif each.account:
            given = {"password": each.password, "code": each.code, "whose": whose}
            reasons += reasons_against_witness(case.request, each.account, **given)
        elif not each.name:
            reasons.append(Reason("CONS-003", f"{whose} has not signed.", "Let another person witness and sign."))
    return Outcome(reasons=tuple(reasons), status=REFUSED if reasons else 200)


def _show(
    case: Case, witnesses: tuple[Witness, ...], outcome: Outcome | None = None, *, kept: tuple[str, ...] = ()
) -> HttpResponse:
    trial, asked, sent = case.moment.trial, case.protocol.design.consent, case.request.POST
    documents = documents_of(trial, asked.version)
    chosen = case.request.GET.get("language", "")
    read = next(
        (each for each in documents if sent.get("document", "") == each.digest or each.language == chosen), None
    )
    on, site = case.identity.on, case.subject.site
    obtaining = [
        account
        for account in trial.people.all()
        if not account.closed and any(RIGHTS.may(role, "sign_consent") for role in account.roles(on, site))
    ]
    return render_case(
        case,
        "subject/consent",
        has_code=has_second_factor(case.identity.account.id),
        asked=asked,
        documents=documents,
        document=read or (documents[0] if documents else None),
        lacking=lacking_consent(case.subject, case.protocol),
        again=bool(case.subject.consents),
        witnesses=witnesses,
        obtaining=obtaining,
        obtained_by=sent.get("obtained_by", "") or case.identity.account.id,
        given_by=sent.get("given_by", ""),
        relation=sent.get("relation", "")[:MAX_NAME],
        kept_papers=kept,
        reasons=outcome.reasons if outcome else (),
        status=outcome.status if outcome else 200,
    )


@subject_page("withdraw_consent")
def withdraw_consent(case: Case) -> HttpResponse:
    """Record that consent was withdrawn, to treatment or to everything; nobody need say why."""
    sent, outcome = case.request.POST, Outcome()
    if case.request.method == "POST":
        command = WithdrawConsent(subject=case.code, scope=sent.get("scope", "")[:40])
        outcome = do_act(case, command, form="withdrawal of consent")
        if outcome.done:
            return go_on(case, outcome)
    return render_case(
        case,
        "subject/withdraw",
        scopes=SCOPES,
        scope=sent.get("scope", ""),
        reasons=outcome.reasons,
        status=outcome.status,
    )


@page()
def show_documents(request: HttpRequest) -> HttpResponse:
    """The consent texts that were filed, by version and language."""
    moment, identity = read_moment(request), identity_of(request)
    may_file = identity is not None and identity.may("file_consent_document") and not moment.asked
    context = {"filed": moment.trial.documents, "in_force": _version_in_force(moment), "may_file": may_file}
    return render_page(request, "subject/documents", moment, **context)  # type: ignore[arg-type]


@page()
def show_document(request: HttpRequest, digest: str) -> HttpResponse:
    """One consent text, to be read and printed."""
    moment = read_moment(request)
    for event in moment.trial.documents:
        if isinstance(event.body, kinds.ConsentDocumentFiled) and event.body.digest == digest:
            return render_page(request, "subject/document", moment, document=event.body, event=event)
    raise Absent(moment, "There is no consent text of that digest.")


@act_page("file_consent_document")
def file_document(request: HttpRequest) -> HttpResponse:
    """File a consent text."""
    moment, sent = read_moment(request), request.POST

    def show(*, reasons: tuple[Reason, ...] = (), status: int = 200) -> HttpResponse:
        kept = {name: sent.get(name, "")[:300_000] for name in ("version", "language", "text")}
        kept["version"] = kept["version"] or _version_in_force(moment)
        return render_page(request, "subject/file_document", moment, kept_text=kept, reasons=reasons, status=status)

    if request.method != "POST" or moment.asked:
        return show()
    command = FileConsentDocument(
        version=sent.get("version", ""), language=sent.get("language", ""), text=sent.get("text", "")
    )
    return attempt(request, command, to=reverse("consent-documents"), again=show, form="consent documents")


def _version_in_force(moment: Moment) -> str:
    return moment.trial.protocol.design.consent.version if moment.trial.protocol else ""
