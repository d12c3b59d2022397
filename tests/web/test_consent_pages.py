"""Consent on one screen: read, decided, signed by everybody together or not at all."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.support.small_trial import FILES
from tests.support.staffed_trial import PASSWORD
from tests.web.sources import SCRIPT, told
from tests.web.working import value_of

from firstbreath.trial.commands import AmendProtocol

PAGE = "/subjects/S1/consent"
JPEG = b"\xff\xd8\xff\xe0" + b"the signed page" * 20


@pytest.fixture
def nora(site):
    site.trial.screen("S1")
    return site.browser("nora")


def signed(**changes):
    """Everybody signs with their own password, two witnesses with accounts."""
    sent = {
        "request_id": "a",
        "version": "1.0",
        "given_by": "patient",
        "witness-1-account": "ines",
        "witness-1-password": PASSWORD,
        "witness-2-account": "paul",
        "witness-2-password": PASSWORD,
        "obtained_by": "nora",
        "sign-account": "nora",
        "sign-password": PASSWORD,
    }
    return sent | {name.replace("__", "-"): value for name, value in changes.items()}


def paper(content=JPEG, name="page.jpg"):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def consent_of(site):
    return site.trial.door.refresh().subjects.get("S1").consent


class TestSigning:
    def test_everybody_signs_on_one_screen(self, site, nora):
        answer = nora.post(PAGE, signed())
        assert answer.status_code == 303, told(answer)
        body = consent_of(site).body
        assert (body.witnesses, body.witness_accounts) == (("Ines Vega", "Paul Marsh"), ("ines", "paul"))
        assert (body.obtained_by, consent_of(site).actor) == ("nora", "nora")

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"sign__password": "wrong"}, "AUTH-011"),
            ({"sign__account": "ines"}, "AUTH-011"),
            ({"witness__1__password": "wrong"}, "SIGN-010"),
            ({"witness__2__account": "nobody"}, "SIGN-010"),
            ({"witness__2__account": "", "witness__2__password": ""}, "CONS-003"),
            ({"witness__2__account": "ines"}, "CONS-015"),
            ({"witness__1__account": "nora"}, "CONS-013"),
            ({"witness__1__account": "", "witness__1__name": "nora quist"}, "CONS-013"),
            ({"witness__1__account": "", "witness__1__name": "Wu Li"}, "CONS-012"),
            ({"witness__1__name": "Wu Li"}, "CONS-016"),
            ({"given_by": "surrogate"}, "CONS-011"),
            ({"given_by": "the neighbour"}, "CONS-002"),
            ({"version": "0.9"}, "CONS-001"),
            ({"obtained_by": "ines", "witness__1__account": "dana"}, "CONS-012"),
            ({"obtained_by": "rosa"}, "CONS-014"),
            ({"document": "0" * 64}, "CONS-010"),
        ],
    )
    def test_nothing_is_signed_unless_all_of_it_holds(self, site, nora, wrong, code):
        answer = nora.post(PAGE, signed(**wrong))
        assert answer.status_code == 409
        assert code in told(answer)
        assert consent_of(site) is None

    def test_entries_stay_and_passwords_do_not(self, nora):
        answer = nora.post(PAGE, signed(relation="Daughter", sign__password="wrong"))
        assert value_of(answer, "relation") == "Daughter"
        assert value_of(answer, "witness-1-account") == "ines"
        assert PASSWORD not in answer.content.decode()

    def test_failed_signature_is_written_down(self, site, nora):
        nora.post(PAGE, signed(witness__1__password="wrong"))
        assert site.trial.door.history.events[-1].kind == "sign_in_refused"
        assert site.trial.door.history.events[-1].body.account == "ines"

    def test_surrogate_signs_with_the_relation(self, site, nora):
        assert nora.post(PAGE, signed(given_by="surrogate", relation="Daughter")).status_code == 303
        assert consent_of(site).body.relation == "Daughter"

    def test_person_without_an_account_witnesses_on_photographed_paper(self, site, nora):
        outside = signed(witness__1__account="", witness__1__password="", witness__1__name="Wu Li")
        assert nora.post(PAGE, outside | {"photographs": [paper()]}).status_code == 303
        body = consent_of(site).body
        assert (body.witnesses[0], body.witness_accounts, len(body.photographs)) == ("Wu Li", ("", "paul"), 1)


class TestPhotographs:
    def test_it_is_kept_under_the_subjects_key_and_shown_to_those_who_check(self, site, nora):
        nora.post(PAGE, signed() | {"photographs": [paper()]})
        name = consent_of(site).body.photographs[0]
        shown = site.browser("mona").get(f"{PAGE}/papers/{name}")
        assert (shown.content, shown.headers["Content-Type"]) == (JPEG, "image/jpeg")
        for account in ("spencer", "sven", "dana", "rosa", "ada"):
            assert site.browser(account).get(f"{PAGE}/papers/{name}").status_code == 403
        assert site.browser("mona").get(f"{PAGE}/papers/{'0' * 64}").status_code == 404

    @pytest.mark.parametrize(
        ("content", "code"),
        [(b"GIF89a", "FILE-001"), (b"<svg onload=1>", "FILE-001"), (b"", "FILE-001"), (JPEG * 40_000, "FILE-002")],
    )
    def test_wrong_file_is_refused_by_what_is_in_it(self, site, nora, content, code):
        answer = nora.post(PAGE, signed() | {"photographs": [paper(content, f"{SCRIPT}.jpg")]})
        assert code in told(answer)
        assert "<script>hacked" not in answer.content.decode()
        assert consent_of(site) is None

    def test_stored_photograph_need_not_be_sent_again_after_a_refusal(self, site, nora):
        answer = nora.post(PAGE, signed(sign__password="wrong") | {"photographs": [paper()]})
        kept = value_of(answer, "kept")
        assert nora.post(PAGE, signed(request_id="b") | {"kept": [kept, "0" * 64, "../key"]}).status_code == 303
        assert consent_of(site).body.photographs == (kept,)

    def test_too_many_are_refused(self, nora):
        assert "FILE-003" in told(nora.post(PAGE, signed() | {"photographs": [paper() for _ in range(11)]}))


class TestText:
    def file(self, site, **changes):
        sent = {"version": "1.0", "language": "en", "text": "You are asked to take part.\n\nYou may say no."} | changes
        return site.browser("spencer").post("/consent-texts/file", sent)

    def test_text_is_filed_once_with_its_digest_and_read_before_signing(self, site, nora):
        assert self.file(site).status_code == 303
        assert "DOC-003" in told(self.file(site, text="Another text"))
        page = nora.get(PAGE)
        assert "You are asked to take part." in told(page)
        document = value_of(page, "document")
        assert "CONS-010" in told(nora.post(PAGE, signed()))
        assert nora.post(PAGE, signed(request_id="b", document=document)).status_code == 303
        assert consent_of(site).body.document == document
        assert "You may say no." in told(nora.get(f"/consent-texts/{document}"))

    def test_each_language_is_a_text_of_its_own(self, site, nora):
        self.file(site)
        assert self.file(site, language="zh-Hans", text="请您参加").status_code == 303
        assert "请您参加" in told(nora.get(f"{PAGE}?language=zh-Hans"))

    @pytest.mark.parametrize("wrong", [{"text": ""}, {"language": "<b>"}, {"version": ""}, {"text": "a\x00b"}])
    def test_it_needs_version_language_and_words(self, site, wrong):
        assert self.file(site, **wrong).status_code == 409

    def test_hostile_text_is_shown_as_text(self, site, nora):
        self.file(site, text=SCRIPT)
        assert "<script>hacked" not in nora.get(PAGE).content.decode()
        assert "hacked = 1" in told(nora.get(PAGE))

    def test_only_investigator_and_sponsor_file_it(self, site):
        assert site.browser("nora").get("/consent-texts/file").status_code == 403


class TestAmendmentAndWithdrawal:
    def test_amended_version_closes_the_dosing_gate_until_consent_is_given_again(self, site):
        site.trial.enrolled()
        amended = FILES["protocol.toml"].replace('version = "1.0"', 'version = "2.0"')
        site.trial.by("spencer", AmendProtocol(files=FILES | {"protocol.toml": amended}), reason="New risk")
        nora = site.browser("nora")
        assert "Consent again, on version 2.0" in told(nora.get("/today"))
        assert "Dosing is closed CONS-006" in told(nora.get("/subjects/S1"))
        assert nora.post(PAGE, signed(version="2.0")).status_code == 303
        assert "Dosing is open" in told(nora.get("/subjects/S1"))

    @pytest.mark.parametrize("scope", ["treatment", "data"])
    def test_withdrawal_holds_at_once_and_needs_no_reason(self, site, scope):
        site.trial.enrolled()
        nora = site.browser("nora")
        assert nora.post("/subjects/S1/consent/withdrawal", {"scope": scope}).status_code == 303
        assert consent_of(site) is None
        assert "Dosing is closed" in told(nora.get("/subjects/S1"))

    def test_withdrawal_of_something_else_is_refused(self, site):
        site.trial.enrolled()
        answer = site.browser("nora").post("/subjects/S1/consent/withdrawal", {"scope": SCRIPT})
        assert "CONS-009" in told(answer)
