"""What can happen to the product on its way from the maker to the mouthpiece."""

from typing import Literal

import msgspec

from firstbreath.events.kinds_base import Body


class CertificateTest(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One test of a certificate of analysis, as printed: what was measured, how, against what, whether it passed."""

    name: str
    method: str
    specification: str
    result: str
    passed: bool
    unit: str = ""


class LotRegistered(Body, frozen=True, gc=False, tag="lot_registered"):
    """A lot was entered with its certificate of analysis and the labels of its vials, which are at the maker.

    content       units of the product in each vial, as printed; `counted_with` is the instrument and its settings,
                  which belong to the number: two counts by different instruments are not equal
    expires       the last date of use
    certificate   the SHA-256 of the certificate's file, or empty
    """

    lot: str
    vials: tuple[str, ...]
    content: str
    counted_with: str
    volume_ml: str
    expires: str
    tests: tuple[CertificateTest, ...]
    maker: str = ""
    certificate: str = ""


class LotReleaseSigned(Body, frozen=True, gc=False, tag="lot_release_signed"):
    """Somebody signed that the lot may be used in the trial; two people have to."""

    lot: str
    name: str


class LotBlocked(Body, frozen=True, gc=False, tag="lot_blocked"):
    """No vial of the lot may be used any more."""

    lot: str


class ShipmentPacked(Body, frozen=True, gc=False, tag="shipment_packed"):
    """Vials were packed for a site with a logger, under a seal."""

    shipment: str
    vials: tuple[str, ...]
    to: str
    logger: str
    seal: str
    shipper: str = ""
    dry_ice_kg: str = ""


class ShipmentSent(Body, frozen=True, gc=False, tag="shipment_sent"):
    """The shipment was handed to the carrier."""

    shipment: str
    carrier: str = ""


class ShipmentReceived(Body, frozen=True, gc=False, tag="shipment_received"):
    """The shipment arrived and was opened; `unfit` are the vials that did not look as they should."""

    shipment: str
    seal: str
    seal_intact: bool
    dry_ice_kg: str = ""
    unfit: tuple[str, ...] = ()
    photographs: tuple[str, ...] = ()


class HandoverCountersigned(Body, frozen=True, gc=False, tag="handover_countersigned"):
    """A second person signed the receipt or the destruction (event `signs`)."""

    signs: int
    name: str


class VialsStored(Body, frozen=True, gc=False, tag="vials_stored"):
    """Vials were put into a freezer, or moved to another place in it."""

    vials: tuple[str, ...]
    freezer: str
    position: str = ""


class VialsWithdrawn(Body, frozen=True, gc=False, tag="vials_withdrawn"):
    """Vials were taken out of the freezer for the dose of a day of the event's subject."""

    vials: tuple[str, ...]
    day: int


class VialsThawed(Body, frozen=True, gc=False, tag="vials_thawed"):
    """Thawing began: the time of use runs from then."""

    vials: tuple[str, ...]
    method: str = ""


class DosePrepared(Body, frozen=True, gc=False, tag="dose_prepared"):
    """A dose was made up from thawed vials: what was drawn from each, and what it was filled up with."""

    day: int
    drawn_ml: dict[str, str]
    volume_ml: str
    diluent: str = ""
    diluent_lot: str = ""


class PreparationChecked(Body, frozen=True, gc=False, tag="preparation_checked"):
    """A second person checked the dose as it was made up (event `checks`)."""

    checks: int
    name: str


class VialsUsed(Body, frozen=True, gc=False, tag="vials_used"):
    """The inhalation of a day was started with what these vials held."""

    vials: tuple[str, ...]
    day: int


class VialUseStruck(Body, frozen=True, gc=False, tag="vial_use_struck"):
    """The start or the dose that had used these vials was entered in error: they are as they were, prepared."""

    vials: tuple[str, ...]
    day: int


class VialsReturned(Body, frozen=True, gc=False, tag="vials_returned"):
    """Vials were sent back."""

    vials: tuple[str, ...]
    to: str


class VialsDestroyed(Body, frozen=True, gc=False, tag="vials_destroyed"):
    """Vials were destroyed, in front of somebody who countersigns."""

    vials: tuple[str, ...]
    how: str


class VialsLost(Body, frozen=True, gc=False, tag="vials_lost"):
    """Vials cannot be accounted for, or broke."""

    vials: tuple[str, ...]


class Spell(msgspec.Struct, frozen=True, gc=False):
    """A time outside a limit, from its first to its last moment (seconds since 1970), and the extreme reached, °C."""

    begins: float
    ends: float
    extreme_c: float

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.ends - self.begins


class Summary(msgspec.Struct, frozen=True, omit_defaults=True):
    """A record of readings in short; times in seconds since 1970, temperatures in °C.

    thaws     how often it rose through the melting band; `state` is where it was last seen: frozen, thawed or unknown
    thawed    the times above the band's upper end
    flat      the longest run of lowest readings; `flat_first` and `flat_last` are those at the first and last reading
    """

    readings: int
    first: float
    last: float
    first_c: float
    last_c: float
    min_c: float
    max_c: float
    above: tuple[Spell, ...] = ()
    below: tuple[Spell, ...] = ()
    thawed: tuple[Spell, ...] = ()
    gaps: tuple[Spell, ...] = ()
    thaws: int = 0
    begins_as: str = ""
    state: str = ""
    flat: int = 0
    flat_first: int = 0
    flat_last: int = 0


class Stay(msgspec.Struct, frozen=True):
    """What a record says of vials that were beside the logger for the same time."""

    vials: tuple[str, ...]
    begins: float
    ends: float
    summary: Summary | None


class TemperatureImported(Body, frozen=True, tag="temperature_imported"):
    """The file of a temperature logger was read: what it says of each vial that was beside it.

    place    `transport` or `storage`; `where` is the shipment or the freezer
    digest   the SHA-256 of the file, which is kept
    answers  what a person said that the file does not: zone, unit, order of day and month, sensor
    file     the name under which the file is kept
    left_out  readings that an earlier file had covered
    calibrated_to  the last date of the logger's calibration, or empty where it is not stated
    clock_fast_s   how far the logger's clock was ahead; it is taken off every time in here
    """

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


class VialsJudged(Body, frozen=True, gc=False, tag="vials_judged"):
    """The sponsor decided on vials that a record or a finding had put in quarantine; `up_to` is what was known."""

    vials: tuple[str, ...]
    decision: Literal["use", "reject"]
    up_to: int
    name: str
