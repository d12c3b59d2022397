"""The whole of patient 1, from screening to discharge and the review that opens the gate for patient 2.

Five people in five sessions, in a real Chromium, at `firstbreath serve` on a fresh MEXCOVID study. Days lie in the week
before today, as when a week on paper is entered.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from tests.browser.conftest import screen
from tests.browser.journey import Journey, NotDone
from tests.browser.serving import served
from tests.support.site_database import use_fresh_database
from tests.support.staffed_trial import PASSWORD, StaffedTrial

from firstbreath.cli.files import read_protocol_files, shipped_study
from firstbreath.cli.study import Study
from firstbreath.designs import answers
from firstbreath.designs.patients import draw_patient
from firstbreath.protocol.folder import parse_protocol
from firstbreath.protocol.values import Protocol

pytestmark = pytest.mark.chromium

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PATIENT = draw_patient("MEX-01", Random(7))
SKIN_TEST: answers.Values = {"skin_test_done": "yes", "skin_test_reaction": "None"}


def day(number: int, clock: str = "09:00") -> str:
    """A time of a trial day, as the page takes it; day 6 is yesterday."""
    return f"{datetime.now(UTC).date() - timedelta(days=7 - number)}T{clock}"


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    found, _ = parse_protocol(read_protocol_files(shipped_study("mexcovid")))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A fresh MEXCOVID study with accounts, served."""
    folder = tmp_path_factory.mktemp("mexcovid") / "study"
    folder.mkdir()
    study = Study(folder)
    study.create_key()
    StaffedTrial(study.store, files=read_protocol_files(shipped_study("mexcovid")))
    use_fresh_database(folder)
    study.store.close()
    with served(folder) as site:
        yield site


def screen_patient(people: Journey, protocol: Protocol, code: str, chance: Random) -> None:
    """The nurse opens screening and fills its forms."""
    people.become("nora")
    people.open("/screening/open")
    people.enter({"subject": code})
    people.press("Open screening")
    checklist = protocol.form("screening_checklist")
    assert checklist is not None
    drawn = {
        "demographics": answers.draw_demographics(PATIENT, chance),
        "severity": answers.draw_severity(PATIENT, chance),
        "screening_checklist": answers.draw_checklist(PATIENT, checklist),
        "treatments": answers.draw_treatments(PATIENT, chance),
        "laboratory": answers.draw_laboratory(PATIENT, chance, after=False),
        "ct": {"ct_days_from_onset": str(PATIENT.since_onset), "ct_finding": "Ground-glass opacities."},
    }
    for form, values in drawn.items():
        fill(people, protocol, code, form=form, visit="screening", values=values, occurred=day(-1))


def fill(
    people: Journey,
    protocol: Protocol,
    code: str,
    *,
    form: str,
    visit: str,
    values: answers.Values,
    occurred: str,
    repeat: int = 1,
) -> None:
    """Fill a form, and see that it was saved."""
    found = protocol.form(form)
    assert found is not None
    path = f"/subjects/{code}/forms/{form}/{visit}/{repeat}"
    said = people.fill(path, answers.complete(found, values), occurred=occurred)
    assert "Saved" in said, said


def consent(people: Journey, code: str, photograph: Path) -> None:
    """The investigator obtains consent; nurse and pharmacist witness it with their own passwords."""
    people.become("ines")
    people.open(f"/subjects/{code}/consent")
    witnesses = {"witness-1-account": "nora", "witness-1-password": PASSWORD, "witness-2-account": "paul"}
    people.enter({"given_by": "patient", "occurred": day(0), "witness-2-password": PASSWORD} | witnesses)
    people.browser.find_element("id", "photographs").send_keys(str(photograph))
    people.picture("consent")
    assert "Saved" in people.sign()


def attest(people: Journey, protocol: Protocol, code: str) -> None:
    """The investigator attests what no value decides."""
    people.become("ines")
    people.open(f"/subjects/{code}/eligibility")
    judged = {
        c.id: "yes" if c.kind == "inclusion" else "no" for c in protocol.design.criteria if c.judged and not c.rule
    }
    people.enter({f"criterion-{name}": word for name, word in judged.items()})
    people.picture("eligibility")
    assert "Saved" in people.sign()


def enrol(people: Journey, code: str) -> None:
    """The investigator enrols the patient, the gates being open."""
    people.become("ines")
    people.open(f"/subjects/{code}/enrolment")
    people.picture("enrolment")
    people.enter({"occurred": day(0, "11:00")})
    assert "Saved" in people.press("Enrol")


def inhale_on_the_page(people: Journey, chance: Random) -> None:
    """The first inhalation on its page: what must hold before it, vital signs, the clock, an event, the dose."""
    people.become("nora")
    said = people.open("/subjects/MEX-01/inhalation/1")
    assert "Not started" in said
    assert "Every earlier dose is recorded: yes" in said
    people.picture("inhalation-before")
    measure(people, chance, "Before", "09:00")
    started = {"vial": "L1-1", "volume_ml": "6", "interface": "mask", "oxygen_l_min": "6"}
    assert "Running" in people.step("start", started | at("09:05"))
    measure(people, chance, "During", "09:20")
    said = people.step("event", at("09:20"), "button[value=shortness_of_breath]")
    assert "Seen: Shortness of breath" in said
    people.picture("inhalation-running")
    assert "Stopped: record the dose" in people.step("stop", at("09:35"))
    measure(people, chance, "After", "09:40")
    people.picture("inhalation-stopped")
    said = people.step("dose", {"residual_ml": "0.4", "outcome": "given"})
    assert "Dose recorded as given" in said
    assert "Left the cup 5.6 ml of 6 ml" in said
    assert "Deviations" not in said, "as planned"
    people.picture("inhalation-done")


def measure(people: Journey, chance: Random, when: str, clock: str) -> None:
    """Vital signs of the first day, entered on the page of the inhalation."""
    drawn = answers.draw_vital_signs(PATIENT, chance, when=when, day=1)
    values = {f"field-{name}": value for name, value in drawn.items() if isinstance(value, str)}
    assert f"Vital signs: {when}" in people.step("signs", values | at(clock))


def at(clock: str) -> dict[str, str]:
    """What says on the page of the first inhalation that it happened earlier."""
    return {"on": day(1)[:10], "at": clock}


def report_what_was_seen(people: Journey) -> None:
    """The nurse reports the event of the inhalation; the investigator judges it."""
    people.become("nora")
    people.open("/subjects/MEX-01/inhalation/1")
    said = people.follow("Report as adverse event")
    assert "investigator's to judge" in said
    people.enter({"grade": "1", "onset": day(1, "09:20"), "aware": day(1, "09:20")})
    people.picture("adverse-event-report")
    assert "Shortness of breath" in people.press("Report")
    people.become("ines")
    people.open("/subjects/MEX-01/adverse-events/1")
    people.follow("Revise")
    judged = {"related_product": "not related", "related_nebulisation": "possible", "expected": "yes"}
    people.enter(judged | {"action": "none", "outcome": "recovered"} | {"why": "Judged at the bedside"})
    people.picture("adverse-event-revision")
    people.press("Save the revision")
    people.picture("adverse-event")


def inhale(people: Journey, protocol: Protocol, number: int, chance: Random) -> None:
    """The nurse takes vital signs before and after, and records by program what was inhaled on a later day."""
    people.become("nora")
    for repeat, when in enumerate(("Before", "After"), 1):
        values = answers.draw_vital_signs(PATIENT, chance, when=when, day=number)
        place = {"form": "vital_signs", "visit": f"D{number}", "values": values, "repeat": repeat}
        fill(people, protocol, "MEX-01", occurred=day(number, f"09:{20 * repeat:02}"), **place)
    started = {"vial": f"L1-{number}", "volume_ml": "6", "device": "mesh", "interface": "mask", "oxygen_l_min": "6"}
    place = {"subject": "MEX-01", "day": number}
    people.ask("nora", "start_inhalation", occurred=day(number) + "+08:00", **place, **started)
    given = {"amount": "2.0e8", "volume_ml": "6", "minutes": "30", "residual_ml": "0.4"}
    written = people.ask("nora", "give_dose", occurred=day(number, "09:31") + "+08:00", **place, **given)
    assert written == ["dose_given"], "as planned: no deviation"


def find_gate_shut(people: Journey, code: str) -> None:
    """Nobody can enrol the next patient: not on the page, and not past it."""
    people.become("ines")
    said = people.open(f"/subjects/{code}/enrolment")
    assert "Enrolment into the trial: closed" in said
    assert "Without a review that says continue: MEX-01" in said
    assert not people.browser.find_elements("xpath", "//button[starts-with(normalize-space(), 'Enrol')]")
    people.picture("gate-shut")
    with pytest.raises(NotDone) as refused:
        people.ask("ines", "enrol_subject", subject=code, arm="haMSC_Exos")
    assert refused.value.status == 409
    assert refused.value.codes == ["GATE-G1"]
    with pytest.raises(NotDone) as refused:
        people.ask("nora", "enrol_subject", subject=code, arm="haMSC_Exos")
    assert refused.value.status == 403, "a nurse does not enrol"


def after_the_course(people: Journey, protocol: Protocol, code: str, chance: Random) -> None:
    """What is due after the last inhalation, and the patient goes home."""
    people.become("nora")
    due: dict[str, answers.Values] = {
        "vital_signs": answers.draw_vital_signs(PATIENT, chance, when="After", day=6),
        "oxygen_change": {"oxygen_before": "Nasal cannula", "oxygen_after": "None"},
        "laboratory": answers.draw_laboratory(PATIENT, chance, after=True),
        "ct": {"ct_days_from_onset": str(PATIENT.since_onset + 6), "ct_finding": "Lesions smaller."},
        "discharge": {"discharged": "yes"},
    }
    for form, values in due.items():
        fill(people, protocol, code, form=form, visit="after", values=values, occurred=day(6))
    people.become("ines")
    people.open(f"/subjects/{code}/end")
    people.enter({"how": "discharged", "why": "Well", "occurred": day(6, "15:00")})
    people.picture("end")
    assert "Saved" in people.press("End the participation")
    people.picture("subject-at-the-end")


def test_patient_one_from_screening_to_the_review_that_opens_the_gate(browser, address, protocol, tmp_path):
    chance = Random(3)
    photograph = tmp_path / "consent.png"
    photograph.write_bytes(PIXEL)
    with screen(browser, 1280):
        people = Journey(browser, address)
        people.become("nora")
        people.open("/today")
        people.picture("today-empty")
        screen_patient(people, protocol, "MEX-01", chance)
        people.open("/today")
        people.picture("today-screening")
        consent(people, "MEX-01", photograph)
        attest(people, protocol, "MEX-01")
        enrol(people, "MEX-01")
        screen_patient(people, protocol, "MEX-02", chance)
        consent(people, "MEX-02", photograph)
        attest(people, protocol, "MEX-02")
        find_gate_shut(people, "MEX-02")
        people.become("nora")
        fill(people, protocol, "MEX-01", form="skin_test", visit="D1", values=SKIN_TEST, occurred=day(1, "08:00"))
        inhale_on_the_page(people, chance)
        report_what_was_seen(people)
        for number in range(2, 6):
            inhale(people, protocol, number, chance)
        after_the_course(people, protocol, "MEX-01", chance)
        find_gate_shut(people, "MEX-02")
        review(people, "MEX-01", waiting="MEX-02")
        enrol(people, "MEX-02")
        people.become("dana")
        assert "MEX-02" in people.open("/")
        people.picture("overview-at-the-end")


def review(people: Journey, code: str, *, waiting: str) -> None:
    """The data manager freezes the packet, two members vote, and only the second vote opens the gate."""
    people.become("dana")
    people.open("/safety/packets")
    people.picture("packets")
    said = people.press("Freeze a packet")
    assert f"Packet 1: {code}" in said
    still_to_vote = said.partition("Still to vote:")[2][:40]
    assert "Sven Aas" in still_to_vote
    assert "Sara Bohm" in still_to_vote
    vote(people, "sven")
    find_gate_shut(people, waiting)
    assert "The review says continue" in vote(people, "sara")
    people.picture("packet-reviewed")


def vote(people: Journey, member: str) -> str:
    """A member of the safety group reads the packet and votes on its page; what the page says then."""
    people.become(member)
    people.open("/safety/packets/1")
    people.enter({"recommendation": "continue", "conflict": "none", "comment": "One mild event, recovered."})
    people.picture(f"packet-{member}")
    return people.sign("Vote")
