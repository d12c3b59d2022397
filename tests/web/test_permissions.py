"""Every address and every act, asked for by everybody: whoever may not is refused, and none is forgotten.

What is expected is written down here by hand, and not read from the code: a new address fails until it has a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

import msgspec
import pytest
from django.test import Client, override_settings
from django.urls import URLPattern
from tests.support.site_database import FAST, use_fresh_database
from tests.support.small_trial import FILES, codes
from tests.support.staffed_trial import PEOPLE, WHO, StaffedTrial
from tests.web.addresses import PLACES, WORKING
from tests.web.working import WorkingSite

from firstbreath.events import kinds
from firstbreath.events.blobs import FileBlobs
from firstbreath.people.rights import HOLDER, ROLES, SYSTEM
from firstbreath.subjects.commands import OpenScreening
from firstbreath.trial.commands import ACTS, AnyCommand
from firstbreath.trial.door import Request
from firstbreath.web.settings import configure_django

configure_django()

ALL = "inv nur pha rad saf dat mon sta spo adm"
TRIAL = "inv nur pha saf dat mon sta spo adm"
SUBJECTS = "inv nur pha saf dat mon sta spo"
RESULTS = "inv saf dat mon sta spo"
SAFETY = "inv nur saf dat mon sta spo"
QUERIES = "inv nur dat mon"
CARE = "inv nur"
PRODUCT = "inv nur pha saf dat mon spo"
KEEPERS = "inv adm"
SCANS = "inv nur dat mon sta spo"

PUBLIC = {"sign-in", "language", "health", "asset", "api", "api-document", "api-token"}
MAY: dict[str, str] = {
    **dict.fromkeys(("sign-out", "me", "own-password", "terms", "second-factor", "tokens", "api-guide"), ALL),
    **dict.fromkeys(("api-me", "api-my-tokens", "api-my-token", "today", "api-act"), ALL),
    **dict.fromkeys(("rights", "people", "delegation", "people-alerts", "person", "api-people", "api-rights"), ALL),
    "open-account": "adm",
    "close-account": "adm",
    "reset-credential": "adm",
    **dict.fromkeys(("grant-role", "withdraw-role", "record-training", "verify-identity"), KEEPERS),
    **dict.fromkeys(("overview", "protocol", "api-trial", "api-protocol"), TRIAL),
    **dict.fromkeys(("log", "event", "record", "api-log", "api-event"), TRIAL),
    **dict.fromkeys(("subject", "api-subjects", "api-subject", "screening", "data", "signature"), SUBJECTS),
    **dict.fromkeys(("locks", "deviations", "value", "casebook"), SUBJECTS),
    "audit-review": TRIAL,
    "exports": "inv saf dat mon sta spo",
    **dict.fromkeys(("paper", "paper-file", "claims"), RESULTS),
    **dict.fromkeys(("api-adverse", "api-packets", "api-reviews", "api-ranges"), SAFETY),
    **dict.fromkeys(("adverse-events", "adverse-event", "clocks", "ranges", "packets", "packet"), SAFETY),
    "report-adverse-event": CARE,
    **dict.fromkeys(("revise-adverse-event", "narrative"), "inv"),
    "forward-serious-event": "inv spo",
    "set-range": "inv dat",
    "freeze-packet": "inv saf dat spo",
    "cast-vote": "saf",
    "conclude-packet": "saf dat",
    **dict.fromkeys(("queries", "query", "checks", "verification", "api-queries"), QUERIES),
    **dict.fromkeys(("open-screening", "check-form", "enter-form", "correct-form", "strike", "query-answer"), CARE),
    **dict.fromkeys(("query-close", "query-reopen"), "dat mon"),
    "query-open": "saf dat mon",
    "verify-source": "mon",
    "import": CARE,
    "sign": SUBJECTS,
    **dict.fromkeys(("freeze", "unfreeze"), "dat"),
    "subject-schedule": SUBJECTS,
    "inhalation": SUBJECTS,
    "inhalation-step": CARE,
    **dict.fromkeys(("consent-documents", "consent-document"), TRIAL),
    "file-consent-document": "inv spo",
    **dict.fromkeys(("sign-consent", "withdraw-consent"), CARE),
    "consent-paper": "inv nur mon",
    **dict.fromkeys(("attest-eligibility", "enrol-subject", "end-participation"), "inv"),
    "record-deviation": "inv nur pha dat mon",
    **dict.fromkeys(("product", "product-affected", "accountability"), PRODUCT),
    **dict.fromkeys(("product-lot", "product-shipment", "product-vial", "preparation"), PRODUCT),
    **dict.fromkeys(("accountability-log", "destruction", "receipt-photograph"), PRODUCT),
    **dict.fromkeys(("lot-labels", "shipment-labels"), PRODUCT),
    **dict.fromkeys(("register-lot", "sign-lot-release", "block-lot", "pack-shipment", "send-shipment"), "pha spo"),
    **dict.fromkeys(("import-temperature", "return-vials"), "pha spo"),
    **dict.fromkeys(("receive-shipment", "store-vials", "withdraw-vials", "thaw-vials", "prepare-dose"), "nur pha"),
    "lose-vials": "nur pha",
    "countersign-handover": "inv nur pha spo",
    "check-preparation": "inv nur pha",
    "destroy-vials": "pha",
    "judge-vials": "spo",
    **dict.fromkeys(("reading", "reading-task", "task-stack", "task-slice", "case-stack", "case-slice"), "rad"),
    **dict.fromkeys(("reading-case", "draft-read", "sign-read", "judge-mask", "lung-sheet"), "rad"),
    "void-read": "rad dat",
    **dict.fromkeys(("scans", "scan", "scan-stack", "scan-slice"), SCANS),
    **dict.fromkeys(("file-scan", "import-scan"), "inv nur dat"),
    **dict.fromkeys(("judge-scan", "draw-reading-order", "replace-reader"), "dat"),
    "unblind-reads": "dat spo",
    "archive-copy": "inv dat mon sta spo",
    **dict.fromkeys(("reads", "scan-report", "store-report"), RESULTS),
    "lock": "dat spo",
    "unlock": "spo",
}
"""Who may come to an address, by the first letters of the roles."""

DONE_BY: dict[str, str] = {
    "inv": "open_screening record_form correct_form strike_entry attest_eligibility sign_consent withdraw_consent "
    "enrol_subject start_inhalation pause_inhalation resume_inhalation stop_inhalation see_inhalation_event give_dose "
    "interrupt_dose miss_dose record_deviation end_participation report_adverse_event revise_adverse_event "
    "forward_serious_event set_reference_range freeze_packet answer_query sign_records import_file make_export "
    "grant_role withdraw_role record_training verify_identity file_consent_document countersign_handover "
    "check_preparation file_scan",
    "nur": "open_screening record_form correct_form strike_entry sign_consent withdraw_consent start_inhalation "
    "pause_inhalation resume_inhalation stop_inhalation see_inhalation_event give_dose interrupt_dose miss_dose "
    "record_deviation report_adverse_event answer_query sign_records import_file receive_shipment "
    "countersign_handover store_vials withdraw_vials thaw_vials prepare_dose check_preparation lose_vials file_scan",
    "pha": "record_deviation sign_records register_lot sign_lot_release block_lot pack_shipment send_shipment "
    "receive_shipment countersign_handover store_vials withdraw_vials thaw_vials prepare_dose check_preparation "
    "return_vials destroy_vials lose_vials import_temperature",
    "rad": "sign_records draft_read sign_read void_read propose_consensus agree_consensus adjudicate_scan judge_mask",
    "saf": "freeze_packet cast_vote conclude_packet open_query sign_records make_export",
    "dat": "record_deviation set_reference_range freeze_packet open_query close_query reopen_query sign_records "
    "conclude_packet freeze_subject unfreeze_subject lock_trial make_export file_scan pass_scan reject_scan "
    "draw_reading_order replace_reader void_read unblind_reads",
    "mon": "record_deviation open_query close_query reopen_query verify_source sign_records make_export",
    "sta": "sign_records make_export",
    "spo": "forward_serious_event freeze_packet sign_records lock_trial unlock_trial make_export amend_protocol "
    "file_consent_document register_lot sign_lot_release block_lot pack_shipment send_shipment countersign_handover "
    "return_vials import_temperature judge_vials unblind_reads",
    "adm": "open_account close_account grant_role withdraw_role record_training verify_identity reset_credential",
}
"""What each role may do, and nothing else."""
OWN = {"sign_in", "sign_out", "accept_terms", "change_credential"}
THE_SITES = {"note_refused_sign_in", "note_lock_out", "note_session_end"}
SHORT = {role: role[:3] for role in ROLES}
TWO_SITES = FILES | {
    "protocol.toml": FILES["protocol.toml"].replace("[trial]\n", '[trial]\nsites = ["North", "South"]\n', 1)
}


def made_site(folder, **about) -> WorkingSite:
    use_fresh_database(folder)
    return WorkingSite(StaffedTrial(**about), FileBlobs(folder / "blobs", folder / "keys"))


@pytest.fixture(scope="module")
def clients(tmp_path_factory) -> Iterator[dict[str, Client]]:
    """A browser of each role on a trial with a subject, and one in which nobody has signed in."""
    with override_settings(PASSWORD_HASHERS=FAST):
        site = made_site(tmp_path_factory.mktemp("permissions"))
        site.trial.enrolled()
        found = {role: site.browser(WHO[role]) for role in ROLES}
        yield found | {"": site.anybody()}


def patterns() -> dict[str, URLPattern]:
    from firstbreath.web.urls import urlpatterns

    return {str(pattern.name): pattern for pattern in urlpatterns}


def place_of(name: str) -> str:
    return (WORKING.get(name) or PLACES[name])[0].replace("/subjects/P1", "/subjects/S1")


def test_every_address_has_a_line():
    assert patterns().keys() - PUBLIC - MAY.keys() == set()


def test_no_line_is_of_an_address_that_is_gone():
    assert (MAY.keys() | PUBLIC) - patterns().keys() == set()


@pytest.mark.part11(5)
@pytest.mark.parametrize("name", sorted(MAY))
def test_whoever_has_not_signed_in_is_asked_to(clients, name):
    for method in ("GET", "POST"):
        answer = clients[""].generic(method, place_of(name))
        away = answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")
        assert away or answer.status_code in (401, 405), (method, answer.status_code)


@pytest.mark.part11(5)
@pytest.mark.parametrize("name", sorted(MAY))
def test_address_refuses_every_other_role(clients, name):
    for role in ROLES:
        answer = clients[role].get(place_of(name))
        refused = answer.status_code == 403
        assert refused is (SHORT[role] not in MAY[name].split()) or answer.status_code == 405, (
            role,
            answer.status_code,
        )


@pytest.mark.part11(5)
@pytest.mark.parametrize("name", sorted(name for name in MAY if name not in ("api-my-token",)))
def test_nothing_can_be_sent_by_another_role(clients, name):
    for role in ROLES:
        if SHORT[role] not in MAY[name].split():
            assert clients[role].post(place_of(name), {"reason": "tried"}).status_code in (403, 405), role


class TestActs:
    @pytest.mark.part11(5)
    @pytest.mark.parametrize("act", sorted(ACTS))
    def test_door_refuses_every_other_role_and_writes_that_down(self, act):
        staffed = StaffedTrial()
        command = least(act)
        for role in (*ROLES, HOLDER, SYSTEM):
            before = staffed.trial.refusals
            answer = staffed.door.act(Request(command=command, actor=WHO.get(role, "nora"), role=role))
            forbidden = bool({"AUTH-002", "AUTH-005", "AUTH-006"} & set(codes(answer.decision)))
            assert forbidden is not expected(act, role), role
            if forbidden:
                assert staffed.trial.refusals == before + 1
                assert isinstance(answer.events[0].body, kinds.ActRefused)

    def test_every_act_is_somebodys_or_nobodys(self):
        done = {act for acts in DONE_BY.values() for act in acts.split()}
        assert ACTS.keys() - done - OWN - THE_SITES == {"adopt_protocol", "record_review"}


def expected(act: str, role: str) -> bool:
    if act == "adopt_protocol":
        return True  # asked of an empty log alone, where nobody has an account
    if act in OWN:
        return role == HOLDER
    if act in THE_SITES:
        return role == SYSTEM
    return act in DONE_BY.get(SHORT.get(role, ""), "").split()


def least(act: str) -> AnyCommand:
    """The smallest command of an act: every field that has no default at its plainest."""
    plain: dict[object, object] = {int: 1, bool: True, str: "x", float: 1.0}
    fields = [field for field in msgspec.structs.fields(ACTS[act]) if field.required]
    values = {field.encode_name: value_for(field.type, plain) for field in fields}
    return msgspec.convert({"act": act} | values, AnyCommand)


def value_for(kind: object, plain: dict[object, object]) -> object:
    if kind in plain:
        return plain[kind]
    text = str(kind)
    if "Literal" in text:
        return next(value for value in kind.__args__ if value)  # type: ignore[attr-defined]
    if text.startswith("tuple[float, float"):
        return (1.0, 1.0, 1.0)
    return {} if text.startswith("dict") else []


class TestOtherSite:
    SUBJECT_PAGES = ("subject", "api-subject", "enter-form", "correct-form", "sign", "query", "query-answer", "strike")

    @pytest.fixture
    def north(self, tmp_path):
        """A trial of two sites; everybody at the bedside works at North, and the subject is at South."""
        with override_settings(PASSWORD_HASHERS=FAST):
            site = made_site(tmp_path, files=TWO_SITES, site="North")
            site.trial.by("ada", {"act": "grant_role", "account": "nora", "role": "nurse", "site": "South"})
            site.trial.by("nora", {"act": "open_screening", "subject": "S1", "site": "South"})
            entry = {"form": "demographics", "visit": "screening", "values": {"age": "50"}}
            site.trial.by("nora", {"act": "record_form", "subject": "S1"} | entry)
            withdrawn = {"act": "withdraw_role", "account": "nora", "role": "nurse", "site": "South"}
            site.trial.by("ada", withdrawn, reason="moved")
            yield site

    @pytest.mark.part11(5)
    @pytest.mark.parametrize("name", SUBJECT_PAGES)
    def test_pages_of_a_subject_are_refused(self, north, name):
        seq = str(north.trial.trial.seq - 1)
        place = place_of(name) if name != "strike" else f"/strike/{seq}"
        assert north.browser("nora").get(place).status_code in (403, 404)

    @pytest.mark.part11(5)
    def test_subject_is_in_no_list(self, north):
        nora, stig = north.browser("nora"), north.browser("stig")
        for place in ("/", "/screening", "/api/subjects", "/queries", "/today"):
            assert b"/subjects/S1" not in nora.get(place).content, place
            assert b'"S1"' not in nora.get(place).content, place
        assert b"S1" in stig.get("/api/subjects").content

    @pytest.mark.part11(5)
    def test_administrator_reads_nothing_of_a_subject_on_the_overview(self, north):
        told = {"act": "record_deviation", "subject": "S1", "category": "other", "text": "fell asleep"}
        north.trial.by("mona", told)
        assert b"fell asleep" not in north.browser("ada").get("/").content
        assert b"/subjects/S1" not in north.browser("ada").get("/").content
        assert b"fell asleep" in north.browser("stig").get("/").content

    def test_subject_of_another_site_is_no_neighbour(self, north):
        north.trial.ask(OpenScreening(subject="N1", site="North"))
        assert b"/subjects/S1" not in north.browser("nora").get("/subjects/N1").content

    @pytest.mark.part11(5)
    def test_events_of_the_subject_are_not_shown(self, north):
        nora, seq = north.browser("nora"), north.trial.trial.subjects.by_code["S1"].screened.seq
        assert nora.get(f"/log/{seq}").status_code in (403, 404)
        assert nora.get(f"/log/{seq}/record").status_code in (403, 404)
        assert not re.search(rb"\bS1\b", nora.get("/log").content)  # a form token may hold any two letters

    @pytest.mark.part11(5)
    def test_act_is_refused_at_the_door(self, north):
        entry = {"form": "skin_test", "visit": "D1", "values": {"skin_test_done": "yes"}}
        decision = north.trial.by("nora", {"act": "record_form", "subject": "S1"} | entry)
        assert codes(decision) == ["AUTH-003"]


class TestMeanwhile:
    @pytest.mark.part11(10)
    def test_role_withdrawn_ends_what_may_be_seen_at_the_next_request(self, site):
        site.trial.screen()
        nora = site.browser("nora")
        assert nora.get("/subjects/S1").status_code == 200
        site.trial.by("ada", {"act": "withdraw_role", "account": "nora", "role": "nurse"}, reason="left the ward")
        assert nora.get("/subjects/S1").status_code == 403

    @pytest.mark.part11(10)
    def test_delegation_that_has_ended_counts_no_more(self, site):
        site.trial.screen()
        grant = {"act": "grant_role", "account": "nora", "role": "nurse", "begins": "2020-01-01", "ends": "2020-02-01"}
        site.trial.by("ada", grant)
        assert site.browser("nora").get("/subjects/S1").status_code == 403
        held = site.trial.trial.people.by_id["nora"]
        assert held.roles(date(2020, 1, 31)) == ("nurse",)
        assert held.roles(datetime.now(UTC).date()) == ()

    @pytest.mark.part11(11)
    def test_acts_name_the_session_and_the_sign_in_names_the_device(self, site):
        nora = site.anybody()
        device = {"user-agent": "Ward tablet 3"}
        nora.post("/sign-in", {"account": "nora", "password": "a long enough pass phrase"}, headers=device)
        signed_in = site.trial.door.history.events[-1]
        assert (signed_in.body.device, signed_in.body.address) == ("Ward tablet 3", "127.0.0.1")
        nora.post("/screening/open", {"subject": "S1", "request_id": "one"})
        opened = site.trial.door.history.events[-1]
        assert opened.kind == "screening_opened"
        assert opened.source.endswith(signed_in.source)

    @pytest.mark.part11(6)
    def test_form_sent_twice_is_one_event(self, site):
        nora = site.browser("nora")
        for _ in range(2):
            nora.post("/screening/open", {"subject": "S1", "request_id": "same"})
        opened = [event for event in site.trial.door.history.events if event.kind == "screening_opened"]
        assert len(opened) == 1
        assert site.trial.trial.refusals == 0

    @pytest.mark.part11(5)
    def test_forged_form_is_refused_and_writes_nothing(self, site):
        nora = site.browser("nora")
        nora.handler.enforce_csrf_checks = True
        before = site.trial.trial.seq
        answer = nora.post("/screening/open", {"subject": "S1"})
        assert answer.status_code == 403
        assert "Nothing was saved." in answer.content.decode()
        assert site.trial.door.refresh().seq == before

    def test_sign_in_leads_nowhere_else(self, site):
        for away in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
            sent = {"account": "nora", "password": "a long enough pass phrase", "next": away}
            assert site.anybody().post("/sign-in", sent).headers["Location"] == "/today"

    def test_everybody_is_of_a_role(self):
        assert {role for role, _ in PEOPLE.values()} == ROLES.keys()
