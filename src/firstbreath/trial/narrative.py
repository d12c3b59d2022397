"""The narrative of an adverse event, drafted from the log: each sentence from recorded values, absent said as such."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.protocol.values import Protocol
from firstbreath.protocol.zones import moment_of, zone_of
from firstbreath.safety.adverse_events import SERIOUS
from firstbreath.safety.clocks import facts_of
from firstbreath.subjects.doses import doses_of
from firstbreath.subjects.forms import entered_fields
from firstbreath.subjects.state import Subject
from firstbreath.trial.laboratory import recorded_as, taken_at
from firstbreath.trial.state import Trial

AROUND = timedelta(hours=24)
"""Vital signs so long before and after the onset are told."""
VITAL_SIGNS, TREATMENTS = "VS.", "CM."


class Sentence(msgspec.Struct, frozen=True):
    """A sentence and the events it rests on; none for one that says that nothing is recorded."""

    text: str
    seqs: tuple[int, ...] = ()


def draft_narrative(trial: Trial, code: str, number: int) -> tuple[Sentence, ...]:
    """The sentences, in the order of a case narrative; empty when there is no such event."""
    subject, protocol = trial.subjects.get(code), trial.protocol
    versions = trial.safety.adverse.get((code, number))
    if subject is None or protocol is None or not versions:
        return ()
    return (
        _person(subject, protocol),
        *_exposure(subject, protocol),
        *_course(versions),
        _vital_signs(subject, protocol, versions[-1]),
        _treatments(subject, protocol),
        _judgement(versions[-1]),
        _outcome(versions[-1]),
    )


def render_draft(sentences: tuple[Sentence, ...]) -> str:
    """The draft as the text that is edited."""
    return " ".join(sentence.text for sentence in sentences)


def _person(subject: Subject, protocol: Protocol) -> Sentence:
    (age, aged), (sex, sexed) = recorded_as(subject, protocol, "DM.AGE"), recorded_as(subject, protocol, "DM.SEX")
    said = [f"age {age} years" if age else "age not recorded", f"sex {sex.lower()}" if sex else "sex not recorded"]
    seqs = tuple(dict.fromkeys(event.seq for event in (aged, sexed) if event))
    return Sentence(f"Subject {subject.code}, {', '.join(said)}.", seqs)


def _exposure(subject: Subject, protocol: Protocol) -> Iterator[Sentence]:
    given = [day for day in doses_of(subject, protocol) if day.event]
    if not given:
        yield Sentence("No dose of the trial's medicine is recorded.")
    for day in given:
        event = day.event
        assert event is not None  # noqa: S101 -- chosen just above
        body = event.body
        amount = ""
        if isinstance(body, kinds.DoseGiven | kinds.DoseInterrupted):
            amount = f" ({body.amount} {body.unit})"
        when = event.occurred or "at a time not recorded"
        yield Sentence(f"The dose of day {day.day} was {day.status}{amount}, {when}.", (event.seq,))


def _course(versions: tuple[Event, ...]) -> Iterator[Sentence]:
    first, last = facts_of(versions[0]), facts_of(versions[-1])
    onset = f"began {last.onset}" if last.onset else "began at a time not recorded"
    grade = f"CTCAE grade {last.grade}" if last.grade else "not graded"
    seqs = (versions[-1].seq,)
    yield Sentence(f"{last.term} {onset}, {grade}{_after_dose(last)}.", seqs)
    if last.serious:
        why = "; it ".join(SERIOUS.get(word, word).lower() for word in last.serious)
        aware = last.aware or "at a time not recorded"
        yield Sentence(f"It is serious: it {why}. The site became aware {aware}.", seqs)
    if (first.term, first.grade) != (last.term, last.grade):
        grade = f"grade {first.grade}" if first.grade else "not graded"
        yield Sentence(f"It was first reported as {first.term}, {grade}.", (versions[0].seq,))
    action = last.action or "not recorded"
    yield Sentence(f"Action taken with the medicine: {action}.", seqs)


def _after_dose(facts: kinds.AdverseEventFacts) -> str:
    return f", after the inhalation of day {facts.day}" if facts.day else ""


def _vital_signs(subject: Subject, protocol: Protocol, last: Event) -> Sentence:
    zone = zone_of(protocol, subject.site)
    onset = moment_of(facts_of(last).onset, zone)
    if onset is None:
        return Sentence("Vital signs around it cannot be told: no onset is recorded.")
    labels = {f.id: f for form in protocol.forms for f in form.fields if f.sdtm.startswith(VITAL_SIGNS)}
    said, seqs = list[str](), list[int]()
    for key, record in sorted(subject.forms.items(), key=lambda pair: pair[1][0].seq):
        taken = taken_at(record[0], zone)
        values = [e for e in entered_fields(key, record).values() if e.field in labels and not e.absent]
        if values and abs(taken - onset) <= AROUND:
            told = ", ".join(
                f"{labels[e.field].label.lower()} {e.entry} {labels[e.field].unit}".strip() for e in values
            )
            said.append(f"{taken:%Y-%m-%d %H:%M}: {told}")
            seqs += [e.event.seq for e in values]
    if not said:
        return Sentence("No vital signs are recorded within a day of the onset.")
    return Sentence(f"Vital signs within a day of the onset: {'; '.join(said)}.", tuple(dict.fromkeys(seqs)))


def _treatments(subject: Subject, protocol: Protocol) -> Sentence:
    labels = {f.id: f.label for form in protocol.forms for f in form.fields if f.sdtm.startswith(TREATMENTS)}
    said, seqs = list[str](), list[int]()
    for key, record in sorted(subject.forms.items(), key=lambda pair: pair[1][0].seq):
        for entered in entered_fields(key, record).values():
            if entered.field in labels and not entered.absent:
                text = entered.entry if isinstance(entered.entry, str) else ", ".join(entered.entry)
                said.append(f"{labels[entered.field].lower()}: {text}")
                seqs.append(entered.event.seq)
    if not said:
        return Sentence("No other treatment is recorded.")
    return Sentence(f"Other treatments recorded: {'; '.join(said)}.", tuple(dict.fromkeys(seqs)))


def _judgement(last: Event) -> Sentence:
    facts = facts_of(last)
    expected = {True: "expected", False: "unexpected", None: "not judged for expectedness"}[facts.expected]
    product = facts.related_product or "not judged"
    nebulisation = facts.related_nebulisation or "not judged"
    text = f"Relation to the product: {product}; to nebulising: {nebulisation}; {expected}."
    return Sentence(text, (last.seq,))


def _outcome(last: Event) -> Sentence:
    facts = facts_of(last)
    ended = f", ended {facts.ended}" if facts.ended else ""
    return Sentence(f"Outcome: {facts.outcome or 'not recorded'}{ended}.", (last.seq,))
