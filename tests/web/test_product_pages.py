"""The product on the site: a shipment with an excursion, a quarantine, a refused dose, a decision, and the dose."""

import errno
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from tests.support.site_database import FAST, use_fresh_database
from tests.support.staffed_trial import PASSWORD, StaffedTrial
from tests.support.tracked_trial import TRACKED_FILES
from tests.web.sources import told
from tests.web.working import WorkingSite, value_of

from firstbreath.events.blobs import FileBlobs

LOT = {
    "lot": "L1", "maker": "Maker", "vials": "V1\r\nV2\nV3", "content": "2.0e8", "volume_ml": "1.5",
    "counted_with": "NanoFCM, threshold 3", "expires": "2027-06-30",
    "tests": "Sterility; Ph. Eur. 2.6.1; no growth; no growth; ; pass\nEndotoxin; LAL; < 0.25; 0.05; EU/ml; pass",
}  # fmt: skip
PACK = {"shipment": "S1", "vials": "V1 V2 V3", "to": "North", "logger": "LG1", "seal": "77", "dry_ice_kg": "8"}


class Pharmacy(WorkingSite):
    """A site whose vials are kept in the register."""

    def send(self, account, act, **sent):
        return self.browser(account).post(f"/product/do/{act}", sent)

    @property
    def product(self):
        return self.trial.trial.product

    def later(self, **span):
        self.trial.door.clock.now += timedelta(**span)

    def delivered(self):
        """Registered, released, packed, sent, received and countersigned: the record is not read yet."""
        self.send("paul", "register-lot", **LOT)
        self.send("paul", "sign-lot-release", lot="L1", **proof("paul"))
        self.send("spencer", "sign-lot-release", lot="L1", **proof("spencer"))
        self.send("spencer", "pack-shipment", **PACK)
        self.send("spencer", "send-shipment", shipment="S1", carrier="World Courier")
        self.later(hours=20)
        self.send("paul", "receive-shipment", shipment="S1", seal="77", seal_intact="yes", dry_ice_kg="2.5")
        seq = self.product.shipments["S1"].received.seq
        self.send("nora", "countersign-handover", signs=str(seq), **proof("nora"))
        return self

    def record(self, warm=()):
        """The logger's file of the shipment, a reading every five minutes: -78 °C, but for those that are warm."""
        packed, received = self.product.shipments["S1"].packed.at, self.product.shipments["S1"].received.at
        lines, n, at = ["SYNTHETIC", "Date Time (UTC),Temperature (°C)"], 0, packed - timedelta(minutes=10)
        while at < received + timedelta(minutes=10):
            lines.append(f"{at:%Y-%m-%d %H:%M:%S},{-40.0 if n in warm else -78.2 + n % 3 / 10:.1f}")
            at, n = at + timedelta(minutes=5), n + 1
        return "\n".join(lines).encode() + b"\n"

    def read(self, content, *, where="S1", **answers):
        """Bring a file, look at what it says, write it."""
        paul = self.browser("paul")
        shown = paul.post(
            "/product/temperature", {"file": SimpleUploadedFile("s1.csv", content), "where": where} | answers
        )
        sent = {"kept": value_of(shown, "kept"), "name": "s1.csv", "where": where, "step": "write"} | answers
        return shown, paul.post("/product/temperature", sent)

    def prepare(self, vial="V1", day=1):
        place = f"/subjects/S1/preparation/{day}"
        self.send("nora", "store-vials", vials=vial, freezer="Freezer 2", position="A1")
        self.send("nora", "withdraw-vials", subject="S1", day=str(day), vials=vial)
        self.send("nora", "thaw-vials", vials=vial, method="hand")
        made = {f"drawn-{vial}": "1.5", "volume_ml": "6", "diluent": "normal saline", "diluent_lot": "NS7"}
        self.browser("nora").post(f"{place}/made", made)
        prepared = self.product.vials[vial].prepared
        if prepared:
            self.send("paul", "check-preparation", checks=str(prepared.seq), **proof("paul"))
        return self.browser("nora").get(place)

    def start(self, vial, day=1):
        sent = {"vial": vial, "volume_ml": "6", "device": "mesh", "interface": "mask", "oxygen_l_min": "6"}
        return self.browser("nora").post(f"/subjects/S1/inhalation/{day}/start", sent)


def proof(account):
    return {"sign-account": account, "sign-password": PASSWORD}


@pytest.fixture
def pharmacy(tmp_path):
    with override_settings(PASSWORD_HASHERS=FAST):
        use_fresh_database(tmp_path)
        trial = StaffedTrial(files=TRACKED_FILES)
        trial.act("open_screening", site="North")
        values = {"age": "50", "severe_allergy": "no"}
        trial.act("record_form", form="demographics", visit="screening", values=values)
        trial.consent()
        trial.enrol()
        trial.skin_test()
        yield Pharmacy(trial, FileBlobs(tmp_path / "blobs", tmp_path / "keys"))


def test_excursion_to_dose(pharmacy):
    pharmacy.delivered()
    page = told(pharmacy.browser("paul").get("/product"))
    assert "The record of logger LG1 (S1) is not read" in page
    assert "the balance closes" in page
    shown, written = pharmacy.read(pharmacy.record(warm=range(40, 48)))
    assert "needs a decision" in told(shown)
    assert "Above -60 °C for 45 min" in told(shown)
    assert written.status_code == 303
    assert "In quarantine: V1 V2 V3" in told(pharmacy.browser("paul").get("/product"))
    refused = pharmacy.send("nora", "withdraw-vials", subject="S1", day="1", vials="V1")
    assert "VIAL-003" in told(refused)
    assert pharmacy.start("V1").status_code == 409
    decided = {"vials": "V1 V3", "decision": "use", "why": "stable for 2 h at -40 °C, stability report 7"}
    assert pharmacy.send("spencer", "judge-vials", **decided, **proof("spencer")).status_code == 303
    assert "Ready." in told(pharmacy.prepare())
    started = pharmacy.start("V1")
    assert started.status_code == 303, told(started)
    trace = told(pharmacy.browser("mona").get("/product/vials/V1"))
    for step in (
        "Registered with lot L1", "Release signed Paul Marsh", "Release signed Spencer Hill", "Packed in S1", "S1 sent",
        "S1 received", "Receipt countersigned Nora Quist", "Temperature record of S1", "Decision: use", "Stored",
        "Taken out for S1, day 1", "Thawing began", "Dose prepared 1.5 ml drawn", "Preparation checked",
        "Inhaled by S1",
    ):  # fmt: skip
        assert step in trace, step
    affected = told(pharmacy.browser("mona").get("/product/affected"))
    assert "Yes: 1 dose." in affected
    assert "It was known when the dose was given." in affected
    log = pharmacy.browser("mona").get("/product/accountability").content.decode()
    assert log.splitlines()[1].startswith("V1,L1,2027-06-30,North,S1,")


def test_good_shipment_needs_no_decision(pharmacy):
    pharmacy.delivered()
    assert pharmacy.read(pharmacy.record())[1].status_code == 303
    assert {line.word for line in stands(pharmacy)} == {"in label"}
    assert "Ready." in told(pharmacy.prepare())
    assert pharmacy.start("V1").status_code == 303
    assert "No." in told(pharmacy.browser("mona").get("/product/affected"))


def stands(pharmacy):
    from firstbreath.product.standing import standing_of

    chain = pharmacy.trial.trial.protocol.design.cold_chain
    return [standing_of(pharmacy.product, vial, chain) for vial in pharmacy.product.all_vials()]


def test_record_that_comes_after_the_dose_says_so(pharmacy):
    """A freezer's record is read later than its vials are used: the dose is found backwards in time."""
    pharmacy.delivered()
    pharmacy.read(pharmacy.record())
    pharmacy.send("nora", "store-vials", vials="V1 V2", freezer="Freezer 2")
    stored = pharmacy.product.vials["V1"].history[-1].at
    pharmacy.later(hours=3)
    pharmacy.prepare()
    pharmacy.start("V1")
    lines = [f"{stored + timedelta(minutes=5 * n):%Y-%m-%dT%H:%M:%SZ},{5 if 10 < n < 20 else -20}" for n in range(36)]
    content = ("Time (UTC),Temperature (°C)\n" + "\n".join(lines) + "\n").encode()
    shown, written = pharmacy.read(content, where="Freezer 2")
    assert written.status_code == 303, told(written)
    assert "unusable" in told(shown)
    page = told(pharmacy.browser("spencer").get("/product/affected"))
    assert "Yes: 1 dose." in page
    assert "It became known after the dose." in page


@pytest.mark.parametrize(
    ("scanned", "code"),
    [("", "VIAL-010"), ("X9", "VIAL-011"), ("V2", "VIAL-014"), ("V1 V2", "VIAL-014")],
)
def test_inhalation_refuses_what_is_not_this_dose(pharmacy, scanned, code):
    pharmacy.delivered()
    pharmacy.read(pharmacy.record())
    pharmacy.prepare()
    answer = pharmacy.start(scanned)
    assert answer.status_code == 409
    assert code in told(answer)


def test_dose_past_its_time_is_refused_and_says_what_to_do(pharmacy):
    pharmacy.delivered()
    pharmacy.read(pharmacy.record())
    pharmacy.prepare()
    pharmacy.later(hours=2)
    answer = told(pharmacy.start("V1"))
    assert "VIAL-016" in answer
    assert "Discard it and prepare a new dose." in answer
    assert "Too late" in told(pharmacy.browser("nora").get("/subjects/S1/preparation/1"))


def test_struck_start_gives_the_vial_back(pharmacy):
    """A start pressed by mistake and struck out leaves the dose as it was prepared: it can still be inhaled."""
    pharmacy.delivered()
    pharmacy.read(pharmacy.record())
    pharmacy.prepare()
    assert pharmacy.start("V1").status_code == 303
    start = pharmacy.trial.trial.subjects.by_code["S1"].inhalations[1][0].seq
    pharmacy.trial.by("nora", {"act": "strike_entry", "subject": "S1", "corrects": start}, reason="pressed by mistake")
    assert pharmacy.product.vials["V1"].place == "prepared"
    assert pharmacy.start("V1").status_code == 303
    assert pharmacy.product.vials["V1"].place == "used"


def test_another_amount_than_prescribed_needs_a_reason(pharmacy):
    pharmacy.delivered()
    pharmacy.read(pharmacy.record())
    pharmacy.send("nora", "withdraw-vials", subject="S1", day="1", vials="V1")
    pharmacy.send("nora", "thaw-vials", vials="V1")
    half = {"drawn-V1": "0.7", "volume_ml": "6", "diluent": "saline", "diluent_lot": "N1"}
    refused = pharmacy.browser("nora").post("/subjects/S1/preparation/1/made", half)
    assert "PREP-009" in told(refused)
    why = pharmacy.browser("nora").post("/subjects/S1/preparation/1/made", half | {"why": "half was spilt"})
    assert why.status_code == 303


def test_sites_do_not_see_each_others_doses(pharmacy):
    """What waits at one site names no subject of it at another."""
    pharmacy.delivered()
    pharmacy.read(pharmacy.record())
    pharmacy.prepare()
    for account in ("nora", "paul"):
        role = {"nora": "nurse", "paul": "pharmacist"}[account]
        pharmacy.trial.by("ada", {"act": "grant_role", "account": account, "role": role, "site": "South"})
        withdrawn = {"act": "withdraw_role", "account": account, "role": role, "site": ""}
        pharmacy.trial.by("ada", withdrawn, reason="moved")
    answer = pharmacy.browser("nora").get("/product")
    page = answer.content
    assert answer.status_code == 200
    assert b"Lot L1" in page.replace(b"\n", b" ")
    assert b"/subjects/S1" not in page
    assert b"/product/vials/V1" not in page
    assert pharmacy.browser("nora").get("/product/vials/V1").status_code == 403
    assert pharmacy.browser("nora").get("/product/shipments/S1").status_code == 403


def test_full_disk_writes_nothing_and_says_so(pharmacy, monkeypatch):
    from firstbreath.events import blobs

    pharmacy.delivered()

    def full(*_args, **_about):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(blobs, "write_atomically", full)
    sent = {"file": SimpleUploadedFile("s1.csv", pharmacy.record()), "where": "S1"}
    answer = pharmacy.browser("paul").post("/product/temperature", sent)
    assert answer.status_code == 503
    assert "The disk is full" in told(answer)
    assert pharmacy.product.records == ()


def test_nobody_signs_twice(pharmacy):
    pharmacy.send("paul", "register-lot", **LOT)
    pharmacy.send("paul", "sign-lot-release", lot="L1", **proof("paul"))
    again = pharmacy.send("paul", "sign-lot-release", lot="L1", **proof("paul"))
    assert "LOT-018" in told(again)
    assert not pharmacy.product.lots["L1"].released


def test_file_read_twice_is_written_once(pharmacy):
    pharmacy.delivered()
    content = pharmacy.record()
    pharmacy.read(content)
    shown, _ = pharmacy.read(content)
    assert "were read before and are left out" in told(shown)
    assert len(pharmacy.product.records) == 1


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"\x00\x01\x02", b"hello", b"time,temp\n<script>hacked()</script>,1\n"]
)
def test_what_is_no_record_is_refused_and_nothing_is_written(pharmacy, content):
    pharmacy.delivered()
    answer = pharmacy.browser("paul").post(
        "/product/temperature", {"file": SimpleUploadedFile("x.csv", content), "where": "S1"}
    )
    assert answer.status_code in (200, 409)
    assert b"<script>hacked" not in answer.content
    assert pharmacy.product.records == ()


def test_certificate_that_fails_is_never_released(pharmacy):
    pharmacy.send("paul", "register-lot", **(LOT | {"tests": "Sterility; Ph. Eur.; no growth; growth; ; fail"}))
    answer = pharmacy.send("spencer", "sign-lot-release", lot="L1", **proof("spencer"))
    assert "The certificate fails: Sterility." in told(answer)


def test_half_a_certificate_is_refused_with_what_is_lacking(pharmacy):
    answer = pharmacy.send("paul", "register-lot", **(LOT | {"tests": "Sterility; no growth", "counted_with": " "}))
    page = told(answer)
    assert "LOT-014" in page
    assert "LOT-017" in page
    assert "Sterility; no growth" in answer.content.decode()


def test_scan_leads_to_the_vial(pharmacy):
    pharmacy.send("paul", "register-lot", **LOT)
    assert pharmacy.browser("paul").get("/product?scan=V2").headers["Location"] == "/product/vials/V2"
    assert "Vial V9 is not in the register." in told(pharmacy.browser("paul").get("/product?scan=V9"))


def test_label_is_a_code_that_a_scanner_reads(pharmacy):
    pharmacy.send("paul", "register-lot", **LOT)
    assert b'aria-label="QR code of the label"' in pharmacy.browser("paul").get("/product/vials/V2").content
