"""A shipment with an excursion, in a real Chromium: quarantine, a refused dose, a decision, the dose, its trace.

The pharmacist, the nurse, the sponsor and the monitor, each in a session of their own, at `firstbreath serve`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.browser.conftest import screen
from tests.browser.journey import Journey
from tests.browser.serving import served
from tests.browser.test_site_in_chromium import complaints
from tests.support.site_database import use_fresh_database
from tests.support.staffed_trial import StaffedTrial
from tests.support.tracked_trial import TRACKED_FILES
from tests.web.test_product_pages import LOT, PACK

from firstbreath.cli.study import Study

pytestmark = pytest.mark.chromium


class Packed(StaffedTrial):
    """A trial of one enrolled patient, with a shipment that left twenty hours ago."""

    def __init__(self, study: Study) -> None:
        super().__init__(study.store, files=TRACKED_FILES)
        self.act("open_screening", site="North")
        self.act("record_form", form="demographics", visit="screening", values={"age": "50", "severe_allergy": "no"})
        self.consent()
        self.enrol()
        self.skin_test()
        tests = [
            {
                "name": "Sterility",
                "method": "Ph. Eur.",
                "specification": "no growth",
                "result": "no growth",
                "passed": True,
            }
        ]
        lot = {name: LOT[name] for name in ("lot", "content", "volume_ml", "counted_with", "expires")}
        self.by("spencer", {"act": "register_lot", **lot, "vials": ["V1", "V2", "V3"], "tests": tests})
        for who in ("spencer", "paul"):
            self.by(who, {"act": "sign_lot_release", "lot": "L1"})
        self.door.clock.now = datetime.now(UTC) - timedelta(hours=20)
        self.by("spencer", {"act": "pack_shipment", **PACK, "vials": ["V1", "V2", "V3"]})
        self.by("spencer", {"act": "send_shipment", "shipment": "S1"})


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("tracked") / "study"
    folder.mkdir()
    study = Study(folder)
    study.create_key()
    Packed(study)
    use_fresh_database(folder)
    study.store.close()
    with served(folder) as site:
        yield site


def logger_file(folder: Path) -> Path:
    """SYNTHETIC: dry ice until it ran out for 45 minutes, a reading every five minutes."""
    now = datetime.now(UTC)
    times = [now - timedelta(hours=21) + timedelta(minutes=5 * n) for n in range(21 * 12 + 2)]
    rows = [f"{at:%Y-%m-%d %H:%M:%S},{-41.5 if 100 <= n < 109 else -78.3}" for n, at in enumerate(times)]
    path = folder / "synthetic-logger.csv"
    path.write_text("SYNTHETIC\nDate Time (UTC),Temperature (°C)\n" + "\n".join(rows) + "\n", "utf-8")
    return path


def receive(people: Journey) -> None:
    people.become("paul")
    assert "Shipment S1 is on its way" in people.open("/product")
    people.picture("product-on-its-way")
    people.open("/product/shipments/S1")
    people.follow("Receive")
    people.enter({"seal": "77", "seal_intact": "yes", "dry_ice_kg": "0.4"})
    assert "Nobody has countersigned the receipt of S1." in people.press("Receive")
    people.become("nora")
    people.open("/product/shipments/S1")
    people.follow("Countersign")
    assert "Nora Quist" in people.sign()


def read_logger(people: Journey, file: Path) -> None:
    people.become("paul")
    people.open("/product/shipments/S1")
    people.follow("Read its logger")
    people.browser.find_element("name", "file").send_keys(str(file))
    assert "Above -60 °C for 50 min" in people.press("Read it")
    people.picture("product-record-not-written-yet")
    assert "quarantined" in people.press("Write it")
    people.picture("product-shipment-in-quarantine")
    people.open("/product/do/store-vials?vials=V1%20V2%20V3")
    people.enter({"freezer": "Freezer 2", "position": "B4"})
    people.press("Store")


def refuse_and_decide(people: Journey) -> None:
    people.become("nora")
    people.open("/product/do/withdraw-vials?subject=S1&day=1&vials=V1")
    assert "VIAL-003" in people.press("Take out")
    people.picture("product-dose-refused")
    assert "No vial at this site can be used." in people.open("/subjects/S1/preparation/1")
    people.become("spencer")
    people.open("/product/vials/V1")
    people.follow("Decide")
    people.enter({"decision": "use", "why": "Stable for 2 h at -40 °C by the maker's report 7"})
    people.sign()


def make_up_and_inhale(people: Journey) -> None:
    people.become("nora")
    people.open("/subjects/S1/preparation/1")
    people.follow("Take out V1")
    people.press("Take out")
    people.follow("Begin to thaw")
    assert "minutes left" in people.press("Thaw")
    people.enter({"drawn-V1": "1.5", "volume_ml": "6", "diluent": "normal saline", "diluent_lot": "NS7"})
    people.press("The dose is made up")
    people.picture("product-worksheet")
    people.become("paul")
    people.open("/subjects/S1/preparation/1")
    people.follow("Check and sign")
    assert "Ready." in people.sign()
    people.become("nora")
    people.open("/subjects/S1/inhalation/1")
    entries = {"vial": "V1", "volume_ml": "6", "device": "mesh", "interface": "mask", "oxygen_l_min": "6"}
    assert "Running" in people.step("start", entries)


STEPS = (
    *("Registered with lot L1", "Release signed", "Packed in S1", "S1 received", "Receipt countersigned"),
    *("Temperature record of S1", "Decision: use", "Thawing began", "Dose prepared", "Inhaled"),
)


def test_excursion_quarantine_refusal_decision_dose_and_trace(browser, address, tmp_path):
    people = Journey(browser, address)
    with screen(browser, 1280):
        receive(people)
        read_logger(people, logger_file(tmp_path))
        refuse_and_decide(people)
        make_up_and_inhale(people)
        people.become("mona")
        trace = people.open("/product/vials/V1")
        assert [step for step in STEPS if step not in trace] == []
        people.picture("product-trace-of-a-vial")
        assert "Yes: 1 dose." in people.open("/product/affected")
        people.open("/product")
        people.picture("product-at-the-end")
        assert complaints(browser) == []
