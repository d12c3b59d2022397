"""What can happen while a subject inhales."""

from firstbreath.events.kinds_base import Body


class InhalationStarted(Body, frozen=True, gc=False, tag="inhalation_started"):
    """The nebuliser was started for the dose of a trial day; amounts are texts as read."""

    day: int
    vial: str = ""
    volume_ml: str = ""
    device: str = ""
    interface: str = ""
    oxygen_l_min: str = ""


class InhalationPaused(Body, frozen=True, gc=False, tag="inhalation_paused"):
    """The inhalation was interrupted for a while."""

    day: int


class InhalationResumed(Body, frozen=True, gc=False, tag="inhalation_resumed"):
    """The inhalation went on."""

    day: int


class InhalationStopped(Body, frozen=True, gc=False, tag="inhalation_stopped"):
    """The nebuliser was stopped for good; what became of the dose is recorded next, when the rest was measured."""

    day: int


class InhalationEventSeen(Body, frozen=True, gc=False, tag="inhalation_event_seen"):
    """An event that the protocol names beforehand was seen during or after the inhalation of a day."""

    day: int
    event: str


class DoseGiven(Body, frozen=True, gc=False, tag="dose_given"):
    """A dose was inhaled to its end: its number for the subject, trial day and amount.

    `residual_ml` is what was left in the cup.
    """

    number: int
    day: int
    amount: str
    unit: str
    volume_ml: str = ""
    minutes: str = ""
    residual_ml: str = ""


class DoseInterrupted(Body, frozen=True, gc=False, tag="dose_interrupted"):
    """A dose was begun and not finished; `given_ml` is what had left the cup, if measured."""

    number: int
    day: int
    amount: str
    unit: str
    given_ml: str = ""
    minutes: str = ""


class DoseMissed(Body, frozen=True, gc=False, tag="dose_missed"):
    """A planned dose was not begun."""

    day: int
