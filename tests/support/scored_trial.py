"""The small trial with a score before and after the course and an event asked for: its protocol, and seven subjects."""

from __future__ import annotations

from collections.abc import Sequence

from tests.support.small_trial import FILES, SmallTrial

from firstbreath.events.heads import sign_head
from firstbreath.paper.document import Paper, compose_paper

BEFORE = ("39", "48", "50", "51", "61", "63", "79")
AFTER = ("21", "29", "37", "40", "47", "49", "63")
"""All seven fall; unpaired they give 192/3432 = 0.0559, paired 2/128."""

FORMS = """
[[forms]]
id = "scan"
title = "Scan"
repeats = true
[[forms.fields]]
id = "score"
label = "Score"
type = "decimal"
unit = "points"
min = 0
max = 90
[[forms.fields]]
id = "time"
label = "Before or after the inhalation"
type = "choice"
choices = ["Before", "After"]
[[forms]]
id = "events"
title = "Adverse events"
[[forms.fields]]
id = "fever"
label = "Fever"
type = "yesno"
[[forms.fields]]
id = "cough"
label = "Cough"
type = "yesno"
[[forms]]
id = "walk"
title = "Walk"
repeats = true
[[forms.fields]]
id = "metres_before"
label = "Metres before"
type = "integer"
[[forms.fields]]
id = "metres_after"
label = "Metres after"
type = "integer"
"""

SCORE = """
[[analysis.endpoints]]
id = "score"
label = "Scan score"
unit = "points"
before = { field = "score", visit = "screening" }
after = { field = "score", visit = "D3" }
better = "lower"
lowest = 0
highest = 90
step = 1
test = "Wilcoxon signed-rank test"
"""

RATES = """
[[analysis.summaries]]
id = "fever"
label = "Fever"
statistic = "count"
field = "fever"
where = "fever"
[[analysis.summaries]]
id = "cough"
label = "Cough & <hoarseness>"
statistic = "count"
field = "cough"
where = "cough"
[[analysis.forests]]
id = "F3"
title = "Adverse events"
summaries = ["fever", "cough"]
"""


def files_with(analysis: str) -> dict[str, str]:
    """The files of the small trial with the forms above and an analysis."""
    visits = "\nscan |     X      O   O   X\nevents |   .   O   O   X\nwalk |   .   O   O   O\nvital_signs"
    return FILES | {
        "protocol.toml": FILES["protocol.toml"]
        .replace("\nvital_signs", visits)
        .replace("planned = 4", "planned = 200"),
        "forms.toml": FILES["forms.toml"] + FORMS,
        "analysis.toml": f"[analysis]\n{analysis}",
    }


def enrol(small: SmallTrial, code: str) -> None:
    """A subject screened, consenting, enrolled and reviewed, so that the next may follow."""
    small.ready(code).enrol(code)
    small.review(code)


def scan(small: SmallTrial, code: str, visit: str, score: str, *, repeat: int = 1, **values: str) -> None:
    """A scan with its score."""
    entered = {"score": score, **values}
    small.act("record_form", code, form="scan", visit=visit, values=entered, repeat=repeat)


def scored_trial(
    before: Sequence[str] = BEFORE, after: Sequence[str] = AFTER, *, analysis: str = SCORE + RATES
) -> SmallTrial:
    """Subjects S1, S2 and so on with these scores; an empty text where there was no scan."""
    small = SmallTrial(files=files_with(analysis))
    for n, scores in enumerate(zip(before, after, strict=True), 1):
        enrol(small, f"S{n}")
        for visit, score in zip(("screening", "D3"), scores, strict=True):
            if score:
                scan(small, f"S{n}", visit, score)
        events = {"fever": "yes" if n == 1 else "no", "cough": "no"}
        small.act("record_form", f"S{n}", form="events", visit="D3", values=events)
    return small


def paper_of(small: SmallTrial) -> Paper:
    """The paper of a trial as it stands."""
    events = [(event, bytes(32)) for event in small.door.history.events]
    head = sign_head(bytes(32), small.door.head)
    return compose_paper(small.trial, events, head=head, version="0")
