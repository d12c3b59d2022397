"""The product of a simulated trial: two shipments, of which one grew warm; every dose made up and checked by two."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from firstbreath.designs.course import Scene, Stay
from firstbreath.designs.planned import Planned, plan
from firstbreath.product.recording import LoggerFacts, plan_record
from firstbreath.trial.state import Trial

LOT, SPARE = "SIM-LOT-1", tuple(f"SIM-R{n}" for n in range(1, 8))
PHARMACIST, SPONSOR, SECOND = "pharmacist.gao", "sponsor.jiang", "nurse.wang"
FREEZER = "Freezer 2 (simulated)"
TESTS = (
    ("Particles", "NTA (simulated instrument)", "2.0e8 +- 20 %", "2.1e8", "in a vial"),
    ("Size D50", "NTA (simulated instrument)", "50 to 400", "132", "nm"),
    ("CD9, CD63, CD81", "flow cytometry", "present", "present", ""),
    ("Calnexin", "Western blot", "absent", "absent", ""),
    ("Sterility", "growth, 14 days", "no growth", "no growth", ""),
    ("Mycoplasma", "qPCR", "not detected", "not detected", ""),
    ("Endotoxin", "LAL", "below 0.25", "0.05", "EU/ml"),
    ("Recovery after nebulising", "NTA, vibrating mesh", "at least 60", "78", "%"),
)
"""An invented certificate; its shape is that of published release sets, no number is anybody's."""
FIRST_BOX, SECOND_BOX = ("SIM-01", "SIM-02", "SIM-04", "SIM-05"), ("SIM-07", "SIM-08", "SIM-10")
BOXES = {"SIM-SHIP-1": (0, FIRST_BOX, SPARE[:5]), "SIM-SHIP-2": (20, SECOND_BOX, SPARE[5:])}
"""For each shipment the day it is packed, for whom, and the spare vials in it."""
CALIBRATED_TO = "2099-12-31"
"""Of invented loggers: no trial that is simulated outlasts it."""
WARM = range(130, 151)
"""The readings of the second shipment, every five minutes, in which the dry ice had run out."""


def vial_of(code: str, trial_day: int) -> str:
    """The label of the vial for a patient's day."""
    return f"SIM-{code[-2:]}{trial_day}"


def plan_supply(scene: Scene) -> Iterator[Planned]:
    """The lot with its release, and both shipments until their vials are stored."""
    at, days = scene.calendar.at, scene.protocol.design.doses[0].days
    every = [vial_of(code, day) for _, codes, _ in BOXES.values() for code in codes for day in days]
    yield plan(at(0, "12:30"), SPONSOR, "register_lot", lot=LOT, vials=[*every, *SPARE], content="2.0e8",
               counted_with="NTA, simulated instrument and settings", volume_ml="1.0",
               expires=scene.calendar.day(1826), maker=scene.protocol.design.product.maker,
               tests=[_test(told) for told in TESTS])  # fmt: skip
    for minutes, who in ((10, SPONSOR), (20, PHARMACIST)):
        yield plan(at(0, "12:30", minutes=minutes), who, "sign_lot_release", lot=LOT)
    for shipment, (day, codes, spare) in BOXES.items():
        vials = [*(vial_of(code, each) for code in codes for each in days), *spare]
        yield from _plan_shipment(scene, shipment, day=day, vials=vials)
    yield from _plan_excursion(scene)


def _test(told: tuple[str, ...]) -> dict[str, Any]:
    return dict(zip(("name", "method", "specification", "result", "unit"), told, strict=True)) | {"passed": True}


def _plan_shipment(scene: Scene, shipment: str, *, day: int, vials: list[str]) -> Iterator[Planned]:
    at = scene.calendar.at
    box: dict[str, Any] = {"to": scene.site, "logger": f"LG-{shipment[-1]}", "seal": f"8841{shipment[-1]}"}
    yield plan(at(day, "14:00"), SPONSOR, "pack_shipment", shipment=shipment, vials=vials, dry_ice_kg="9.0", **box)
    yield plan(at(day, "15:00"), SPONSOR, "send_shipment", shipment=shipment, carrier="A simulated carrier")
    yield plan(at(day + 1, "10:00"), PHARMACIST, "receive_shipment", shipment=shipment, seal=box["seal"],
               dry_ice_kg="2.4" if shipment.endswith("1") else "0")  # fmt: skip
    receipt = partial(_receipt_of, shipment)
    yield plan(at(day + 1, "10:05"), SECOND, "countersign_handover", late=receipt)
    record = partial(_record_of, shipment)
    yield plan(at(day + 1, "10:20"), PHARMACIST, "import_temperature", late=record)
    yield plan(at(day + 1, "10:40"), PHARMACIST, "store_vials", vials=vials, freezer=FREEZER, position=shipment[-1])


def _receipt_of(shipment: str, trial: Trial) -> Mapping[str, Any]:
    received = trial.product.shipments[shipment].received
    return {"signs": received.seq if received else 0}


def _record_of(shipment: str, trial: Trial) -> Mapping[str, Any]:
    """What the logger of a shipment recorded, every five minutes from packing to receipt."""
    box, protocol = trial.product.shipments[shipment], trial.protocol
    begins = box.packed.at.timestamp()
    ends = box.received.at.timestamp() if box.received else begins
    seconds = [begins + 300.0 * n for n in range(int((ends - begins) / 300) + 1)]
    warm = WARM if shipment.endswith("2") else range(0)
    celsius = [-52.5 + n % 4 / 2 if n in warm else -78.4 + n % 5 / 10 for n in range(len(seconds))]
    chain = protocol.design.cold_chain if protocol else None
    logger = box.body.logger
    found = plan_record(
        trial.product, chain, "transport", shipment, logger=logger, seconds=seconds, celsius=celsius,
        told=LoggerFacts(calibrated_to=CALIBRATED_TO),
    )  # fmt: skip
    text = "\n".join(f"{at:.0f},{each}" for at, each in zip(seconds, celsius, strict=True))
    return {
        "place": "transport", "where": shipment, "logger": logger, "name": f"{logger} (simulated).csv",
        "digest": hashlib.sha256(text.encode()).hexdigest(), "readings": found.readings,
        "first": found.first, "last": found.last,
        "calibrated_to": CALIBRATED_TO,
        "stays": msgspec.to_builtins([each.stay for each in found.stays]),
    }  # fmt: skip


def _plan_excursion(scene: Scene) -> Iterator[Planned]:
    """The second shipment is in quarantine: a dose is refused, the sponsor decides, a spare vial is destroyed."""
    at, days = scene.calendar.at, scene.protocol.design.doses[0].days
    first, needed = vial_of("SIM-07", 1), [vial_of(code, day) for code in SECOND_BOX for day in days]
    yield plan(at(23, "08:00"), "nurse.wang", "withdraw_vials", refused=True, subject="SIM-07", day=1, vials=[first])
    why = "Below -50 C throughout: covered by the maker's (simulated) stability report"
    yield plan(at(23, "08:05"), SPONSOR, "judge_vials", vials=[*needed, SPARE[5]], decision="use", reason=why)
    torn = "Its label came off: it cannot be told which vial it is"
    yield plan(at(23, "08:08"), SPONSOR, "judge_vials", vials=[SPARE[6]], decision="reject", reason=torn)
    yield plan(at(28, "15:00"), PHARMACIST, "destroy_vials", vials=[SPARE[6]], how="autoclave", reason="rejected")
    yield plan(at(28, "15:10"), SECOND, "countersign_handover", late=_destruction)


def _destruction(trial: Trial) -> Mapping[str, Any]:
    return {"signs": max(trial.product.destroyed, default=0)}


def plan_preparation(scene: Scene, stay: Stay, trial_day: int) -> Iterator[Planned]:
    """A dose on its way to the cup: taken out, thawed, made up by the nurse and checked by the pharmacist."""
    day, vial = stay.enrolled + trial_day, vial_of(stay.code, trial_day)
    at, named = scene.calendar.at, _named(stay, trial_day)
    yield plan(at(day, "08:20"), stay.nurse, "withdraw_vials", vials=[vial], **named)
    yield plan(at(day, "08:24"), stay.nurse, "thaw_vials", vials=[vial], method="in the hand")
    made: dict[str, Any] = {"volume_ml": "6", "diluent": "normal saline", "diluent_lot": "SIM-NS-3"}
    yield plan(at(day, "08:38"), stay.nurse, "prepare_dose", drawn_ml={vial: "1.0"}, **made, **named)
    yield plan(at(day, "08:46"), PHARMACIST, "check_preparation", late=partial(_made_of, vial))


def _named(stay: Stay, trial_day: int) -> dict[str, Any]:
    return {"subject": stay.code, "day": trial_day}


def _made_of(vial: str, trial: Trial) -> Mapping[str, Any]:
    prepared = trial.product.vials[vial].prepared
    return {"checks": prepared.seq if prepared else 0}
