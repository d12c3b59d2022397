"""What can be asked of this slice."""

from typing import Literal

import msgspec

from firstbreath.events.kinds import CertificateTest, Stay


class ProductCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="act", forbid_unknown_fields=True):
    """An act about the product."""


class RegisterLot(ProductCommand, frozen=True, tag="register_lot"):
    """Enter a lot with its certificate of analysis and its vials; see `LotRegistered`."""

    lot: str
    vials: tuple[str, ...]
    content: str
    counted_with: str
    volume_ml: str
    expires: str
    tests: tuple[CertificateTest, ...]
    maker: str = ""
    certificate: str = ""


class SignLotRelease(ProductCommand, frozen=True, tag="sign_lot_release"):
    """Sign that a lot whose certificate passes may be used; two people have to."""

    lot: str


class BlockLot(ProductCommand, frozen=True, tag="block_lot"):
    """Stop every use of a lot, for good; needs a reason."""

    lot: str


class PackShipment(ProductCommand, frozen=True, tag="pack_shipment"):
    """Pack vials for a site, with a temperature logger, under a seal."""

    shipment: str
    vials: tuple[str, ...]
    to: str
    logger: str
    seal: str
    shipper: str = ""
    dry_ice_kg: str = ""


class SendShipment(ProductCommand, frozen=True, tag="send_shipment"):
    """Hand a packed shipment to the carrier."""

    shipment: str
    carrier: str = ""


class ReceiveShipment(ProductCommand, frozen=True, tag="receive_shipment"):
    """Take in a shipment: its seal as found, and the vials that do not look as they should."""

    shipment: str
    seal: str
    seal_intact: bool = True
    dry_ice_kg: str = ""
    unfit: tuple[str, ...] = ()
    photographs: tuple[str, ...] = ()


class CountersignHandover(ProductCommand, frozen=True, tag="countersign_handover"):
    """Sign as the second person at a receipt or a destruction (its event)."""

    signs: int


class StoreVials(ProductCommand, frozen=True, tag="store_vials"):
    """Put vials into a freezer, or move them; putting back what was taken out needs a reason."""

    vials: tuple[str, ...]
    freezer: str
    position: str = ""


class WithdrawVials(ProductCommand, frozen=True, tag="withdraw_vials"):
    """Take vials out for the dose of a subject's day."""

    subject: str
    day: int
    vials: tuple[str, ...]


class ThawVials(ProductCommand, frozen=True, tag="thaw_vials"):
    """Begin to thaw vials that were taken out."""

    vials: tuple[str, ...]
    method: str = ""


class PrepareDose(ProductCommand, frozen=True, tag="prepare_dose"):
    """Record a dose as made up: what was drawn from each vial, in ml, and the volume it was filled up to."""

    subject: str
    day: int
    drawn_ml: dict[str, str]
    volume_ml: str
    diluent: str = ""
    diluent_lot: str = ""


class CheckPreparation(ProductCommand, frozen=True, tag="check_preparation"):
    """Sign as the second person that a dose was made up right (its event)."""

    checks: int


class ReturnVials(ProductCommand, frozen=True, tag="return_vials"):
    """Send vials back; needs a reason."""

    vials: tuple[str, ...]
    to: str


class DestroyVials(ProductCommand, frozen=True, tag="destroy_vials"):
    """Record that vials were destroyed; needs a reason, and a second person signs."""

    vials: tuple[str, ...]
    how: str


class LoseVials(ProductCommand, frozen=True, tag="lose_vials"):
    """Record that vials broke or cannot be found; needs a reason."""

    vials: tuple[str, ...]


class ImportTemperature(ProductCommand, frozen=True, tag="import_temperature"):
    """Record what the file of a logger says; see `TemperatureImported`."""

    place: Literal["transport", "storage"]
    where: str
    logger: str
    name: str
    digest: str
    readings: int
    first: float
    last: float
    stays: tuple[Stay, ...]
    errors: int = 0
    answers: dict[str, str] = {}
    file: str = ""
    left_out: int = 0
    calibrated_to: str = ""
    clock_fast_s: float = 0


class JudgeVials(ProductCommand, frozen=True, tag="judge_vials"):
    """Decide on quarantined vials: use or reject; needs a reason, and is a signature.

    `up_to` is the last event that was seen; 0 stands for everything written so far.
    """

    vials: tuple[str, ...]
    decision: Literal["use", "reject"]
    up_to: int = 0
