"""A staffed trial whose protocol has edit checks and a laboratory form; for tests of what is done with records."""

from __future__ import annotations

from typing import Any

from tests.support.small_trial import FILES
from tests.support.staffed_trial import StaffedTrial

CHECKS = """
[[forms]]
id = "laboratory"
title = "Laboratory"
[[forms.fields]]
id = "wbc"
label = "White blood cells"
type = "decimal"
unit = "10⁹/L"
[[forms.fields]]
id = "lymphocytes"
label = "Lymphocytes"
type = "decimal"
unit = "10⁹/L"
[[forms.fields]]
id = "creatinine"
label = "Creatinine"
type = "decimal"
unit = "μmol/L"
[[checks]]
id = "lymphocytes_within"
form = "laboratory"
rule = "lymphocytes <= wbc"
text = "More lymphocytes than white blood cells."
[[checks]]
id = "saturation_of_the_old"
form = "vital_signs"
rule = "age < 70 or spo2 >= 90"
text = "A low saturation at that age."
"""
GRID = "vital_signs  |     .      X   X   X\n"
CHECKED_FILES = {
    "protocol.toml": FILES["protocol.toml"]
    .replace(GRID, GRID + "laboratory   |     O      X   O   O\n")
    .replace("subjects_planned", 'sites = ["Wuhan", "Other"]\nsubjects_planned'),
    "forms.toml": FILES["forms.toml"] + CHECKS,
}


class CheckedTrial(StaffedTrial):
    """A staffed trial with checks; forms are recorded by the nurse."""

    def __init__(self, *, site: str = "", **about: Any) -> None:
        super().__init__(files=CHECKED_FILES, site=site, **about)

    def record(self, form: str, visit: str, subject: str = "S1", **values: str) -> int:
        """Record a form; the number of its event."""
        self.by("nora", {"act": "record_form", "subject": subject, "form": form, "visit": visit, "values": values})
        return self.last.events[0].seq

    def correct(self, form: str, visit: str, subject: str = "S1", *, reason: str = "misread", **values: str) -> int:
        """Correct a form; the number of its event."""
        command = {"act": "correct_form", "subject": subject, "form": form, "visit": visit, "values": values}
        self.by("nora", command, reason=reason)
        return self.last.events[0].seq

    def sign(self, *seqs: int, account: str = "ines", meaning: str = "approval", subject: str = "S1") -> int:
        """Sign events of these numbers; the number of the signature."""
        self.by(account, {"act": "sign_records", "subject": subject, "seqs": seqs, "meaning": meaning})
        return self.last.events[0].seq

    def ask_about(self, field: str, form: str, visit: str, *, account: str = "dana", subject: str = "S1") -> int:
        """Open a query; its number within the subject."""
        about = {"subject": subject, "form": form, "visit": visit, "field": field, "text": "Is this right?"}
        self.by(account, {"act": "open_query", **about})
        return max(self.trial.subjects.by_code[subject].queries)
