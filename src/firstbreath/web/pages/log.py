"""The log as lines: what each event says in a few words."""

from collections.abc import Callable, Mapping
from typing import Any

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.values import Protocol
from firstbreath.web.pages.words import count, render_amount, render_kind


def all_kinds() -> list[tuple[str, str]]:
    """Every kind of event with its words."""
    return [(kinds.kind_of(body), render_kind(kinds.kind_of(body))) for body in kinds.Kind.__args__]


def describe(event: Event, protocol: Protocol | None) -> str:
    """What an event says, in one line, with the titles of the protocol in force."""
    if isinstance(event.body, kinds.FormRecorded | kinds.FormCorrected):
        return _form(event.body, protocol)
    words = _WORDS.get(type(event.body))
    return words(event.body) if words else ""


def _files(body: kinds.ProtocolAdopted | kinds.ProtocolAmended) -> str:
    return f"{count(len(body.files), 'file')}, digest {body.digest[:16]}"


def _form(body: kinds.FormRecorded | kinds.FormCorrected, protocol: Protocol | None) -> str:
    form = protocol.form(body.form) if protocol else None
    visit = protocol.visit(body.visit) if protocol else None
    parts = [
        form.title if form else body.form,
        visit.label if visit else body.visit,
        f"record {body.repeat}" if body.repeat > 1 else "",
        count(len(body.values) + len(body.absent), "field"),
        f"corrects event {body.corrects}" if isinstance(body, kinds.FormCorrected) else "",
    ]
    return ", ".join(part for part in parts if part)


def _attested(body: kinds.EligibilityAttested) -> str:
    return f"{count(len(body.criteria), 'statement')} on criteria"


def _signed(body: kinds.ConsentSigned) -> str:
    return f"by {body.given_by} on version “{body.version}”, witnesses: {', '.join(body.witnesses) or 'none'}"


def _given(body: kinds.DoseGiven) -> str:
    return f"day {body.day}: {render_amount(body.amount, body.unit)}"


def _interrupted(body: kinds.DoseInterrupted) -> str:
    return f"day {body.day}: {render_amount(body.amount, body.unit)} begun"


def _reviewed(body: kinds.ReviewRecorded) -> str:
    return f"{body.recommendation}: {', '.join(body.subjects)}, on the log up to event {body.up_to}"


def _refused(body: kinds.ActRefused) -> str:
    codes = ", ".join(reason.code for reason in body.reasons)
    return f"{render_kind(body.act)}: {body.outcome}, {codes}"


_WORDS: Mapping[type[Any], Callable[[Any], str]] = {
    kinds.ProtocolAdopted: _files,
    kinds.ProtocolAmended: _files,
    kinds.ScreeningOpened: lambda body: body.site,
    kinds.EligibilityAttested: _attested,
    kinds.ConsentDocumentFiled: lambda body: f"version “{body.version}”, {body.language}, digest {body.digest[:16]}",
    kinds.ConsentSigned: _signed,
    kinds.ConsentWithdrawn: lambda body: body.scope,
    kinds.SubjectEnrolled: lambda body: f"number {body.number}, arm {body.arm}",
    kinds.DoseGiven: _given,
    kinds.DoseInterrupted: _interrupted,
    kinds.DoseMissed: lambda body: f"day {body.day}",
    kinds.ReviewRecorded: _reviewed,
    kinds.DeviationRecorded: lambda body: f"{body.category}: {body.text}",
    kinds.ParticipationEnded: lambda body: body.how,
    kinds.ActRefused: _refused,
    kinds.RecordsSigned: lambda body: f"{count(len(body.seqs), 'event')} by {body.name}, meaning: {body.meaning}",
    kinds.SourceVerified: lambda body: count(len(body.seqs), "event"),
    kinds.QueryOpened: lambda body: f"query {body.query} on {body.field}: {body.text}",
    kinds.QueryAnswered: lambda body: f"query {body.query}: {body.text}",
    kinds.QueryClosed: lambda body: f"query {body.query}" + (f": {body.text}" if body.text else ""),
    kinds.QueryReopened: lambda body: f"query {body.query}: {body.text}",
    kinds.EntryStruck: lambda body: f"event {body.corrects}",
    kinds.ExportMade: lambda body: f"{body.what}, {count(body.records, 'record')}, SHA-256 {body.digest[:16]}",
    kinds.FileImported: lambda body: f"{body.name}: {body.used} of {count(body.rows, 'row')}",
    kinds.SignInRefused: lambda body: f"{body.account}: {body.why}",
}
