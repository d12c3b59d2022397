"""The trial, its product and doses, who may join, what opens each gate, and when."""

from datetime import time
from typing import Annotated, Literal

from msgspec import Meta

from firstbreath.protocol.values_base import Amount, Count, Drawing, Id, Sourced, Text


class TrialFacts(Sourced, frozen=True, kw_only=True):
    """The trial: what it is called, where it is registered, what it asks.

    `time_zones` names the zone in which days and times of the clinic are told: one for all sites, or one for each in
    the order of `sites`; UTC when empty.
    """

    id: Id
    title: Text
    registration: str = ""
    phase: str = ""
    design: str = ""
    sponsor: str = ""
    sites: tuple[Text, ...] = ()
    time_zones: tuple[Text, ...] = ()
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

    grid: Drawing
