"""What is entered for each act on the product: one form for all, told apart by what they ask for."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from django.http import QueryDict

from firstbreath.events import kinds
from firstbreath.product import commands
from firstbreath.product.codes import split_scanned

Input = Literal["text", "number", "date", "scan", "long", "yes", "whole", "choice", "seen", "photographs"]
TEST_COLUMNS = 6
"""Name, method, specification, result, unit, pass: the columns of a certificate's line."""


class FormField(msgspec.Struct, frozen=True):
    """One input; `hint` stands beside the label, `choices` are those of a choice."""

    name: str
    label: str
    kind: Input = "text"
    hint: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()


class ActForm(msgspec.Struct, frozen=True):
    """The form of one act; `signs` asks for the password, `why` for a reason."""

    title: str
    lede: str
    button: str
    command: type[Any]
    fields: tuple[FormField, ...]
    signs: bool = False
    why: bool = False

    @property
    def photographed(self) -> bool:
        """Whether photographs are sent along."""
        return any(field.kind == "photographs" for field in self.fields)


VIALS = FormField("vials", "Vials", "scan", "scan each label, one a line")

FORMS: Mapping[str, ActForm] = {
    "register_lot": ActForm(
        "Register a lot",
        "As on the certificate of analysis. A count means nothing without its instrument.",
        "Register",
        commands.RegisterLot,
        (
            FormField("lot", "Lot"),
            FormField("maker", "Maker", required=False),
            FormField("vials", "Labels of the vials", "scan", "scan each label, one a line"),
            FormField("content", "Content of one vial", "number", "such as 2.0e8"),
            FormField("counted_with", "Counted with", hint="instrument and settings"),
            FormField("volume_ml", "Volume of one vial", "number", "ml"),
            FormField("expires", "Last date of use", "date"),
            FormField("tests", "Tests", "long", "one a line: name; method; specification; result; unit; pass or fail"),
        ),
    ),
    "sign_lot_release": ActForm(
        "Release a lot",
        "Two people sign. Until then no vial of it is taken.",
        "Sign",
        commands.SignLotRelease,
        (FormField("lot", "Lot"),),
        signs=True,
    ),
    "block_lot": ActForm(
        "Block a lot", "No vial of it is used any more. This stands.", "Block", commands.BlockLot,
        (FormField("lot", "Lot"),), why=True,
    ),
    "pack_shipment": ActForm(
        "Pack a shipment",
        "With a logger, under a seal.",
        "Pack",
        commands.PackShipment,
        (
            FormField("shipment", "Shipment"),
            VIALS,
            FormField("to", "To the site", "choice"),
            FormField("logger", "Logger", hint="its serial number"),
            FormField("seal", "Seal"),
            FormField("shipper", "Shipper", hint="its serial number", required=False),
            FormField("dry_ice_kg", "Dry ice", "number", "kg", required=False),
        ),
    ),
    "send_shipment": ActForm(
        "Hand to the carrier", "From now on it is in transit.", "Send", commands.SendShipment,
        (FormField("shipment", "Shipment"), FormField("carrier", "Carrier", required=False)),
    ),
    "receive_shipment": ActForm(
        "Receive a shipment",
        "Look at the seal and at every vial. What is not as it should be is set apart.",
        "Receive",
        commands.ReceiveShipment,
        (
            FormField("shipment", "Shipment"),
            FormField("seal", "Seal, as read"),
            FormField("seal_intact", "The seal is intact", "yes", required=False),
            FormField("dry_ice_kg", "Dry ice left", "number", "kg", required=False),
            FormField("unfit", "Vials that are broken, wet or unreadable", "scan", "none: leave empty", required=False),
            FormField(
                "photographs", "Photographs", "photographs", "JPEG or PNG, at most 6, 10 MB each", required=False
            ),
        ),
    ),
    "countersign_handover": ActForm(
        "Countersign", "You saw it too. Whoever signed first cannot sign twice.", "Sign",
        commands.CountersignHandover, (FormField("signs", "Event", "whole"),), signs=True,
    ),
    "store_vials": ActForm(
        "Store vials", "Where every vial is, always.", "Store", commands.StoreVials,
        (VIALS, FormField("freezer", "Freezer"), FormField("position", "Place in it", required=False)),
    ),
    "withdraw_vials": ActForm(
        "Take vials out",
        "For one dose of one patient.",
        "Take out",
        commands.WithdrawVials,
        (FormField("subject", "Subject"), FormField("day", "Day of the dose", "whole"), VIALS),
    ),
    "thaw_vials": ActForm(
        "Thaw", "The time of use runs from now.", "Thaw", commands.ThawVials,
        (VIALS, FormField("method", "How", required=False)),
    ),
    "check_preparation": ActForm(
        "Check the dose", "Vials, volumes, diluent, patient, day.", "Sign", commands.CheckPreparation,
        (FormField("checks", "Event", "whole"),), signs=True,
    ),
    "return_vials": ActForm(
        "Return vials", "They leave the site.", "Return", commands.ReturnVials,
        (VIALS, FormField("to", "To whom")), why=True,
    ),
    "destroy_vials": ActForm(
        "Destroy vials", "In front of somebody who countersigns.", "Destroy", commands.DestroyVials,
        (VIALS, FormField("how", "How")), why=True,
    ),
    "lose_vials": ActForm(
        "Broken or missing", "A vial that cannot be accounted for is said to be lost.", "Record", commands.LoseVials,
        (VIALS,), why=True,
    ),
    "judge_vials": ActForm(
        "Decide on vials in quarantine",
        "On everything known until now. A rejection stands.",
        "Sign",
        commands.JudgeVials,
        (VIALS, FormField("decision", "Decision", "choice", choices=("use", "reject")), FormField("up_to", "", "seen")),
        signs=True,
        why=True,
    ),
}  # fmt: skip
"""The form of each act, by its name."""


def arguments_of(form: ActForm, sent: QueryDict, photographs: tuple[str, ...] = ()) -> dict[str, Any]:
    """What was entered, as the command takes it; `photographs` are the names of those that are kept."""
    entered = {field.name: _value(field, sent.get(field.name, "").strip()) for field in form.fields}
    return entered | ({"photographs": photographs} if form.photographed else {})


def _value(field: FormField, text: str) -> Any:
    match field.kind:
        case "scan":
            return split_scanned(text[:20_000])
        case "yes":
            return text == "yes"
        case "whole" | "seen":
            return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
        case "long":
            return parse_tests(text[:50_000])
    return text[:500]


def parse_tests(text: str) -> tuple[kinds.CertificateTest, ...]:
    """The tests of a certificate, one a line: name; method; specification; result; unit; pass or fail.

    A line with other than six parts, or without a verdict, is kept with what is lacking empty: the door says what.
    """
    return tuple(_test(line) for line in text.splitlines() if line.strip())


def _test(line: str) -> kinds.CertificateTest:
    parts = [part.strip() for part in line.split("\t" if "\t" in line else ";")]
    whole = len(parts) == TEST_COLUMNS and parts[-1].lower() in ("pass", "fail")
    name, method, specification, result, unit, verdict = parts if whole else [parts[0], "", "", "", "", ""]
    return kinds.CertificateTest(name, method, specification, result, passed=verdict.lower() == "pass", unit=unit)
