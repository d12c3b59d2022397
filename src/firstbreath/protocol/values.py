"""What a protocol folder says, as frozen values: the four files and the whole."""

from typing import Literal

import msgspec

from firstbreath.protocol.values_base import (
    Amount,
    Count,
    Id,
    Sdtm,
    Sourced,
    Text,
)
from firstbreath.protocol.values_design import (
    Arm,
    Consent,
    Criterion,
    Derived,
    Device,
    Dose,
    Gate,
    InhalationEvent,
    Outcome,
    Product,
    Schedule,
    TrialFacts,
    Visit,
)
from firstbreath.protocol.values_forms import (
    Check,
    Field,
    FieldType,
    Form,
)
from firstbreath.protocol.values_inhalation import Inhalation, Limit, StoppingRule, TimePoint
from firstbreath.protocol.values_product import ColdChain
from firstbreath.protocol.values_reading import (
    Analysis,
    Charter,
    Column,
    Endpoint,
    Forest,
    Measured,
    Score,
    Segment,
    Summary,
    Swimmer,
    Table,
)
from firstbreath.protocol.values_words import LANGUAGES, FieldWords, Words, WordsFile

__all__ = [
    "LANGUAGES",
    "Amount",
    "Analysis",
    "AnalysisFile",
    "Arm",
    "Cell",
    "Charter",
    "CharterFile",
    "Check",
    "ColdChain",
    "Column",
    "Consent",
    "Count",
    "Criterion",
    "Derived",
    "Device",
    "Dose",
    "Endpoint",
    "Field",
    "FieldType",
    "FieldWords",
    "Forest",
    "Form",
    "FormsFile",
    "Gate",
    "Id",
    "Inhalation",
    "InhalationEvent",
    "Limit",
    "Measured",
    "Outcome",
    "Product",
    "Protocol",
    "ProtocolFile",
    "Schedule",
    "Score",
    "Sdtm",
    "Segment",
    "Sourced",
    "StoppingRule",
    "Summary",
    "Swimmer",
    "Table",
    "Text",
    "TimePoint",
    "TrialFacts",
    "Visit",
    "Words",
    "WordsFile",
]


class ProtocolFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`protocol.toml`: the trial, its product and doses, who may join, what opens each gate, and when."""

    firstbreath: Literal[1]
    trial: TrialFacts
    product: Product
    cold_chain: ColdChain | None = None
    device: Device | None = None
    doses: tuple[Dose, ...]
    arms: tuple[Arm, ...]
    consent: Consent
    criteria: tuple[Criterion, ...]
    derived: tuple[Derived, ...] = ()
    gates: tuple[Gate, ...] = ()
    inhalation: Inhalation | None = None
    inhalation_events: tuple[InhalationEvent, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    visits: tuple[Visit, ...]
    schedule: Schedule


class FormsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`forms.toml`: every form with its fields, types, units, ranges and choices, and checks of the values."""

    forms: tuple[Form, ...]
    checks: tuple[Check, ...] = ()


class CharterFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`charter.toml`: how images are read."""

    charter: Charter


class AnalysisFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`analysis.toml`: what is computed and printed."""

    analysis: Analysis


class Cell(msgspec.Struct, frozen=True):
    """A due activity of the schedule at a visit."""

    activity: str
    visit: str
    required: bool


class Protocol(msgspec.Struct, frozen=True, kw_only=True):
    """The whole protocol folder, checked; `digest` is the SHA-256 of its files, in hexadecimal.

    `words` holds what is shown in other languages, by language.
    """

    digest: str
    design: ProtocolFile
    forms: tuple[Form, ...]
    charter: Charter | None
    analysis: Analysis
    due: tuple[Cell, ...]
    words: dict[str, WordsFile] = {}
    checks: tuple[Check, ...] = ()

    def form(self, form_id: str) -> Form | None:
        """The form of that id."""
        return next((form for form in self.forms if form.id == form_id), None)

    def field(self, field_id: str) -> Field | None:
        """The field of that id; field ids are unique across forms."""
        return next((field for form in self.forms for field in form.fields if field.id == field_id), None)

    def visit(self, visit_id: str) -> Visit | None:
        """The visit of that id."""
        return next((visit for visit in self.design.visits if visit.id == visit_id), None)

    def dose_of(self, arm_id: str) -> Dose | None:
        """The dosing regimen of an arm."""
        arm = next((arm for arm in self.design.arms if arm.id == arm_id), None)
        return next((dose for dose in self.design.doses if arm and dose.id == arm.dose), None)
