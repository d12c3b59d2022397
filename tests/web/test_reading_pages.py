"""The reading room's pages: a reader's list and desk, the managers' scans, cases, and what nobody may learn."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from tests.support.read_trial import ReadTrial
from tests.support.site_database import FAST, use_fresh_database
from tests.support.staffed_trial import PASSWORD
from tests.web.programs import ask
from tests.web.working import WorkingSite, value_of

from firstbreath.events.blobs import FileBlobs
from firstbreath.reading.stored import StoredScan, encode_stored
from firstbreath.reading.volume import Geometry

SHAPE = Geometry(3, 4, 4, (8.0, 0.7, 0.7), (1, 0, 0), (0, 1, 0), (0, 0, -1), (0, 0, 0))
SIGNED = {"sign-account": "rosa", "sign-password": PASSWORD}


class ReadSite(WorkingSite):
    """The site of a trial whose scans are kept."""

    def __init__(self, folder, **about) -> None:
        self.reads = ReadTrial(**about)
        super().__init__(self.reads, FileBlobs(folder / "blobs", folder / "keys"))

    def fill(self, *subjects: str) -> ReadSite:
        """Both scans of each subject, three slices of 4 by 4, filed and passed."""
        for subject in subjects:
            self.reads.screen(subject)
            for visit in ("screening", "D3"):
                self.keep(subject, visit)
                self.reads.by("dana", {"act": "pass_scan", "scan": f"{subject}.{visit}.1"})
        return self

    def keep(self, subject: str, visit: str) -> None:
        blobs = self.source.blobs
        names = tuple(blobs.put(subject, gzip.compress(bytes([n, 0] * 16))) for n in range(SHAPE.slices))
        stored = blobs.put(subject, encode_stored(StoredScan(SHAPE, names)))
        self.reads.file(subject, visit, slices_file=stored, slices=3, rows=4, columns=4)


@pytest.fixture(autouse=True)
def _database(tmp_path):
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=FAST):
        use_fresh_database(tmp_path)
        yield


@pytest.fixture
def site(tmp_path):
    made = ReadSite(tmp_path).fill("S1", "S2")
    made.browser("dana").post("/scans/order", {"readers": ["rosa", "remy"], "request_id": "d"})
    return made


def entered(**points: str) -> dict[str, list[str] | str]:
    form = {f"score-{name}": each for name, each in points.items()}
    return form | {f"form-{name}": "consolidation" for name, each in points.items() if each in "12"}


def read_all(site, account, **points):
    browser = site.browser(account)
    points = points or {"R1": "0", "R2": "0", "L3": "0"}
    for n, task in enumerate(site.reads.reading.tasks_of(account)):
        sent = entered(**points) | {"request_id": f"{account}{n}"}
        assert browser.post(f"/reading/{task.drawn.task}", sent).status_code == 303
        proof = {"sign-account": account, "sign-password": PASSWORD, "request_id": f"s{account}{n}"}
        proof["draft"] = str(site.reads.reading.tasks[task.drawn.task].draft.seq)
        answer = browser.post(f"/reading/{task.drawn.task}/sign", proof)
        assert answer.status_code == 303, answer.content.decode()
    return browser


class TestManaging:
    def test_grid_shows_how_each_scan_stands(self, tmp_path):
        site = ReadSite(tmp_path).fill("S1")
        site.reads.screen("S2")
        site.keep("S2", "D3")
        page = site.browser("dana").get("/scans").content.decode()
        assert "S1" in page
        assert "To be looked at" in page
        assert "/scans/S2.D3.1" in page

    def test_order_is_drawn_with_a_sealed_seed(self, site):
        body = site.reads.drawn()
        seed = site.source.blobs.get("+reading", body.seed_file).decode()
        assert len(seed) > 40
        from firstbreath.reading.order import seal_of

        assert seal_of(seed) == body.seal
        assert "<b>0/5</b>" in site.browser("dana").get("/scans").content.decode()

    def test_wrong_number_of_readers_is_told(self, tmp_path):
        site = ReadSite(tmp_path).fill("S1", "S2")
        answer = site.browser("dana").post("/scans/order", {"readers": ["rosa"], "request_id": "d"})
        assert answer.status_code == 409
        assert "READ-020" in answer.content.decode()

    def test_a_reader_who_leaves_is_replaced(self, site):
        dana, own = site.browser("dana"), site.reads.reading.tasks_of("rosa")[0].drawn.task
        assert "cannot read any more" not in dana.get("/scans").content.decode()
        site.reads.by("ada", {"act": "close_account", "account": "rosa"}, reason="moved away")
        assert "cannot read any more: replace the reader" in dana.get("/today").content.decode()
        assert "cannot read any more" in dana.get("/scans").content.decode()
        page = dana.get("/scans/readers").content.decode()
        assert 'name="by" value="rani"' in page
        assert 'name="by" value="remy"' not in page
        assert "4 scans are read anew" in page
        sent = {"reader": "rosa", "by": "rani", "request_id": "r1"}
        refused = dana.post("/scans/readers", sent | {"why": " "})
        assert (refused.status_code, "READ-001" in refused.content.decode()) == (409, True)
        assert dana.post("/scans/readers", sent | {"why": "moved away", "request_id": "r2"}).status_code == 303
        assert len(site.reads.reading.tasks_of("rani")) == 5
        rani = site.browser("rani")
        assert site.reads.next_task("rani").drawn.task in rani.get("/reading").content.decode()
        assert rani.get(f"/reading/{own}").status_code == 404
        for reader in ("rani", "remy"):
            read_all(site, reader)
        site.fill("S3", "S4")
        order = {"readers": ["remy", "rani"], "request_id": "d2"}  # as the page has them, by the age of the accounts
        assert dana.post("/scans/order", order).status_code == 303
        assert site.reads.reading.holders() == ["rani", "remy"]

    def test_whoever_was_replaced_is_shown_nothing_of_it_any_more(self, site):
        task = site.reads.reading.tasks_of("rosa")[0].drawn.task
        rosa = site.browser("rosa")
        assert rosa.get(f"/reading/{task}").status_code == 200
        site.reads.replace("rosa", "rani")
        assert [rosa.get(f"/reading/{task}{part}").status_code for part in ("", "/stack", "/slices/0")] == [404] * 3
        assert task not in rosa.get("/reading").content.decode()

    def test_a_scan_is_looked_at_then_passed_or_rejected(self, tmp_path):
        site = ReadSite(tmp_path)
        site.reads.screen("S1")
        site.keep("S1", "screening")
        dana = site.browser("dana")
        assert 'data-manifest="/scans/S1.screening.1/stack"' in dana.get("/scans/S1.screening.1").content.decode()
        refused = dana.post("/scans/S1.screening.1/judge", {"step": "reject", "request_id": "r"})
        assert "READ-001" in refused.content.decode()
        dana.post("/scans/S1.screening.1/judge", {"step": "pass", "request_id": "p"})
        assert site.reads.reading.scans["S1.screening.1"].passed

    def test_reads_are_made_final_with_the_seeds(self, site):
        dana = site.browser("dana")
        assert "READ-050" in dana.post("/scans/unblind", {"request_id": "u1"}).content.decode()
        read_all(site, "rosa")
        read_all(site, "remy")
        assert dana.get("/scans/reads").status_code == 404
        assert dana.post("/scans/unblind", {"request_id": "u2"}).status_code == 303
        assert site.reads.reading.unblinded.body.seeds
        page = dana.get("/scans/reads").content.decode()
        assert "Reading of images" in page or "Scores of the scans" in page


class TestLungs:
    def test_volumes_are_hidden_until_the_reads_are_final(self, site):
        assert site.browser("rosa").get("/reading/lungs/S1.D3.1").status_code == 404
        assert site.browser("rosa").get("/reading/lungs/S1.D3.1/sheet.png").status_code == 404

    def test_a_mask_is_judged_by_a_person(self, site):
        read_all(site, "rosa")
        read_all(site, "remy")
        site.browser("dana").post("/scans/unblind", {"request_id": "u"})
        rosa = site.browser("rosa")
        assert "S1.D3.1" in rosa.get("/reading").content.decode()
        page = rosa.get("/reading/lungs/S1.D3.1", {"wait": "yes"}).content.decode()
        assert "No lung was found." in page
        assert "dense lung is left out" in page
        sheet = rosa.get("/reading/lungs/S1.D3.1/sheet.png")
        assert sheet.content.startswith(b"\x89PNG")
        assert rosa.post("/reading/lungs/S1.D3.1", {"step": "reject", "request_id": "r"}).status_code == 303
        assert site.reads.reading.scans["S1.D3.1"].masks[-1].body.accepted is False
        assert site.browser("dana").get("/reading/lungs/S1.D3.1").status_code == 403

    def test_a_mask_made_elsewhere_is_looked_at_first(self, site):
        import numpy as np
        from django.core.files.uploadedfile import SimpleUploadedFile
        from tests.unit.reading.test_mask_import import nifti

        read_all(site, "rosa")
        read_all(site, "remy")
        site.browser("dana").post("/scans/unblind", {"request_id": "u"})
        rosa, address = site.browser("rosa"), "/reading/lungs/S1.D3.1"
        inside = np.ones((4, 4, 3), dtype=bool)
        affine = np.diag([-0.7, -0.7, -8.0, 1.0])
        wrong = {"step": "load", "mask": SimpleUploadedFile("m.nii", nifti(inside, np.eye(4)))}
        assert "MASK-005" in rosa.post(address, wrong).content.decode()
        named = nifti(inside, affine)
        named = named[:148] + b"Ling Wei".ljust(80, b"\0") + named[228:]  # what NIfTI calls descrip
        right = {"step": "load", "mask": SimpleUploadedFile("m.nii", named)}
        answer = rosa.post(address, right)
        assert answer.status_code == 303
        page = rosa.get(answer.headers["Location"] + "&wait=yes").content.decode()
        assert "Lung mask made elsewhere" in page
        assert "Accept the mask" in page
        kept = answer.headers["Location"].partition("file=")[2]
        assert b"Ling" not in gzip.decompress(site.source.blobs.get("S1", kept))
        assert rosa.get(f"{address}/sheet.png?file={kept}").content.startswith(b"\x89PNG")
        assert rosa.post(address, {"step": "accept", "file": kept, "request_id": "k"}).status_code == 303
        judged = site.reads.reading.scans["S1.D3.1"].masks[-1].body
        assert (judged.method, judged.file, judged.accepted) == ("mask made elsewhere", kept, True)


class TestReading:
    def test_list_shows_codes_in_the_order_drawn(self, site):
        page = site.browser("rosa").get("/reading").content.decode()
        places = [page.index(f"<code>{task.drawn.task}") for task in site.reads.reading.tasks_of("rosa")]
        assert places == sorted(places)

    def test_stack_and_slices_are_bytes_without_a_header(self, site):
        rosa, task = site.browser("rosa"), site.reads.next_task("rosa").drawn.task
        told = json.loads(rosa.get(f"/reading/{task}/stack").content)
        assert (told["slices"], told["spacing_mm"]) == (3, [8.0, 0.7, 0.7])
        assert [window["label"] for window in told["windows"]] == ["Lung", "Mediastinal"]
        assert told["size_classes"] == [{"points": 1, "below_mm": 10}, {"points": 2}]
        answer = rosa.get(told["slice_url"].replace("{n}", "2"))
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.content)[:2] == b"\x02\x00"
        assert rosa.get(f"/reading/{task}/slices/3").status_code == 404

    def test_the_page_names_what_the_viewer_asks_for_first(self, site):
        """The stack and its middle slice, by the code of the task; both are refused out of turn as ever."""
        rosa, task = site.browser("rosa"), site.reads.next_task("rosa").drawn.task
        page = rosa.get(f"/reading/{task}").content.decode()
        ahead = re.findall(r'<link rel="preload" as="fetch" crossorigin href="([^"]*)">', page)
        assert ahead == [f"/reading/{task}/stack", f"/reading/{task}/slices/1"]
        assert f'data-first="{ahead[1]}"' in page
        assert [rosa.get(address).status_code for address in ahead] == [200, 200]
        later = site.reads.reading.tasks_of("rosa")[1].drawn.task
        assert [rosa.get(address.replace(task, later)).status_code for address in ahead] == [404, 404]
        assert [site.anybody().get(address).status_code for address in ahead] == [303, 303]

    def test_a_draft_is_kept_and_shown_again(self, site):
        rosa, task = site.browser("rosa"), site.reads.next_task("rosa").drawn.task
        lines = '[{"slice":1,"from":[1,2],"to":[3,2],"mm":1.4,"segment":"R2"}]'
        sent = entered(R1="2") | {"seen": "1-3", "measurements": lines, "request_id": "a"}
        answer = rosa.post(f"/reading/{task}/draft", sent)
        assert "UTC" in json.loads(answer.content)["saved"]
        page = rosa.get(f"/reading/{task}").content.decode()
        assert 'name="score-R1" value="2" checked' in page
        assert "2 of 3 to go" in page
        assert site.reads.next_task("rosa").entered.lines[0].mm == 1.4
        assert "&quot;mm&quot;:1.4,&quot;segment&quot;:&quot;R2&quot;" in page
        again = rosa.post(f"/reading/{task}/draft", sent | {"request_id": "b"})
        assert json.loads(again.content)["saved"] == ""  # nothing new is written twice

    def test_what_is_entered_before_its_score_is_kept_too(self, site):
        rosa, task = site.browser("rosa"), site.reads.next_task("rosa").drawn.task
        sent = entered(R1="0", L3="0") | {"form-R2": "consolidation", "mm-R2": "13.7", "request_id": "a"}
        rosa.post(f"/reading/{task}/draft", sent)
        page = rosa.get(f"/reading/{task}").content.decode()
        assert 'value="13.7"' in page
        assert "1 of 3 to go" in page
        kept = site.reads.next_task("rosa").entered.segments["R2"]
        assert (kept.points, kept.open, kept.forms, kept.mm) == (None, True, ("consolidation",), "13.7")
        proof = {"request_id": "b", "draft": str(site.reads.next_task("rosa").draft.seq)} | SIGNED
        refused = rosa.post(f"/reading/{task}/sign", proof)
        assert "READ-010" in refused.content.decode()
        assert site.reads.next_task("rosa").drawn.task == task, "no score is no score of not evaluable"

    def test_what_is_wrong_with_a_draft_is_told(self, site):
        rosa, task = site.browser("rosa"), site.reads.next_task("rosa").drawn.task
        answer = rosa.post(
            f"/reading/{task}/draft", entered(R1="7") | {"seen": "<b>", "measurements": "{", "request_id": "a"}
        )
        assert answer.status_code == 409
        assert "7 is no score" in json.loads(answer.content)["why"]

    def test_a_line_of_a_segment_there_is_not_is_told(self, site):
        rosa, task = site.browser("rosa"), site.reads.next_task("rosa").drawn.task
        lines = '[{"slice":1,"from":[1,2],"to":[3,2],"mm":1.4,"segment":"<b>"}]'
        answer = rosa.post(f"/reading/{task}/draft", entered(R1="2") | {"measurements": lines, "request_id": "a"})
        assert answer.status_code == 409
        assert json.loads(answer.content)["why"] == "A line is drawn for '<b>', which is not in the charter."
        assert site.reads.next_task("rosa").entered is None

    def test_signing_needs_all_and_the_password_and_then_stands(self, site):
        rosa, task = site.browser("rosa"), site.reads.next_task("rosa").drawn.task
        whole = entered(R1="2", R2="0", L3="NE")
        some = rosa.post(f"/reading/{task}", entered(R1="2") | {"request_id": "a"})
        assert "READ-010" in some.content.decode()
        assert rosa.post(f"/reading/{task}", whole | {"request_id": "b"}).headers["Location"] == f"/reading/{task}/sign"
        page = rosa.get(f"/reading/{task}/sign").content.decode()
        assert "there is no total" in page
        assert "slices seen: 0 of 3" in page
        assert rosa.post(f"/reading/{task}/sign", {"request_id": "c"}).status_code == 409
        stale = rosa.post(f"/reading/{task}/sign", {"request_id": "o", "draft": "1"} | SIGNED)
        assert "READ-037" in stale.content.decode()  # something else was entered since
        shown = {"draft": value_of(rosa.get(f"/reading/{task}/sign"), "draft")}
        assert rosa.post(f"/reading/{task}/sign", {"request_id": "d"} | shown | SIGNED).status_code == 303
        changed = rosa.post(f"/reading/{task}", entered(R1="0", R2="0", L3="0") | {"request_id": "e"})
        assert "READ-032" in changed.content.decode()
        assert rosa.get(f"/reading/{task}/sign").status_code == 303
        assert site.reads.reading.tasks[task].read.segments["R1"].points == 2

    def test_a_changed_read_is_refused_by_the_program_interface_too(self, site):
        task = site.reads.next_task("rosa").drawn.task
        read_all(site, "rosa")
        asked = {"task": task, "segments": {"R1": {"points": 1, "forms": ["consolidation"]}}}
        for act in ("draft_read", "sign_read", "void_read", "propose_consensus"):
            assert ask(site.browser("rosa"), act, **asked).status_code == 404  # no program reads
        assert site.reads.reading.tasks[task].read.segments["R1"].points == 0

    def test_nobody_opens_the_task_of_another(self, site):
        task = site.reads.next_task("remy").drawn.task
        for address in (f"/reading/{task}", f"/reading/{task}/stack", f"/reading/{task}/slices/0"):
            assert site.browser("rosa").get(address).status_code == 404
            assert site.browser("dana").get(address).status_code == 403

    def test_whoever_has_another_role_is_not_blind(self, site):
        site.reads.by("ada", {"act": "grant_role", "account": "rosa", "role": "monitor"})
        assert site.browser("rosa").get("/reading").status_code == 403
        assert "READ-026" in {r.code for r in site.reads.sign("rosa").reasons}

    def test_a_read_is_voided_with_a_reason(self, site):
        rosa, task = site.browser("rosa"), site.reads.next_task("rosa").drawn.task
        rosa.post(f"/reading/{task}", entered(R1="2", R2="0", L3="0") | {"request_id": "c"})
        shown = {"draft": value_of(rosa.get(f"/reading/{task}/sign"), "draft")}
        rosa.post(f"/reading/{task}/sign", {"request_id": "s"} | shown | SIGNED)
        assert "Void it" in rosa.get("/reading").content.decode()
        assert rosa.post(f"/reading/{task}/void", {"why": "", "request_id": "v"}).status_code == 409
        assert rosa.post(f"/reading/{task}/void", {"why": "sides swapped", "request_id": "w"}).status_code == 303
        assert site.reads.next_task("rosa").drawn.task == task
        assert "Void it" not in rosa.get("/reading").content.decode()


class TestSettling:
    def test_both_see_both_reads_only_after_all_are_signed(self, site):
        rosa = read_all(site, "rosa", R1="2", R2="0", L3="0")
        case = site.reads.case_of("S1.D3.1")
        assert rosa.get(f"/reading/cases/{case}").status_code == 404
        remy = read_all(site, "remy")
        page = rosa.get(f"/reading/cases/{case}").content.decode()
        assert "you" in page
        assert "reader B" in page
        sent = entered(R1="1") | {"why-R1": "smaller than 1 cm", "step": "propose", "request_id": "x"}
        assert rosa.post(f"/reading/cases/{case}", sent | SIGNED).status_code == 303
        assert "waits for you" in remy.get("/reading").content.decode()
        proposal = site.reads.reading.scans["S1.D3.1"].proposals[-1].seq
        agree = {"step": "agree", "proposal": str(proposal), "request_id": "y"}
        agree |= {"sign-account": "remy", "sign-password": PASSWORD}
        altered = entered(R1="2") | {"why-R1": "smaller than 1 cm"} | agree | {"request_id": "z"}
        refused = remy.post(f"/reading/cases/{case}", altered)
        assert (refused.status_code, "READ-047" in refused.content.decode()) == (409, True)
        same = entered(R1="1") | {"why-R1": "smaller than 1 cm"} | agree
        assert "Void it" not in remy.get("/reading").content.decode()
        assert remy.post(f"/reading/cases/{case}", same).status_code == 303
        assert site.reads.reading.scans["S1.D3.1"].agreed
