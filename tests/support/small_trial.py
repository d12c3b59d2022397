"""A trial small enough to read: two criteria, three dose days, a review after each subject."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from firstbreath.events.decisions import Allowed, Decision, Refused, Unknown
from firstbreath.events.store import MemoryStore, Store
from firstbreath.trial.commands import AdoptProtocol, AnyCommand
from firstbreath.trial.door import Answer, Door, Request
from firstbreath.trial.state import Trial

PROTOCOL = """
firstbreath = 1
[trial]
id = "SMALL"
title = "A small trial of an inhaled mist"
subjects_planned = 4
[product]
id = "mist"
name = "Mist"
unit = "vesicles"
[[doses]]
id = "daily"
amount = 2.0e8
unit = "vesicles"
volume_ml = 6
days = [1, 2, 3]
[[arms]]
id = "A"
label = "Mist once a day"
dose = "daily"
[consent]
version = "1.0"
given_by = ["patient", "surrogate"]
witnesses = 2
[[criteria]]
id = "I1"
kind = "inclusion"
number = 1
text = "Aged 18 to 75 years."
rule = "18 <= age <= 75"
[[criteria]]
id = "E1"
kind = "exclusion"
number = 1
text = "Severe allergy."
rule = "severe_allergy"
judged = true
[[gates]]
id = "G1"
guards = "enrol_subject"
text = "The next subject waits for the review of the one before."
groups = [1]
[[gates]]
id = "G2"
guards = "give_dose"
text = "The skin test comes before the first dose."
rule = "skin_test_done"
[[visits]]
id = "screening"
label = "Screening"
day = 0
screening = true
[[visits]]
id = "D1"
label = "Day 1"
day = 1
[[visits]]
id = "D2"
label = "Day 2"
day = 2
[[visits]]
id = "D3"
label = "Day 3"
day = 3
[schedule]
grid = '''
             | screening  D1  D2  D3
demographics |     X      .   .   .
inhalation   |     .      X   X   X
vital_signs  |     .      X   X   X
'''
"""

FORMS = """
[[forms]]
id = "demographics"
title = "Demographics"
[[forms.fields]]
id = "age"
label = "Age"
type = "integer"
unit = "years"
min = 0
max = 120
required = true
[[forms.fields]]
id = "severe_allergy"
label = "Severe allergy"
type = "yesno"
[[forms]]
id = "skin_test"
title = "Skin test"
[[forms.fields]]
id = "skin_test_done"
label = "Skin test done"
type = "yesno"
[[forms]]
id = "vital_signs"
title = "Vital signs"
repeats = true
[[forms.fields]]
id = "spo2"
label = "Oxygen saturation"
type = "integer"
unit = "%"
min = 0
max = 100
"""

FILES = {"protocol.toml": PROTOCOL, "forms.toml": FORMS}
START = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)


class Clock:
    """A clock that moves a minute each time it is asked."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


class SmallTrial:
    """The door to a small trial that has begun; acts are named as a nurse would name them."""

    def __init__(self, store: Store | None = None, *, files: dict[str, str] | None = None) -> None:
        self.door = Door(store or MemoryStore(), Clock())
        self.last: Answer
        if self.door.history.now.seq == 0:
            self.ask(AdoptProtocol(files=files or FILES))

    @property
    def trial(self) -> Trial:
        return self.door.history.now

    def ask(self, command: AnyCommand, **about: str) -> Decision:
        request = Request(command=command, **({"actor": "A. Nurse", "role": "nurse"} | about))
        self.last = self.door.act(request)
        return self.last.decision

    def act(self, act: str, subject: str = "S1", *, reason: str = "", **arguments: Any) -> Decision:
        """Any command by its name, with the subject and the arguments given."""
        named = {} if act == "record_review" else {"subject": subject}
        return self.ask(msgspec.convert({"act": act, **named, **arguments}, AnyCommand), reason=reason)

    def screen(self, subject: str = "S1", *, age: str = "50", allergy: str = "no") -> Decision:
        self.act("open_screening", subject)
        values = {"age": age, "severe_allergy": allergy}
        return self.act("record_form", subject, form="demographics", visit="screening", values=values)

    def consent(self, subject: str = "S1", **changes: Any) -> Decision:
        arguments = {"version": "1.0", "given_by": "patient", "witnesses": ("W1", "W2")} | changes
        return self.act("sign_consent", subject, **arguments)

    def enrol(self, subject: str = "S1") -> Decision:
        return self.act("enrol_subject", subject, arm="A")

    def skin_test(self, subject: str = "S1") -> Decision:
        return self.act("record_form", subject, form="skin_test", visit="D1", values={"skin_test_done": "yes"})

    def dose(self, day: int, subject: str = "S1", amount: str = "2.0e8") -> Decision:
        return self.act("give_dose", subject, day=day, amount=amount)

    def review(self, *subjects: str, says: str = "continue") -> Decision:
        return self.act("record_review", subjects=subjects or ("S1",), recommendation=says, up_to=self.trial.seq)

    def ready(self, subject: str = "S1") -> SmallTrial:
        """Screened, eligible and consenting."""
        self.screen(subject)
        self.consent(subject)
        return self

    def enrolled(self, subject: str = "S1") -> SmallTrial:
        """Enrolled, with the skin test done."""
        self.ready(subject).enrol(subject)
        self.skin_test(subject)
        return self


def is_allowed(decision: Decision) -> bool:
    return isinstance(decision, Allowed)


def codes(decision: Decision) -> list[str]:
    """The codes of a refusal, or of what is missing; empty when allowed."""
    if isinstance(decision, Refused):
        return [reason.code for reason in decision.reasons]
    return [reason.code for reason in decision.missing] if isinstance(decision, Unknown) else []
