"""Filling and correcting forms on the site: nothing entered is lost, nothing is written unasked."""

import pytest
from tests.web.sources import SCRIPT, told
from tests.web.working import value_of

from firstbreath.events.store import StoreError

FORM = "/subjects/S1/forms/demographics/screening/1"
TEN_MB = "9" * 10_000_000


@pytest.fixture
def nora(site):
    site.trial.act("open_screening", "S1")
    return site.browser("nora")


def send(browser, *, to=FORM, **fields):
    """A form sent as its page would send it; the id is the page's own."""
    sent = {"field-age": "50", "field-severe_allergy": "no", "occurred": "2026-01-01T08:00"}
    sent["request_id"] = value_of(browser.get(to), "request_id")
    return browser.post(to, sent | {name.replace("__", "-"): value for name, value in fields.items()})


def last(site):
    return site.trial.door.history.events[-1]


class TestEntry:
    def test_opening_a_form_writes_nothing(self, site, nora):
        before = site.trial.trial.seq
        nora.get(FORM)
        assert site.trial.door.refresh().seq == before

    def test_saved_form_is_an_event_with_its_clinical_time_and_where_it_came_from(self, site, nora):
        answer = send(nora, back="today")
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/today")
        assert (last(site).body.values, last(site).occurred) == (
            {"age": "50", "severe_allergy": "no"},
            "2026-01-01T08:00+00:00",
        )
        assert last(site).source.startswith("form demographics, session ")

    def test_value_that_is_not_possible_is_told_beside_its_field_and_everything_stays(self, nora):
        answer = send(nora, field__age="200")
        assert answer.status_code == 409
        page = answer.content.decode()
        assert value_of(answer, "field-age") == "200"
        assert 'id="field-age-wrong">Age: 200 is not possible, the highest is 120 years.' in page
        assert 'value="no" checked' in page
        assert value_of(answer, "occurred") == "2026-01-01T08:00"

    def test_required_value_may_be_absent_for_a_reason(self, site, nora):
        assert "Required" in told(send(nora, field__age=""))
        assert send(nora, field__age="", absent__age="UNK").status_code == 303
        assert last(site).body.absent == {"age": "UNK"}

    def test_value_and_a_reason_for_absence_is_one_too_many(self, nora):
        answer = send(nora, absent__severe_allergy="UNK")
        assert "FORM-004" in told(answer)
        assert "none of these" in told(answer)

    def test_same_page_sent_twice_is_recorded_once(self, site, nora):
        sent = {"field-age": "50", "request_id": "one"}
        first, second = nora.post(FORM, sent), nora.post(FORM, sent)
        assert (first.status_code, second.status_code) == (303, 303)
        assert [event.kind for event in site.trial.door.history.events].count("form_recorded") == 1

    def test_second_tab_is_told_and_keeps_its_entries(self, nora):
        send(nora)
        answer = nora.post(FORM, {"field-age": "51", "request_id": "other"})
        assert answer.status_code == 409
        assert "FORM-007" in told(answer)
        assert value_of(answer, "field-age") == "51"

    def test_time_ahead_of_the_clock_is_refused(self, nora):
        answer = send(nora, occurred="2031-01-01T08:00")
        assert "lies in the future" in told(answer)

    def test_unknown_form_or_visit_is_not_there(self, nora):
        for place in ("nothing/screening", "demographics/nowhere"):
            assert nora.get(f"/subjects/S1/forms/{place}/1").status_code == 404

    def test_form_outside_the_schedule_can_be_filled(self, site, nora):
        assert send(nora, to="/subjects/S1/forms/demographics/unscheduled/1").status_code == 303
        assert last(site).body.visit == "unscheduled"

    def test_repeating_form_offers_the_next_record(self, nora):
        place = "/subjects/S1/forms/vital_signs/D1/1"
        nora.post(place, {"field-spo2": "93", "request_id": "a"})
        assert "/subjects/S1/forms/vital_signs/D1/2" in nora.get(place).content.decode()


class TestCheckWhileEntering:
    def test_it_answers_by_field_and_writes_nothing(self, site, nora):
        before = site.trial.door.refresh().seq
        answer = nora.post("/forms/demographics/check", {"field-age": "200"})
        assert answer.json() == {"age": "Age: 200 is not possible, the highest is 120 years."}
        assert site.trial.door.refresh().seq == before


class TestCorrection:
    @pytest.fixture
    def recorded(self, site, nora):
        send(nora)
        return nora

    def test_it_shows_what_stands_and_asks_why(self, recorded):
        page = recorded.get(FORM)
        assert value_of(page, "field-age") == "50"
        assert "stands: 50 years" in told(page)
        answer = send(recorded, to=f"{FORM}/correct", seen=value_of(page, "seen"), field__age="51")
        assert "FORM-011" in told(answer)
        assert value_of(answer, "field-age") == "51"

    @pytest.mark.part11(8)
    def test_old_value_stays_in_view_beside_the_new_one(self, site, recorded):
        seen = value_of(recorded.get(FORM), "seen")
        answer = send(recorded, to=f"{FORM}/correct", seen=seen, field__age="51", why="Read it wrong")
        assert answer.status_code == 303
        assert last(site).body.values == {"age": "51"}
        page = told(recorded.get("/subjects/S1"))
        assert "51 years" in page
        assert "It said before: 50" in page
        assert "Read it wrong" in page

    def test_second_person_does_not_overwrite_the_first(self, site, recorded):
        seen = value_of(recorded.get(FORM), "seen")
        other = site.browser("ines")
        assert send(other, to=f"{FORM}/correct", seen=seen, field__age="52", why="Passport").status_code == 303
        answer = send(recorded, to=f"{FORM}/correct", seen=seen, field__age="53", why="Guess")
        assert answer.status_code == 409
        assert "FORM-013" in told(answer)
        assert value_of(answer, "field-age") == "53"
        assert "stands: 52 years" in told(answer)

    def test_emptied_value_needs_a_reason_for_its_absence(self, site, recorded):
        seen = value_of(recorded.get(FORM), "seen")
        answer = send(recorded, to=f"{FORM}/correct", seen=seen, field__age="", why="Nothing known")
        assert "FORM-015" in told(answer)
        answer = send(recorded, to=f"{FORM}/correct", seen=seen, absent__age="UNK", why="Nothing known")
        assert answer.status_code == 303
        assert last(site).body.absent == {"age": "UNK"}

    def test_forged_seen_is_refused(self, recorded):
        answer = send(recorded, to=f"{FORM}/correct", seen="junk", field__age="51", why="x")
        assert "FORM-013" in told(answer)


class TestBadDays:
    @pytest.mark.parametrize("text", [SCRIPT, TEN_MB, "\x00\x07", "1e999", "NaN", "½", "-1", "\u202e12"])
    def test_hostile_text_is_refused_with_a_message_and_shown_as_text(self, site, nora, text):
        answer = send(nora, field__age=text)
        assert answer.status_code == 409
        assert "FORM-002" in told(answer)
        assert "<script>hacked" not in answer.content.decode()

    def test_full_disk_saves_nothing_and_loses_nothing(self, site, nora, monkeypatch):
        sent = {"field-age": "50", "request_id": "a"}

        def full(*_args, **_about):
            raise StoreError("The disk is full.", "Free some space.")

        monkeypatch.setattr(site.trial.door.store, "append", full)
        answer = nora.post(FORM, sent)
        assert answer.status_code == 503
        assert "The disk is full." in told(answer)
        assert value_of(answer, "field-age") == "50"
        monkeypatch.undo()
        assert nora.post(FORM, sent).status_code == 303

    def test_another_role_cannot_open_it(self, site, nora):
        for account in ("paul", "rosa", "dana", "spencer", "ada"):
            assert site.browser(account).get(FORM).status_code == 403

    def test_earlier_moment_leads_to_the_page_that_is_only_read(self, site, nora):
        answer = nora.get(f"{FORM}?as_of={site.trial.trial.seq}")
        assert answer.headers["Location"].startswith("/subjects/S1?as_of=")
