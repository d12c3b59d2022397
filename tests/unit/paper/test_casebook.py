"""The casebook of a subject: nothing of the subject that is in the log is left out."""

import pytest
from tests.support.checked_trial import CheckedTrial

from firstbreath.events import kinds
from firstbreath.paper.casebook import Casebook, compose_casebook
from firstbreath.paper.casebook_pdf import render_casebook_pdf, render_casebook_typst


@pytest.fixture
def full() -> CheckedTrial:
    """A subject with corrections, an absent value, a strike, a dose, an adverse event, a query, signatures."""
    checked = CheckedTrial()
    checked.enrolled()
    first = checked.record("laboratory", "screening", wbc="6.1")
    checked.by("mona", {"act": "verify_source", "subject": "S1", "seqs": [first]})
    signature = checked.sign(first)
    assert signature
    checked.correct("laboratory", "screening", reason="read the wrong line", wbc="6.2")
    absent = {"act": "record_form", "subject": "S1", "form": "vital_signs", "visit": "D1", "values": {}}
    checked.by("nora", {**absent, "absent": {"spo2": "NASK"}})
    wrong = checked.record("laboratory", "D1", wbc="9")
    checked.by("nora", {"act": "strike_entry", "subject": "S1", "corrects": wrong}, reason="wrong patient")
    checked.dose(1)
    checked.by("nora", {"act": "report_adverse_event", "subject": "S1", "term": "Cough", "onset": "2026-01-01"})
    checked.by("ines", {"act": "record_deviation", "subject": "S1", "category": "visit", "text": "Came late"})
    number = checked.ask_about("wbc", "laboratory", "screening")
    checked.by("nora", {"act": "answer_query", "subject": "S1", "query": number, "text": "It is right."})
    return checked


def book_of(checked: CheckedTrial) -> Casebook:
    door = checked.door
    hash_of = door.hashes.__getitem__
    return compose_casebook(checked.trial, door.history.events, "S1", hash_of=hash_of, head=door.head.printed)


@pytest.mark.part11(3)
def test_every_event_of_the_log_has_one_line(full):
    own = [event for event in full.door.history.events if event.subject == "S1"]
    assert [row[0] for row in book_of(full).events.rows] == [str(event.seq) for event in own]


@pytest.mark.part11(3)
def test_every_value_that_was_ever_stated_has_one_line(full):
    stated = sum(
        len(event.body.values) + len(event.body.absent)
        for event in full.door.history.events
        if event.subject == "S1" and isinstance(event.body, kinds.FormRecorded | kinds.FormCorrected)
    )
    titles = ("Demographics", "Skin test", "Vital signs", "Laboratory")
    assert sum(len(sheet.rows) for sheet in book_of(full).records if sheet.title.startswith(titles)) == stated


@pytest.mark.part11(3)
def test_value_carries_who_when_with_zone_why_and_what_it_replaced(full):
    sheet = next(each for each in book_of(full).records if each.title == "Laboratory, Screening")
    values = [(row[1], row[2], row[4]) for row in sheet.rows]
    assert values == [("6.1 10⁹/L", "replaced", ""), ("6.2 10⁹/L", "stands", "read the wrong line")]
    assert all("UTC" in row[3] and row[3].startswith("nora, nurse") for row in sheet.rows)


@pytest.mark.part11(3, 15)
def test_queries_signatures_strikes_and_absences_are_printed(full):
    source = render_casebook_typst(book_of(full))
    at = next(event.at for event in full.door.history.events if event.kind == "records_signed")
    for part in (
        f"Signed by Ines Vega, {at:%Y-%m-%d %H:%M:%S} UTC, meaning: approval",
        "superseded: changed since",
        "Compared with the source by mona",
        "STRUCK OUT by nora",
        "absent: not asked (NASK)",
        "It is right.",
        "Came late",
        "Cough",
        full.door.head.printed,
    ):
        assert part in source, part


@pytest.mark.part11(15)
def test_casebook_is_set_as_the_same_pdf_each_time(full):
    book = book_of(full)
    first = render_casebook_pdf(book)
    assert first.startswith(b"%PDF")
    assert first == render_casebook_pdf(book)
