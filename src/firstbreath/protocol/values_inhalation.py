"""What is watched while a subject inhales, when to stop, and how much the dose may differ from the plan."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from firstbreath.protocol.values_base import Count, Id, Sourced, Text

Minutes = Annotated[int, Meta(ge=-1440, le=1440)]


class TimePoint(Sourced, frozen=True, kw_only=True):
    """When vital signs are due: a window in minutes from the start or the stop, both ends included.

    `choice` is what the form's field `Inhalation.told_by` says of a record taken then.
    """

    id: Id
    label: Text
    choice: Text
    after: Literal["start", "stop"]
    first_minute: Minutes
    last_minute: Minutes


class Limit(Sourced, frozen=True, kw_only=True):
    """What a vital sign stays within while nobody worries; both limits are still within."""

    field: Id
    low: Decimal | None = None
    high: Decimal | None = None


class StoppingRule(Sourced, frozen=True, kw_only=True):
    """When an inhalation is stopped: a rule over the latest vital signs and their changes, and what to do then.

    `NAME_change` stands for the latest value of `NAME` less the one taken before.
    """

    id: Id
    rule: Text
    text: Text
    do: Text


class Inhalation(Sourced, frozen=True, kw_only=True):
    """How an inhalation is watched. Tolerances are differences that are no departure from the plan yet."""

    form: Id
    told_by: Id
    before: Id
    time_points: tuple[TimePoint, ...]
    limits: tuple[Limit, ...] = ()
    stopping_rules: tuple[StoppingRule, ...] = ()
    interfaces: tuple[Text, ...] = ()
    pause_reasons: tuple[Text, ...] = ()
    oxygen_from_l_min: Decimal | None = None
    oxygen_to_l_min: Decimal | None = None
    volume_tolerance_ml: Decimal | None = None
    minutes_tolerance: Count = 0
    max_residual_ml: Decimal | None = None

    def point(self, point_id: str) -> TimePoint | None:
        """The time point of that id."""
        return next((point for point in self.time_points if point.id == point_id), None)
