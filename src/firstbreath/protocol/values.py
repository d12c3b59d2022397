"""What a protocol folder says, as frozen values. The field texts here are also the published JSON Schema."""

from datetime import time
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Id = Annotated[str, Meta(pattern="^[A-Za-z][A-Za-z0-9_]{0,39}$", description="a letter, then letters, digits or _")]
Text = Annotated[str, Meta(min_length=1, max_length=2000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Amount = Annotated[Decimal, Meta(ge=0)]


class Sourced(msgspec.Struct, frozen=True, kw_only=True):
    """Anything a protocol states: where it comes from, and whether its source is silent on it.

    `silent` marks a value the source does not give: it is this file's own choice, or left out.
    `note` names an assumption or a contradiction in one sentence.
    """

    source: str = ""
    silent: bool = False
    note: str = ""


class TrialFacts(Sourced, frozen=True, kw_only=True):
    """The trial: what it is called, where it is registered, what it asks."""

    id: Id
    title: Text
    registration: str = ""
    phase: str = ""
    design: str = ""
    sponsor: str = ""
    sites: tuple[Text, ...] = ()
    population: str = ""
    objective: str = ""
    subjects_planned: Count | None = None


class Product(Sourced, frozen=True, kw_only=True):
    """The medicine under trial, and how it is kept."""

    id: Id
    name: Text
    maker: str = ""
    active: str = ""
    unit: Text
    storage: str = ""
    transport: str = ""


class Device(Sourced, frozen=True, kw_only=True):
    """What turns the liquid into a mist."""

    name: Text
    kind: str = ""
    maker: str = ""


class Dose(Sourced, frozen=True, kw_only=True):
    """One dosing regimen: how much, in what volume, over how long, on which trial days."""

    id: Id
    amount: Amount
    unit: Text
    volume_ml: Amount | None = None
    minutes: Count | None = None
    at: time | None = None
    days: tuple[int, ...]
    diluent: str = ""
    route: str = "inhalation"


class Arm(Sourced, frozen=True, kw_only=True):
    """A group of subjects given one dosing regimen."""

    id: Id
    label: Text
    dose: Id
    subjects: Count | None = None


class Consent(Sourced, frozen=True, kw_only=True):
    """What makes a consent valid in this trial."""

    version: Text
    given_by: tuple[Text, ...]
    witnesses: Annotated[int, Meta(ge=0, le=5)] = 0
    photographed: bool = False


class Criterion(Sourced, frozen=True, kw_only=True):
    """One eligibility criterion with its published number.

    `rule` says when the criterion's statement is true of a subject. `judged` lets the investigator's
    signed judgement stand where the rule has no values or where there is no rule.
    """

    id: Id
    kind: Literal["inclusion", "exclusion"]
    number: Annotated[int, Meta(ge=1)]
    text: Text
    rule: str = ""
    judged: bool = False


class Derived(Sourced, frozen=True, kw_only=True):
    """A name that stands for a rule over other names, such as `severe`."""

    id: Id
    text: Text
    rule: Text


class Gate(Sourced, frozen=True, kw_only=True):
    """A condition an act must pass.

    `groups` are the sizes of the groups of subjects that are each reviewed before the next group may
    be enrolled; the last size repeats. `rule` is a condition over the subject's values.
    """

    id: Id
    guards: Literal["enrol_subject", "give_dose"]
    text: Text
    groups: tuple[Annotated[int, Meta(ge=1, le=1000)], ...] = ()
    rule: str = ""


class InhalationEvent(Sourced, frozen=True, kw_only=True):
    """An event to look for during and after each inhalation, named before the trial."""

    id: Id
    term: Text


class Outcome(Sourced, frozen=True, kw_only=True):
    """What the trial set out to measure; `measured_by` names the form, or `charter` for the image reading."""

    id: Id
    kind: Literal["primary", "secondary", "exploratory"]
    text: Text
    measured_by: str = ""


class Visit(Sourced, frozen=True, kw_only=True):
    """A column of the schedule: a trial day (day 1 is the first dose) with its window in days."""

    id: Id
    label: Text
    day: int | None = None
    window: tuple[int, int] = (0, 0)
    screening: bool = False


class Schedule(Sourced, frozen=True, kw_only=True):
    """The schedule of activities, drawn as a grid: rows are activities, columns are visits, X marks a due one."""

    grid: Text


FieldType = Literal["integer", "decimal", "text", "choice", "choices", "yesno", "date"]


class Field(Sourced, frozen=True, kw_only=True):
    """One question of a form. `min` and `max` are what is possible at all, both allowed."""

    id: Id
    label: Text
    type: FieldType
    unit: str = ""
    min: Decimal | None = None
    max: Decimal | None = None
    choices: tuple[Text, ...] = ()
    required: bool = False
    sdtm: str = ""


class Form(Sourced, frozen=True, kw_only=True):
    """A set of fields recorded together at a visit; a repeating form has many records in one visit."""

    id: Id
    title: Text
    repeats: bool = False
    fields: tuple[Field, ...]


class Segment(Sourced, frozen=True, kw_only=True):
    """A lung segment that is scored."""

    id: Id
    label: Text
    lobe: Text
    side: Literal["right", "left"]


class Score(Sourced, frozen=True, kw_only=True):
    """A point of the reading score and the lesion size it stands for."""

    points: Annotated[int, Meta(ge=0, le=100)]
    label: Text
    size: Text


class Charter(Sourced, frozen=True, kw_only=True):
    """How images are read: segments, score, readers, and what happens when they differ."""

    modality: Text
    readers: Annotated[int, Meta(ge=1, le=10)]
    agreement: Literal["consensus", "adjudicator", "mean"]
    blinded_to: tuple[Text, ...] = ()
    visits: tuple[Id, ...] = ()
    lesion_forms: tuple[Text, ...] = ()
    lesion_shapes: tuple[Text, ...] = ()
    segments: tuple[Segment, ...]
    scores: tuple[Score, ...]

    @property
    def maximum(self) -> int:
        """The largest total score: every segment at the highest point."""
        return len(self.segments) * max((score.points for score in self.scores), default=0)


class Summary(Sourced, frozen=True, kw_only=True):
    """A number the text of the paper needs: a count or a median with quartiles of one field."""

    id: Id
    label: Text
    statistic: Literal["count", "median_quartiles"]
    field: Id
    where: str = ""
    unit: str = ""


class Column(Sourced, frozen=True, kw_only=True):
    """A column of a listing: one field of a form."""

    field: Id
    label: Text


class Table(Sourced, frozen=True, kw_only=True):
    """A table of the paper: the criteria, one row per subject, or one row per record of a form."""

    id: Id
    title: Text
    kind: Literal["criteria", "subjects", "records"]
    form: str = ""
    columns: tuple[Column, ...] = ()


class Swimmer(Sourced, frozen=True, kw_only=True):
    """A timeline of one lane per subject in days from an origin, drawn from fields that count days."""

    id: Id
    title: Text
    origin: Text
    admission: Id
    first_dose: Id
    oxygen: Id
    oxygen_day: Id
    follow_up_day: Id


class Analysis(Sourced, frozen=True, kw_only=True):
    """What is computed and printed. `quantiles` is the Hyndman-Fan definition, 1 to 9."""

    quantiles: Annotated[int, Meta(ge=1, le=9)] = 6
    summaries: tuple[Summary, ...] = ()
    tables: tuple[Table, ...] = ()
    swimmers: tuple[Swimmer, ...] = ()


class ProtocolFile(msgspec.Struct, frozen=True, kw_only=True):
    """`protocol.toml`: the trial, its product and doses, who may join, what opens each gate, and when."""

    firstbreath: Literal[1]
    trial: TrialFacts
    product: Product
    device: Device | None = None
    doses: tuple[Dose, ...]
    arms: tuple[Arm, ...]
    consent: Consent
    criteria: tuple[Criterion, ...]
    derived: tuple[Derived, ...] = ()
    gates: tuple[Gate, ...] = ()
    inhalation_events: tuple[InhalationEvent, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    visits: tuple[Visit, ...]
    schedule: Schedule


class FormsFile(msgspec.Struct, frozen=True, kw_only=True):
    """`forms.toml`: every form with its fields, types, units, ranges and choices."""

    forms: tuple[Form, ...]


class CharterFile(msgspec.Struct, frozen=True, kw_only=True):
    """`charter.toml`: how images are read."""

    charter: Charter


class AnalysisFile(msgspec.Struct, frozen=True, kw_only=True):
    """`analysis.toml`: what is computed and printed."""

    analysis: Analysis


class Cell(msgspec.Struct, frozen=True):
    """A due activity of the schedule at a visit."""

    activity: str
    visit: str
    required: bool


class Protocol(msgspec.Struct, frozen=True, kw_only=True):
    """The whole protocol folder, checked; `digest` is the SHA-256 of its files, in hexadecimal."""

    digest: str
    design: ProtocolFile
    forms: tuple[Form, ...]
    charter: Charter | None
    analysis: Analysis
    due: tuple[Cell, ...]

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
