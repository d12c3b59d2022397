"""A small staffed trial with scans: two readers, three segments, two visits that are read."""

from __future__ import annotations

from typing import Any

from tests.support.small_trial import FILES
from tests.support.staffed_trial import PEOPLE, StaffedTrial

from firstbreath.events import kinds
from firstbreath.events.decisions import Decision
from firstbreath.people.rights import HOLDER
from firstbreath.protocol.values import Charter
from firstbreath.reading.state import Reading, Task

CHARTER = """
[charter]
modality = "chest CT"
readers = 2
agreement = "consensus"
visits = ["screening", "D3"]
lesion_forms = ["ground-glass opacity", "consolidation"]
lesion_shapes = ["patchy", "oval"]
repeats_percent = 25
[[charter.scores]]
points = 0
label = "none"
size = "no opacity"
[[charter.scores]]
points = 1
label = "small"
size = "below 1 cm"
below_mm = 10
[[charter.scores]]
points = 2
label = "large"
size = "1 cm or more"
from_mm = 10
[[charter.segments]]
id = "R1"
label = "apical"
lobe = "right upper"
side = "right"
[[charter.segments]]
id = "R2"
label = "posterior"
lobe = "right upper"
side = "right"
[[charter.segments]]
id = "L3"
label = "anterior"
lobe = "left upper"
side = "left"
"""
GRID = "vital_signs  |     .      X   X   X\n"
READ_FILES = FILES | {
    "protocol.toml": FILES["protocol.toml"].replace(GRID, GRID + "imaging      |     X      .   .   X\n", 1),
    "charter.toml": CHARTER,
}
SEED = "a seed that is long enough to be one"
MORE_READERS = ("remy", "rani")
GGO = ("ground-glass opacity",)


def seen(**points: int | None) -> dict[str, dict[str, Any]]:
    """What was seen in each segment: its points, with a form where there are any; None: not evaluable."""
    return {name: {"points": each, "forms": list(GGO) if each else []} for name, each in points.items()}


class ReadTrial(StaffedTrial):
    """Scans are filed, passed, drawn, read and settled as by the data manager and the readers Rosa and Remy."""

    def __init__(self, *, charter: str = CHARTER, **about: Any) -> None:
        super().__init__(files=READ_FILES | {"charter.toml": charter}, **about)
        for reader in MORE_READERS:
            self.by("ada", {"act": "open_account", "account": reader, "name": reader.title()})
            self.by("ada", {"act": "grant_role", "account": reader, "role": "radiologist"})
            self.by("ada", {"act": "record_training", "account": reader, "topic": "the charter"})
            self.by("ada", {"act": "verify_identity", "account": reader, "how": "passport"})
            self.by(reader, {"act": "accept_terms", "digest": "0" * 64}, role=HOLDER)

    @property
    def reading(self) -> Reading:
        return self.trial.reading

    @property
    def charter(self) -> Charter:
        protocol = self.trial.protocol
        assert protocol
        assert protocol.charter
        return protocol.charter

    def file(self, subject: str = "S1", visit: str = "screening", **changes: Any) -> Decision:
        facts = {"archive": "a" * 64, "slices_file": "b" * 64, "digest": "c" * 64, "slices": 40, "rows": 8}
        facts |= {"columns": 8, "spacing_mm": (8.0, 1.0, 1.0)} | changes
        return self.by("dana", {"act": "file_scan", "subject": subject, "visit": visit, **facts})

    def passed(self, *subjects: str) -> ReadTrial:
        """Both scans of each subject are filed and passed."""
        for subject in subjects:
            self.screen(subject)
            for visit in ("screening", "D3"):
                self.file(subject, visit)
                self.by("dana", {"act": "pass_scan", "scan": f"{subject}.{visit}.1"})
        return self

    def draw(self, *readers: str, seed: str = SEED) -> Decision:
        named = list(readers or ("rosa", "remy"))
        return self.by("dana", {"act": "draw_reading_order", "readers": named, "seed": seed})

    def replace(self, reader: str, by: str, *, seed: str = SEED, reason: str = "moved away") -> Decision:
        asked = {"act": "replace_reader", "reader": reader, "by": by, "seed": seed}
        return self.by("dana", asked, reason=reason)

    def next_task(self, reader: str) -> Task:
        return next(task for task in self.reading.tasks_of(reader) if task.signed is None)

    def sign(self, reader: str, segments: dict[str, Any] | None = None, *, task: str = "", **about: str) -> Decision:
        """The next read of a reader, signed; all clear unless said otherwise."""
        code = task or self.next_task(reader).drawn.task
        wanted = segments if segments is not None else seen(R1=0, R2=0, L3=0)
        return self.by(reader, {"act": "sign_read", "task": code, "segments": wanted}, role="radiologist", **about)

    def read_all(self, reader: str, points: dict[str, dict[str, Any]] | None = None) -> None:
        """Every task of a reader: the entries for a scan by its name, else all clear."""
        while any(task.signed is None for task in self.reading.tasks_of(reader)):
            self.sign(reader, (points or {}).get(self.next_task(reader).drawn.scan))

    def case_of(self, scan: str) -> str:
        return self.reading.scans[scan].case

    def drawn(self) -> kinds.ReadingOrderDrawn:
        body = self.reading.draws[-1].body
        assert isinstance(body, kinds.ReadingOrderDrawn)
        return body


assert PEOPLE["rosa"][0] == "radiologist"
