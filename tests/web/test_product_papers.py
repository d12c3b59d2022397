"""The papers of the product as addresses: who gets them, of what, and in which layout; photographs at receipt."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from tests.support.accounted_trial import AccountedTrial
from tests.support.site_database import FAST, use_fresh_database
from tests.web.sources import SCRIPT, told
from tests.web.working import WorkingSite

from firstbreath.events.blobs import FileBlobs

JPEG = b"\xff\xd8\xff\xe0" + b"0" * 400
PNG = b"\x89PNG\r\n\x1a\n" + b"1" * 400
RECEIVE = "/product/do/receive-shipment"
SENT = {"shipment": "S3", "seal": "77", "seal_intact": "yes"}


@pytest.fixture
def shelf(tmp_path):
    with override_settings(PASSWORD_HASHERS=FAST):
        use_fresh_database(tmp_path)
        yield WorkingSite(AccountedTrial(), FileBlobs(tmp_path / "blobs", tmp_path / "keys"))


def move(shelf, account, role, *, to="South"):
    """Let somebody work at one site alone."""
    shelf.trial.by("ada", {"act": "grant_role", "account": account, "role": role, "site": to})
    shelf.trial.by("ada", {"act": "withdraw_role", "account": account, "role": role, "site": ""}, reason="moved")


def photograph(content=JPEG, name="seal.jpg"):
    return SimpleUploadedFile(name, content)


class TestPapers:
    def test_page_links_to_what_is_a_pdf(self, shelf):
        paul, signed = shelf.browser("paul"), shelf.trial.signed
        links = {
            "/product": ["/product/accountability.pdf", f"/product/destroyed/{signed}.pdf"],
            "/product/vials/V3": [f"/product/destroyed/{signed}.pdf"],
            "/product/vials/V10": ["/product/lots/L1/labels.pdf?layout=roll&vial=V10"],
            "/product/lots/L1": ["/product/lots/L1/labels.pdf?layout=sheet", "/product/lots/L1/labels.pdf?layout=roll"],
            "/product/shipments/S3": ["/product/shipments/S3/labels.pdf?layout=sheet"],
        }
        for page, addresses in links.items():
            shown = paul.get(page).content.decode().replace("&amp;", "&")
            for address in addresses:
                assert f'href="{address}"' in shown, (page, address)
                answer = paul.get(address)
                assert answer.headers["Content-Type"] == "application/pdf"
                assert answer.content.startswith(b"%PDF")
                assert answer.content == paul.get(address).content

    def test_missing_second_signature_is_shown_in_the_list(self, shelf):
        page = told(shelf.browser("mona").get("/product"))
        assert f"Certificate {shelf.trial.unsigned}" in page
        assert "not countersigned" in page

    def test_other_events_have_no_certificate(self, shelf):
        for seq in (1, 999, shelf.trial.signed + 1):
            answer = shelf.browser("paul").get(f"/product/destroyed/{seq}.pdf")
            assert answer.status_code == 404
            assert f"Event {seq} is no destruction" in told(answer)

    def test_certificate_is_not_there_before_the_destruction(self, shelf):
        address = f"/product/destroyed/{shelf.trial.signed}.pdf"
        assert shelf.browser("paul").get(f"{address}?as_of={shelf.trial.signed - 1}").status_code == 404
        assert shelf.browser("paul").get(f"{address}?as_of={shelf.trial.signed}").status_code == 200

    def test_other_sites_papers_are_refused(self, shelf):
        move(shelf, "paul", "pharmacist")
        paul = shelf.browser("paul")
        assert paul.get(f"/product/destroyed/{shelf.trial.signed}.pdf").status_code == 403
        assert paul.get("/product/shipments/S1/labels.pdf").status_code == 403
        assert paul.get("/product/lots/L2/labels.pdf").status_code == 404
        assert paul.get("/product/accountability.pdf").status_code == 200
        page = paul.get("/product").content.decode()
        assert "/product/destroyed/" not in page
        assert "Destruction of V5" not in page

    @pytest.mark.parametrize(
        ("address", "status"),
        [
            ("/product/lots/L1/labels.pdf?layout=poster", 400),
            ("/product/lots/L9/labels.pdf", 404),
            ("/product/shipments/S9/labels.pdf", 404),
            ("/product/lots/L1/labels.pdf?vial=V1", 404),
            ("/product/lots/L1/labels.pdf?vial=W1", 404),
            ("/product/lots/L1/labels.pdf", 200),
            ("/product/shipments/S3/labels.pdf?layout=roll", 200),
        ],
    )
    def test_labels_are_of_vials_that_are_still_somewhere(self, shelf, address, status):
        assert shelf.browser("paul").get(address).status_code == status


class TestPhotographs:
    def received(self, shelf):
        return shelf.trial.trial.product.shipments["S3"].received

    def test_they_are_kept_and_shown(self, shelf):
        assert b"multipart/form-data" in shelf.browser("paul").get(RECEIVE).content
        assert b"multipart/form-data" not in shelf.browser("paul").get("/product/do/send-shipment").content
        answer = shelf.browser("paul").post(RECEIVE, SENT | {"photographs": [photograph(), photograph(PNG, "b.png")]})
        assert answer.status_code == 303, told(answer)
        seq = self.received(shelf).seq
        page = shelf.browser("mona").get("/product/shipments/S3").content.decode()
        assert page.count(f'src="/product/photographs/{seq}/') == 2
        for number, content, kind in ((1, JPEG, "image/jpeg"), (2, PNG, "image/png")):
            shown = shelf.browser("mona").get(f"/product/photographs/{seq}/{number}")
            assert (shown.content, shown.headers["Content-Type"]) == (content, kind)
            assert shown.headers["X-Content-Type-Options"] == "nosniff"
        for wrong in (f"{seq}/0", f"{seq}/3", "1/1", "99999/1"):
            assert shelf.browser("mona").get(f"/product/photographs/{wrong}").status_code == 404

    def test_other_sites_photographs_are_refused(self, shelf):
        shelf.browser("paul").post(RECEIVE, SENT | {"photographs": [photograph()]})
        move(shelf, "nora", "nurse", to="North")
        assert shelf.browser("nora").get(f"/product/photographs/{self.received(shelf).seq}/1").status_code == 403

    def test_receipt_without_photographs_is_as_before(self, shelf):
        assert shelf.browser("paul").post(RECEIVE, SENT).status_code == 303
        assert self.received(shelf).body.photographs == ()

    @pytest.mark.parametrize(
        ("content", "code"),
        [(b"GIF89a", "FILE-001"), (b"%PDF-1.7", "FILE-001"), (b"", "FILE-001"), (JPEG * 30_000, "FILE-002")],
    )
    def test_wrong_file_is_refused_and_the_others_and_the_entries_are_kept(self, shelf, content, code):
        sent = SENT | {"photographs": [photograph(), photograph(content, f"{SCRIPT}.jpg")], "dry_ice_kg": "2.5"}
        answer = shelf.browser("paul").post(RECEIVE, sent)
        assert (answer.status_code, self.received(shelf)) == (409, None)
        assert code in told(answer)
        assert "1 photograph is stored already" in told(answer)
        shown = answer.content.decode()
        assert "<script>hacked" not in shown
        assert 'value="2.5"' in shown
        kept = shown.split('name="kept" value="')[1][:64]
        again = SENT | {"kept": [kept, "0" * 64, "../key"], "photographs": [photograph(PNG)]}
        assert shelf.browser("paul").post(RECEIVE, again).status_code == 303
        assert self.received(shelf).body.photographs[0] == kept
        assert len(self.received(shelf).body.photographs) == 2

    def test_refused_act_keeps_them_for_the_next_attempt(self, shelf):
        answer = shelf.browser("paul").post(RECEIVE, SENT | {"seal": "", "photographs": [photograph()]})
        assert "SHIP-007" in told(answer)
        assert 'name="kept"' in answer.content.decode()

    def test_too_many_are_refused(self, shelf):
        answer = shelf.browser("paul").post(RECEIVE, SENT | {"photographs": [photograph() for _ in range(7)]})
        assert "FILE-003" in told(answer)
        assert "7 photographs were given, the limit is 6." in told(answer)
        assert self.received(shelf) is None

    def test_more_than_fits_in_memory_is_said_and_never_left_out_in_silence(self, shelf):
        with override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=500):
            answer = shelf.browser("paul").post(RECEIVE, SENT | {"photographs": [photograph()]})
        assert "FILE-005" in told(answer)
        assert self.received(shelf) is None

    def test_file_of_a_logger_is_no_photograph(self, shelf):
        from firstbreath.web.product.temperature import KEPT_FOR

        name = shelf.source.blobs.put(KEPT_FOR, b"Time,Temperature\n")
        shelf.browser("paul").post(RECEIVE, SENT | {"kept": [name]})
        assert self.received(shelf).body.photographs == ()

    def test_site_that_keeps_no_files_says_so(self, shelf):
        shelf.source.blobs = None
        answer = shelf.browser("paul").post(RECEIVE, SENT | {"photographs": [photograph()]})
        assert "FILE-004" in told(answer)
