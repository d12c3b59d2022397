"""How images are read, and what is computed and printed."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from firstbreath.protocol.values_base import Count, Id, Sourced, Text

Percent = Annotated[int, Meta(ge=0, le=100)]


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
    from_mm: Count | None = None
    below_mm: Count | None = None
    from_percent: Percent | None = None
    below_percent: Percent | None = None

    def holds(self, longest_mm: Decimal) -> bool:
        """Whether a lesion of that longest axial diameter has this many points by its diameter alone."""
        from_, below = self.from_mm, self.below_mm
        told = from_ is not None or below is not None
        return told and (from_ is None or longest_mm >= from_) and (below is None or longest_mm < below)


class Window(Sourced, frozen=True, kw_only=True):
    """A setting of grey levels, in Hounsfield units."""

    label: Text
    centre: Annotated[int, Meta(ge=-2000, le=4000)]
    width: Annotated[int, Meta(ge=2, le=8000)]


LUNG = Window(label="Lung", centre=-600, width=1500)
MEDIASTINAL = Window(label="Mediastinal", centre=40, width=400)


class Charter(Sourced, frozen=True, kw_only=True):
    """How images are read: segments, score, readers, and what happens when they differ.

    several_lesions  of several lesions in one segment, which counts; `across_segments` where one that crosses counts
    kernels          the reconstructions that are read, the preferred first; empty: whatever was sent
    repeats_percent  the share of scans that each reader is given twice without being told
    apart            how many others lie at least between two scans of one patient in a reader's list
    differs_by       from how many points in a segment on two reads disagree; `differs_in_form` also in form alone
    close_scores     of scores that differ by less than that, which counts
    """

    modality: Text
    readers: Annotated[int, Meta(ge=1, le=10)]
    agreement: Literal["consensus", "adjudicator", "mean"]
    blinded_to: tuple[Text, ...] = ()
    visits: tuple[Id, ...] = ()
    lesion_forms: tuple[Text, ...] = ()
    lesion_shapes: tuple[Text, ...] = ()
    several_lesions: Literal["largest", "sum"] = "largest"
    across_segments: Literal["each", "main"] = "each"
    kernels: tuple[Text, ...] = ()
    windows: tuple[Window, ...] = (LUNG, MEDIASTINAL)
    repeats_percent: Percent = 0
    apart: Annotated[int, Meta(ge=1, le=20)] = 1
    differs_by: Annotated[int, Meta(ge=1, le=100)] = 1
    close_scores: Literal["higher", "lower"] = "higher"
    differs_in_form: bool = False
    segments: tuple[Segment, ...]
    scores: tuple[Score, ...]

    @property
    def maximum(self) -> int:
        """The largest total score: every segment at the highest point."""
        return len(self.segments) * max((score.points for score in self.scores), default=0)

    def points_for(self, longest_mm: Decimal) -> int | None:
        """The points that a diameter suggests: the smallest size class it fits; None where the scale is not in mm."""
        return next((score.points for score in self.scores if score.holds(longest_mm)), None)


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


class Measured(Sourced, frozen=True, kw_only=True):
    """Where each subject's value is found: a field, or with `charter = true` the score of the image reading.

    `visit` names the visit at which it is recorded (every visit when left out), `where` a rule over the fields of the
    same record, and `record` which of the records that fit counts, in the order recorded.
    """

    field: str = ""
    charter: bool = False
    visit: str = ""
    where: str = ""
    record: Literal["first", "last"] = "last"


class Endpoint(Sourced, frozen=True, kw_only=True):
    """A change within each subject, from a value before to a value after; `better` is the direction hoped for.

    `lowest`, `highest` and `step` are the scale, with which missing values are bounded; `test` is the test that the
    plan names, in its own words.
    """

    id: Id
    label: Text
    unit: str = ""
    before: Measured
    after: Measured
    better: Literal["lower", "higher"]
    lowest: Decimal | None = None
    highest: Decimal | None = None
    step: Decimal | None = None
    test: str = ""


class Forest(Sourced, frozen=True, kw_only=True):
    """A figure of event rates: each count among `summaries` with its exact limits."""

    id: Id
    title: Text
    summaries: tuple[Id, ...]


class Analysis(Sourced, frozen=True, kw_only=True):
    """What is computed and printed. `quantiles` is the Hyndman-Fan definition, 1 to 9."""

    quantiles: Annotated[int, Meta(ge=1, le=9)] = 6
    summaries: tuple[Summary, ...] = ()
    tables: tuple[Table, ...] = ()
    swimmers: tuple[Swimmer, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    forests: tuple[Forest, ...] = ()
