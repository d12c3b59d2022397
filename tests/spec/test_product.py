"""The product: lots, custody, temperature and preparation, from the maker's freezer to the mouthpiece.

Every vial is somewhere, always; none is used before it was released, its way is known and its dose is checked.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.support.product_acts import Shelf
from tests.support.small_trial import codes, is_allowed
from tests.support.tracked_trial import tracked_protocol

from firstbreath.events import kinds
from firstbreath.product import commands
from firstbreath.product.preparation import CannotPrepare, compute_worksheet
from firstbreath.product.standing import reasons_against_inhaling, standing_of
from firstbreath.product.stock import compute_balance, forecast_stock, usable_vials
from firstbreath.protocol.values import Dose


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(tracked_protocol())


def words(shelf: Shelf, *vials: str) -> list[str]:
    return [standing_of(shelf.product, shelf.product.vials[code], shelf.chain).word for code in vials]


def made_up(shelf: Shelf, vial: str = "V1") -> int:
    """A dose of P1, day 1, from that vial; the event that made it up."""
    shelf.act(commands.WithdrawVials(subject="P1", day=1, vials=(vial,)))
    shelf.act(commands.ThawVials(vials=(vial,)))
    shelf.act(commands.PrepareDose(subject="P1", day=1, drawn_ml={vial: "1"}, volume_ml="6", diluent="saline",
                                   diluent_lot="N1"))  # fmt: skip
    return len(shelf.events)


def against(shelf: Shelf, scanned: str, *, subject: str = "P1", day: int = 1, minutes: int = 0) -> list[str]:
    now = shelf.now + timedelta(minutes=minutes)
    found = reasons_against_inhaling(shelf.product, shelf.chain, scanned, subject=subject, day=day, now=now)
    return [reason.code for reason in found]


class TestLots:
    """A lot has its certificate as data; two people release it, and what fails is never released."""

    def test_two_people_release_a_lot(self, shelf):
        """One signature is not enough, and the same person signs once."""
        shelf.lot()
        assert is_allowed(shelf.act(commands.SignLotRelease(lot="L1"), by="pia"))
        assert codes(shelf.act(commands.SignLotRelease(lot="L1"), by="pia")) == ["LOT-018"]
        assert not shelf.product.lots["L1"].released
        assert is_allowed(shelf.act(commands.SignLotRelease(lot="L1"), by="spencer"))
        assert shelf.product.lots["L1"].released

    def test_failing_certificate_is_not_released(self, shelf):
        """A test that did not pass stands against every signature."""
        shelf.lot(passed=False)
        assert codes(shelf.act(commands.SignLotRelease(lot="L1"))) == ["LOT-003"]

    @pytest.mark.parametrize(
        ("prepare", "code"),
        [
            (lambda shelf: shelf.lot(), "LOT-002"),
            (lambda shelf: (shelf.released(), shelf.act(commands.BlockLot(lot="L1"), reason="recall")), "LOT-001"),
            (lambda shelf: (shelf.released(), setattr(shelf, "now", shelf.now + timedelta(days=400))), "LOT-004"),
        ],
        ids=["unreleased", "blocked", "expired"],
    )
    def test_no_vial_of_an_unreleased_blocked_or_expired_lot_is_taken(self, shelf, prepare, code):
        """The refusal names the lot and what to do."""
        prepare(shelf)
        shelf.act(commands.PackShipment(shipment="S1", vials=("V1",), to="North", logger="LG1", seal="7"))
        shelf.act(commands.SendShipment(shipment="S1"))
        shelf.act(commands.ReceiveShipment(shipment="S1", seal="7"))
        assert code in codes(shelf.act(commands.WithdrawVials(subject="P1", day=1, vials=("V1",))))

    def test_count_names_its_instrument(self, shelf):
        """2.0e8 by one instrument is not 2.0e8 by another: the certificate says by which, with what settings."""
        lot = commands.RegisterLot(lot="L1", vials=("V1",), content="2.0e8", counted_with=" ", volume_ml="1",
                                   expires="2027-01-01", tests=())  # fmt: skip
        assert codes(shelf.act(lot)) == ["LOT-014", "LOT-015"]

    def test_label_is_used_once(self, shelf):
        """A second lot cannot bring a label that is in the register."""
        shelf.lot("L1", "V1")
        assert codes(shelf.lot("L2", "V1")) == ["LOT-011"]


class TestCustody:
    """Every handover is an event of somebody; what is received or destroyed, a second person signs."""

    def test_balance_closes_at_every_step(self, shelf):
        """Registered vials are always as many as those in all places together."""
        shelf.delivered()
        shelf.act(commands.LoseVials(vials=("V3",)), reason="fell")
        balance = compute_balance(shelf.product, "L1")
        assert balance.closes
        assert {place: count for place, count in balance.by_place.items() if count} == {"stored": 2, "lost": 1}

    def test_receiver_does_not_countersign(self, shelf):
        """Two signatures are of two people; until the second, no vial of the shipment is used."""
        shelf.released()
        shelf.act(commands.PackShipment(shipment="S1", vials=("V1",), to="North", logger="LG1", seal="7"))
        shelf.act(commands.SendShipment(shipment="S1"))
        shelf.act(commands.ReceiveShipment(shipment="S1", seal="7"))
        receipt = len(shelf.events)
        assert codes(shelf.act(commands.CountersignHandover(signs=receipt))) == ["SHIP-009"]
        shelf.record("S1", *[-78.0] * 4, vials=("V1",))
        assert words(shelf, "V1") == ["waiting"]
        assert is_allowed(shelf.act(commands.CountersignHandover(signs=receipt), by="nora"))
        assert words(shelf, "V1") == ["in label"]

    @pytest.mark.parametrize("found", [{"seal_intact": False}, {"seal": "8"}, {"unfit": ("V1",)}])
    def test_broken_seal_or_vial_is_quarantined(self, shelf, found):
        """Another seal than the one packed is a broken one."""
        shelf.released()
        shelf.act(commands.PackShipment(shipment="S1", vials=("V1",), to="North", logger="LG1", seal="7"))
        shelf.act(commands.SendShipment(shipment="S1"))
        shelf.act(commands.ReceiveShipment(**{"shipment": "S1", "seal": "7"} | found))
        assert words(shelf, "V1") == ["quarantined"]

    def test_what_is_gone_stays_gone(self, shelf):
        """A vial that was destroyed, used, returned or lost is in no further act."""
        shelf.delivered()
        shelf.act(commands.DestroyVials(vials=("V1",), how="autoclave"), reason="spare")
        for act in (commands.StoreVials(vials=("V1",), freezer="F"), commands.LoseVials(vials=("V1",))):
            assert codes(shelf.act(act, reason="tried")) == ["VIAL-022"]

    def test_putting_back_needs_a_reason(self, shelf):
        """What was taken out and not thawed may go back, and it is said why."""
        shelf.delivered()
        shelf.act(commands.WithdrawVials(subject="P1", day=1, vials=("V1",)))
        assert codes(shelf.act(commands.StoreVials(vials=("V1",), freezer="Freezer 2"))) == ["VIAL-024"]
        assert is_allowed(shelf.act(commands.StoreVials(vials=("V1",), freezer="Freezer 2"), reason="out for 4 min"))


class TestTemperature:
    """A record is judged, never released by itself: affected vials are in quarantine until the sponsor signs."""

    def test_shipment_without_a_record_is_not_used(self, shelf):
        """What cannot be evaluated is unknown, and unknown does not pass."""
        shelf.released()
        shelf.act(commands.PackShipment(shipment="S1", vials=("V1",), to="North", logger="LG1", seal="7"))
        shelf.act(commands.SendShipment(shipment="S1"))
        shelf.act(commands.ReceiveShipment(shipment="S1", seal="7"))
        shelf.act(commands.CountersignHandover(signs=len(shelf.events)), by="nora")
        refused = codes(shelf.act(commands.WithdrawVials(subject="P1", day=1, vials=("V1",))))
        assert refused == ["VIAL-006"]

    def test_decision_lifts_the_quarantine_and_covers_what_was_known(self, shelf):
        """A record that comes later puts the vial back in quarantine."""
        shelf.delivered(celsius=(-78, -78, -50, -50, -50, -78, -78, -78))
        assert words(shelf, "V1") == ["quarantined"]
        use = commands.JudgeVials(vials=("V1",), decision="use")
        assert codes(shelf.act(use, by="spencer")) == ["PROD-001"]
        shelf.act(use, by="spencer", reason="stable for 2 h")
        assert words(shelf, "V1", "V2") == ["for use by decision", "quarantined"]
        shelf.record("Freezer 2", *[-10.0] * 6, place="storage", vials=("V1",))
        assert words(shelf, "V1") == ["quarantined"]

    def test_next_weeks_good_record_does_not_ask_again(self, shelf):
        """What was decided on stays decided while nothing new is wrong; it is still told that a decision was needed."""
        shelf.delivered()
        shelf.now += timedelta(hours=1)
        shelf.record("Freezer 2", *[-20.0, -9.0, -9.0, -20.0], place="storage", vials=("V1",))
        shelf.act(commands.JudgeVials(vials=("V1",), decision="use"), by="spencer", reason="within stability")
        shelf.now += timedelta(minutes=30)
        shelf.record("Freezer 2", *[-20.0] * 3, place="storage", vials=("V1",))
        assert words(shelf, "V1") == ["for use by decision"]

    def test_decision_does_not_cover_what_came_in_meanwhile(self, shelf):
        """Two at once: a record read while the sponsor looks is not decided on unseen."""
        shelf.delivered(celsius=(-50,) * 8)
        seen = len(shelf.events)
        shelf.record("Freezer 2", 4.0, 5.0, place="storage", vials=("V1",))
        use = commands.JudgeVials(vials=("V1",), decision="use", up_to=seen)
        assert codes(shelf.act(use, by="spencer", reason="stable")) == ["VIAL-028"]
        ahead = commands.JudgeVials(vials=("V1",), decision="use", up_to=9_999)
        assert codes(shelf.act(ahead, by="spencer", reason="stable")) == ["VIAL-027"]

    def test_vial_used_without_its_shipments_record_says_that_it_was_decided(self, shelf):
        """A lost logger needs a decision, and is never "in label"."""
        shelf.released()
        shelf.act(commands.PackShipment(shipment="S1", vials=("V1",), to="North", logger="LG1", seal="7"))
        shelf.act(commands.SendShipment(shipment="S1"))
        shelf.act(commands.ReceiveShipment(shipment="S1", seal="7"))
        shelf.act(commands.CountersignHandover(signs=len(shelf.events)), by="nora")
        shelf.act(commands.JudgeVials(vials=("V1",), decision="use"), by="spencer", reason="logger lost; ice was left")
        assert words(shelf, "V1") == ["for use by decision"]

    @pytest.mark.parametrize("shift", [-1e6, 1e6])
    def test_what_does_not_fit_the_file_is_not_imported(self, shelf, shift):
        """Nobody states readings that the file does not have: they could not be joined."""
        shelf.delivered()
        body = shelf.product.records[0].body
        stay = body.stays[0]
        moved = replace(stay, summary=replace(stay.summary, first=stay.summary.first + shift))
        forged = commands.ImportTemperature(
            place="transport", where="S1", logger="LG9", name="x", digest="1" * 64, readings=8,
            first=body.first, last=body.last, stays=(moved,),
        )  # fmt: skip
        assert codes(shelf.act(forged)) == ["TEMP-005"]

    def test_rejection_stands(self, shelf):
        """A rejected vial is never used, whatever is said later."""
        shelf.delivered(celsius=(-50,) * 8)
        shelf.act(commands.JudgeVials(vials=("V1",), decision="reject"), by="spencer", reason="too warm")
        again = shelf.act(commands.JudgeVials(vials=("V1",), decision="use"), by="spencer", reason="changed")
        assert codes(again) == ["VIAL-001"]
        assert words(shelf, "V1") == ["rejected"]

    def test_same_file_is_not_read_twice(self, shelf):
        """Nor one that overlaps another of the same logger at the same place."""
        shelf.delivered()
        body = shelf.product.records[0].body
        again = commands.ImportTemperature(
            place="transport", where="S1", logger="LG1", name="again.csv", digest=body.digest, readings=8,
            first=body.first, last=body.last, stays=body.stays,
        )  # fmt: skip
        assert codes(shelf.act(again)) == ["TEMP-001", "TEMP-002"]


class TestPreparation:
    """From the prescribed amount to volumes, made up by one and checked by another, inhaled in time."""

    @pytest.mark.parametrize(
        ("content", "holds", "drawn", "diluent"),
        [
            ("2.0e8", "1.0", ("1.0",), "5.0"),
            ("3.0e8", "1.0", ("0.7",), "5.3"),
            ("1.5e8", "1.0", ("1.0", "0.3"), "4.7"),
            ("0.5e8", "0.5", ("0.5", "0.5", "0.5", "0.5"), "4.0"),
        ],
    )
    def test_worksheet(self, shelf, content, holds, drawn, diluent):
        """Full vials first, the last to what the syringe can be read to, filled up to the volume of the dose."""
        shelf.lot()
        body = kinds.LotRegistered("L1", ("V1",), content, "NTA", holds, "2027-01-01", ())
        sheet = compute_worksheet(DOSE, body, step_ml=Decimal("0.1"))
        assert [f"{part.normalize():f}" for part in sheet.drawn] == [f"{Decimal(part).normalize():f}" for part in drawn]
        assert sheet.diluent == Decimal(diluent)
        assert abs(sheet.differs_percent) <= 5

    def test_too_thin_a_product_cannot_be_prepared(self, shelf):
        """More millilitres than the cup is to hold are not silently inhaled."""
        thin = kinds.LotRegistered("L1", ("V1",), "0.2e8", "NTA", "1.0", "2027-01-01", ())
        with pytest.raises(CannotPrepare, match="would be drawn"):
            compute_worksheet(DOSE, thin, step_ml=Decimal("0.1"))

    def test_second_person_checks(self, shelf):
        """Whoever made the dose up does not check it, and unchecked it is not inhaled."""
        shelf.delivered()
        made = made_up(shelf)
        assert codes(shelf.act(commands.CheckPreparation(checks=made))) == ["PREP-005"]
        assert against(shelf, "V1") == ["VIAL-015"]
        assert is_allowed(shelf.act(commands.CheckPreparation(checks=made), by="nora"))
        assert against(shelf, "V1") == []

    @pytest.mark.parametrize(
        ("scanned", "about", "code"),
        [
            ("", {}, "VIAL-010"),
            ("V9", {}, "VIAL-011"),
            ("V1", {"subject": "P2"}, "VIAL-013"),
            ("V1", {"day": 2}, "VIAL-013"),
            ("V2", {}, "VIAL-014"),
            ("V1", {"minutes": 200}, "VIAL-016"),
        ],
        ids=["unscanned", "unknown", "wrong patient", "wrong day", "unready", "expired"],
    )
    def test_inhalation_refuses_the_wrong_vial(self, shelf, scanned, about, code):
        """It says which vial, and what to do."""
        shelf.delivered()
        shelf.act(commands.CheckPreparation(checks=made_up(shelf)), by="nora")
        assert code in against(shelf, scanned, **about)

    def test_no_more_is_drawn_than_a_vial_holds(self, shelf):
        """A syringe that shows more than the vial held is misread."""
        shelf.delivered()
        shelf.act(commands.WithdrawVials(subject="P1", day=1, vials=("V1",)))
        shelf.act(commands.ThawVials(vials=("V1",)))
        dose = commands.PrepareDose(subject="P1", day=1, drawn_ml={"V1": "1.5"}, volume_ml="1.5")
        assert codes(shelf.act(dose)) == ["PREP-001"]


class TestStock:
    """What a site can use, and until when."""

    def test_first_to_expire_is_used_first_and_the_day_without_is_named(self, shelf):
        """Three vials for four doses run out on the day of the fourth."""
        shelf.delivered()
        usable = usable_vials(shelf.product, "North", shelf.chain, shelf.now.date())
        assert [vial.code for vial in usable] == ["V1", "V2", "V3"]
        due = [(date(2026, 3, day), 1) for day in (4, 5, 6, 7)]
        found = forecast_stock(usable, due, shelf.product)
        assert (found.needed, found.runs_out) == (4, date(2026, 3, 7))

    def test_vial_that_expires_before_its_day_does_not_count(self, shelf):
        """A dose after the last date of use has no vial."""
        shelf.delivered()
        usable = usable_vials(shelf.product, "North", shelf.chain, shelf.now.date())
        assert forecast_stock(usable, [(date(2027, 2, 1), 1)], shelf.product).runs_out == date(2027, 2, 1)


DOSE = Dose(id="d", amount=Decimal("2.0e8"), unit="vesicles", volume_ml=Decimal(6), days=(1,))
