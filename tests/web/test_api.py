"""Programs read what pages show and act through the door that pages use."""

import json

import msgspec
import pytest
from django.test import Client
from tests.support.small_trial import FILES, PROTOCOL, codes
from tests.support.staffed_trial import PASSWORD, StaffedTrial
from tests.web.programs import PROOF, ask, reasons, send
from tests.web.sources import MemorySource, client_of
from tests.web.working import WorkingSite

from firstbreath.people.rights import HOLDER, SIGNING_ACTS
from firstbreath.trial.commands import ACTS
from firstbreath.web.api.acts import MAX_BODY_BYTES
from firstbreath.web.api.asked import ASKED
from firstbreath.web.source import SOURCE

TWO_SITES = FILES | {"protocol.toml": PROTOCOL.replace('id = "SMALL"', 'id = "SMALL"\nsites = ["Here", "There"]')}


def seq(site):
    return site.trial.trial.seq


def last(site):
    return site.trial.door.history.events[-1]


def test_act_is_done_through_the_door_and_answered_with_its_events(site):
    nora = site.browser("nora")
    answer = ask(nora, "open_screening", subject="S1", occurred="2026-01-01T08:00:00Z")
    assert answer.status_code == 201
    written = answer.json()["events"]
    assert [event["body"]["kind"] for event in written] == ["screening_opened"]
    assert last(site).actor == "nora"
    assert last(site).source.startswith("api, session ")
    assert last(site).occurred == "2026-01-01T08:00:00Z"
    assert nora.get("/api/subjects/S1").json()["screened"] == written[0]


def test_same_key_is_answered_and_not_done_again(site):
    nora = site.browser("nora")
    first = ask(nora, "open_screening", "k1", subject="S1")
    before = seq(site)
    second = ask(nora, "open_screening", "k1", subject="S1")
    assert (second.status_code, second.json()["again"]) == (200, True)
    assert second.json()["events"] == first.json()["events"]
    assert seq(site) == before


def test_same_key_for_something_else_does_nothing(site):
    nora = site.browser("nora")
    ask(nora, "open_screening", "k1", subject="S1")
    before = seq(site)
    answer = ask(nora, "open_screening", "k1", subject="S2")
    assert (answer.status_code, reasons(answer)) == (409, ["SAVE-004"])
    assert seq(site) == before
    assert ask(site.browser("ines"), "open_screening", "k1", subject="S2").status_code == 201, "a key is a person's own"


def test_refusal_gives_every_reason_and_is_written_down(site):
    nora = site.browser("nora")
    answer = ask(nora, "record_form", subject="S9", form="demographics", visit="screening", values={"age": "50"})
    assert (answer.status_code, reasons(answer)) == (409, ["SUBJ-001"])
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert last(site).kind == "act_refused"


def test_what_cannot_be_told_names_what_is_missing(site):
    site.trial.screen("S1", allergy="no")
    site.trial.consent("S1")
    site.trial.enrol("S1")
    answer = ask(site.browser("nora"), "give_dose", subject="S1", day=1, amount="2.0e8")
    assert (answer.status_code, reasons(answer)) == (422, ["GATE-G2"])
    assert "Skin test done" in answer.json()["detail"]


def test_wrong_role_is_refused_with_403_and_written_down(site):
    answer = ask(site.browser("mona"), "open_screening", subject="S1")
    assert (answer.status_code, reasons(answer)) == (403, ["AUTH-002"])
    assert last(site).kind == "act_refused"


@pytest.mark.parametrize("address", ["/api/trial", "/api/subjects/S1", "/api/me", "/api/log"])
def test_whoever_has_not_signed_in_reads_nothing(site, address):
    answer = site.anybody().get(address)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["title"] == "Nobody has signed in"


def test_whoever_has_not_signed_in_does_nothing(site):
    before = seq(site)
    assert ask(site.anybody(), "open_screening", subject="S1").status_code == 401
    assert seq(site) == before


def test_session_acts_only_with_the_mark_of_the_site(site):
    browser = Client(enforce_csrf_checks=True, headers={"host": "localhost"}, **{SOURCE: site.source})
    browser.cookies = site.browser("nora").cookies
    assert ask(browser, "open_screening", subject="S1").status_code == 403
    mark = browser.get("/api/me").json()["mark"]
    headers = {"Idempotency-Key": "k1", "X-CSRFToken": mark}
    answer = browser.post(
        "/api/acts/open_screening", '{"subject":"S1"}', content_type="application/json", headers=headers
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("act", sorted(SIGNING_ACTS & ASKED.keys()))
def test_signature_is_asked_for_with_a_password_in_every_body(act):
    fields = {field.name: field.required for field in msgspec.structs.fields(ASKED[act])}
    assert fields["reauthentication"]


def test_signature_with_another_password_is_none(site):
    site.trial.screen("S1")
    ines = site.browser("ines")
    before = seq(site)
    wrong = ask(ines, "attest_eligibility", subject="S1", criteria={"E1": False}, reauthentication={"password": "no"})
    assert wrong.status_code == 403
    assert "eligibility_attested" not in [event.kind for event in site.trial.door.history.events[before:]]
    right = ask(ines, "attest_eligibility", subject="S1", criteria={"E1": False}, reauthentication=PROOF)
    assert right.status_code == 201
    assert PASSWORD not in right.content.decode()


def test_what_pages_write_down_of_themselves_cannot_be_asked_for():
    withheld = {act for act in ACTS if act not in ASKED}
    assert withheld == {
        *(
            "adopt_protocol",
            "record_review",
            "import_file",
            "import_temperature",
            "file_scan",
            "draw_reading_order",
            "replace_reader",
            "unblind_reads",
            "judge_mask",
            *("draft_read", "sign_read", "void_read", "propose_consensus", "agree_consensus", "adjudicate_scan"),
            "make_export",
            "reset_credential",
            "change_credential",
        ),
        "sign_consent",
        *("sign_in", "sign_out", "accept_terms", "note_refused_sign_in", "note_lock_out", "note_session_end"),
    }


def test_act_that_is_not_offered_is_not_there(site):
    assert ask(site.browser("ada"), "sign_in").status_code == 404


def test_key_is_needed(site):
    assert send(site.browser("nora"), "open_screening", '{"subject":"S1"}', key="").status_code == 400


HOSTILE = {
    "nothing": b" ",
    "no JSON": b"subject=S1",
    "a list": b"[]",
    "deep nesting": b'{"subject":' + b"[" * 100_000,
    "deep objects": b'{"values":' + b'{"a":' * 50_000,
    "NaN": b'{"subject":"S1","day":NaN,"amount":"1"}',
    "infinity": b'{"subject":"S1","day":1e999,"amount":"1"}',
    "a huge number": b'{"subject":"S1","day":' + b"9" * 10_000 + b',"amount":"1"}',
    "a number of 20 digits": b'{"subject":"S1","day":99999999999999999999,"amount":"1"}',
    "half a character": b'{"subject":"\\ud800","day":1,"amount":"1"}',
    "no UTF-8": b'{"subject":"\xff\xfe","day":1,"amount":"1"}',
    "UTF-16": '{"subject":"S1","day":1,"amount":"1"}'.encode("utf-16"),
    "an unknown field": b'{"subject":"S1","day":1,"amount":"1","admin":true}',
    "a number for a text": b'{"subject":1,"day":1,"amount":"1"}',
    "a text for a number": b'{"subject":"S1","day":"1","amount":"1"}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_body_that_cannot_be_understood_is_a_400_that_says_why(site, body):
    before = seq(site)
    nora = site.browser("nora")
    answer = send(nora, "give_dose", body)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert seq(site) == before + 1, "the sign-in"


@pytest.mark.parametrize("text", ["\x00", "\u202e<script>", "x" * 900_000, "🫁" * 10_000, "\x1b[2J"])
def test_hostile_text_in_a_field_is_decided_on_and_breaks_nothing(site, text):
    nora = site.browser("nora")
    assert ask(nora, "give_dose", subject=text, day=1, amount=text).status_code == 409
    ask(nora, "open_screening", subject="S1")
    assert ask(nora, "record_deviation", subject="S1", category=text, text=text).status_code in (201, 409)
    assert nora.get("/api/subjects/S1").status_code == 200
    assert nora.get("/subjects/S1").status_code == 200


def test_more_than_is_taken_is_refused_unread(site):
    body = b'{"subject":"' + b"x" * 25_000_000 + b'"}'
    answer = send(site.browser("nora"), "open_screening", body)
    assert answer.status_code == 413
    assert f"{MAX_BODY_BYTES:,}" in answer.json()["detail"]


def test_another_kind_of_body_is_refused(site):
    assert send(site.browser("nora"), "open_screening", b"{}", kind="text/plain").status_code == 415


WRONG = [
    *("/api/nowhere", "/api/subjects/S9", "/api/log?after=-1", "/api/log?limit=0", "/api/log?limit=1001"),
    *("/api/log?after=99999", "/api/log/0", "/api/trial?as_of=junk", "/api/trial?as_of=99999"),
]


@pytest.mark.parametrize("address", WRONG)
def test_wrong_address_is_a_problem_in_json(site, address):
    answer = site.browser("dana").get(address)
    assert answer.status_code in (400, 404)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    assert answer.json()["detail"]


def test_wrong_method_is_a_problem_in_json(site):
    nora = site.browser("nora")
    assert nora.get("/api/acts/open_screening").status_code == 405
    answer = nora.post("/api/trial")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert answer.json()["status"] == 405


def test_trial_is_read_as_of_an_earlier_event(site):
    nora = site.browser("nora")
    ask(nora, "open_screening", subject="S1")
    there = seq(site)
    assert nora.get("/api/trial").json()["subjects"] == 1
    assert nora.get(f"/api/trial?as_of={there - 1}").json()["subjects"] == 0
    assert nora.get(f"/api/subjects/S1?as_of={there - 1}").status_code == 404


def test_correction_leaves_every_version_to_be_read(site):
    site.trial.screen("S1", age="50")
    nora = site.browser("nora")
    fixed = {"subject": "S1", "form": "demographics", "visit": "screening", "values": {"age": "51"}}
    assert ask(nora, "correct_form", reason="misread", **fixed).status_code == 201
    form = nora.get("/api/subjects/S1").json()["forms"][0]
    assert form["fields"]["age"]["value"] == "51"
    assert [version["body"]["values"]["age"] for version in form["versions"]] == ["50", "51"]
    assert form["versions"][1]["reason"] == "misread"


def test_log_is_read_in_parts_that_join(site):
    dana = site.browser("dana")
    events, after = [], 0
    while after is not None:
        part = dana.get(f"/api/log?after={after}&limit=7").json()
        assert len(part["events"]) <= 7
        events += part["events"]
        after = part["next"]
    assert [logged["event"]["seq"] for logged in events] == list(range(1, seq(site) + 1))
    assert events[-1]["hash"] == site.trial.door.hashes[-1].hex()


def test_record_can_be_checked_by_whoever_reads_it(site):
    from firstbreath.events.chain import chain_hash

    read = site.browser("dana").get("/api/log/9").json()
    assert chain_hash(bytes.fromhex(read["previous"]), read["record"].encode()).hex() == read["hash"]
    assert json.loads(read["record"]) == read["event"]


def test_vote_is_not_told_before_everybody_has_voted(site):
    site.trial.enrolled("S1")
    site.trial.by("dana", {"act": "freeze_packet", "subjects": ["S1"]})
    vote = {"packet": 1, "recommendation": "continue", "conflict": "none", "reauthentication": PROOF}
    assert ask(site.browser("sven"), "cast_vote", **vote).status_code == 201
    sara = site.browser("sara")
    packet = sara.get("/api/safety/packets").json()["packets"][0]
    assert (packet["voted"], packet["votes"], packet["review"]) == (["sven"], [], None)
    (vote_event,) = site.trial.trial.safety.packets[1].votes
    for sealed in (f"/api/log/{vote_event.seq}", f"/log/{vote_event.seq}"):
        assert sara.get(sealed).status_code == 404
    kinds = [each["event"]["body"]["kind"] for each in sara.get("/api/log?limit=1000").json()["events"]]
    assert "vote_cast" not in kinds
    ask(sara, "cast_vote", **vote)
    packet = sara.get("/api/safety/packets").json()["packets"][0]
    assert [each["actor"] for each in packet["votes"]] == ["sven", "sara"]
    assert packet["review"]["body"]["recommendation"] == "continue"


def test_queries_and_adverse_events_are_null_where_a_role_does_not_see_them(site):
    site.trial.screen("S1")
    read = site.browser("paul").get("/api/subjects/S1").json()
    assert (read["queries"], read["adverse_events"]) == (None, None)
    read = site.browser("ines").get("/api/subjects/S1").json()
    assert (read["queries"], read["adverse_events"]) == ([], [])


def test_me_says_which_acts_may_be_asked_for(site):
    me = site.browser("sven").get("/api/me").json()
    assert (me["account"], me["roles"]) == ("sven", ["safety_group"])
    assert "cast_vote" in me["acts"]
    assert "open_screening" not in me["acts"]


def test_site_that_only_reads_takes_no_act():
    reader = client_of(MemorySource(StaffedTrial().door.store))
    assert reader.get("/api/trial").status_code == 200
    assert ask(reader, "open_screening", subject="S1").status_code == 404
    assert reader.get("/api/me").status_code == 404


@pytest.fixture
def two_sites(site):
    """Investigator and nurse work Here; S1 is treated Here and S2 There."""
    trial = StaffedTrial(files=TWO_SITES, site="Here")
    trial.act("open_screening", "S1", site="Here")
    trial.by("ada", {"act": "open_account", "account": "tara", "name": "Tara Vik"})
    for each in (
        {"act": "grant_role", "account": "tara", "role": "nurse", "site": "There"},
        {"act": "record_training", "account": "tara", "topic": "the protocol"},
    ):
        trial.by("ada", each)
    trial.by("tara", {"act": "accept_terms", "digest": "0" * 64}, role=HOLDER)
    trial.by("tara", {"act": "open_screening", "subject": "S2", "site": "There"}, role="nurse")
    return WorkingSite(trial)


def test_nothing_of_another_site_is_read(two_sites):
    nora = two_sites.browser("nora")
    assert [line["code"] for line in nora.get("/api/subjects").json()["subjects"]] == ["S1"]
    assert nora.get("/api/subjects/S1").status_code == 200
    assert nora.get("/api/subjects/S2").status_code == 403
    assert [line["code"] for line in two_sites.browser("dana").get("/api/subjects").json()["subjects"]] == ["S1", "S2"]


def test_log_passes_over_what_is_of_another_site_and_says_how_much(two_sites):
    ines = two_sites.browser("ines")
    read = ines.get("/api/log?limit=1000").json()
    assert read["withheld"] == 1
    assert "S2" not in json.dumps(read["events"])
    of_s2 = next(event.seq for event in two_sites.trial.door.history.events if event.subject == "S2")
    assert ines.get(f"/api/log/{of_s2}").status_code == 403


def test_nothing_is_done_at_another_site(two_sites):
    nora = two_sites.browser("nora")
    answer = ask(nora, "record_deviation", subject="S2", category="visit", text="late")
    assert (answer.status_code, reasons(answer)) == (403, ["AUTH-003"])
    assert ask(nora, "open_screening", subject="S3", site="There").status_code == 403


def test_refusal_is_said_as_the_door_says_it(site):
    decision = site.trial.act("enrol_subject", "S1", arm="A")
    answer = ask(site.browser("ines"), "enrol_subject", subject="S1", arm="A")
    assert reasons(answer) == codes(decision)
