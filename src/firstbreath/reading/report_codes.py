"""The codes of a report: standard ones where DICOM or its tables have them, else the trial's own scheme.

Standard codes are those of DICOM PS3.16 as pydicom's tables hold them. Six are not in those tables: four lobes by the
value sets of HL7 Lithuania (ig-lt-lung) and NZHTS, consolidation by HL7 FHIR's examples of body structures, CT of the
chest by SNOMED CT. SNOMED's codes of the other segments need a licence, so a segment has the trial's own.
"""

import hashlib
import re
from typing import NamedTuple

SCHEME_CHARACTERS = VALUE_CHARACTERS = 16
MEANING_CHARACTERS = 64


class Coded(NamedTuple):
    """A code, the scheme that defines it, and what it means."""

    value: str
    scheme: str
    meaning: str


LOBES = {
    "right upper": Coded("42400003", "SCT", "Upper lobe of right lung"),
    "right middle": Coded("72481006", "SCT", "Middle lobe of right lung"),
    "right lower": Coded("266005", "SCT", "Lower lobe of right lung"),
    "left upper": Coded("44714003", "SCT", "Upper lobe of left lung"),
    "lingula": Coded("50837003", "SCT", "Lingula of lung"),
    "left lower": Coded("41224006", "SCT", "Lower lobe of left lung"),
}
SEGMENTS = {
    ("right upper", "posterior"): Coded("3236000", "SCT", "Posterior segment of right upper lobe"),
    ("right upper", "anterior"): Coded("39743006", "SCT", "Anterior segment of right upper lobe"),
    ("left upper", "anterior"): Coded("22270008", "SCT", "Anterior segment of left upper lobe"),
}
"""DICOM CID 6127, Segment Location in Lung, holds these three only."""
SIDES = {"right": Coded("24028007", "SCT", "Right"), "left": Coded("7771000", "SCT", "Left")}
FORMS = {
    "ground-glass opacity": Coded("112120", "DCM", "Ground glass opacity"),
    "consolidation": Coded("9656002", "SCT", "Consolidation"),
}
SHAPES = {"oval": Coded("84360004", "SCT", "Ovoid shape")}

LUNG = Coded("39607008", "SCT", "Lung")
FORM = Coded("116676008", "SCT", "Associated morphology")
SHAPE = Coded("300842002", "SCT", "Shape")
LONG_AXIS = Coded("103339001", "SCT", "Long axis")
LENGTH = Coded("410668003", "SCT", "Length")
TOTAL = Coded("255619001", "SCT", "Total")
CHEST_CT = Coded("169069000", "SCT", "Computed tomography of chest")
SUBJECT_ID = Coded("121030", "DCM", "Subject ID")
READER = Coded("C28747", "NCIt", "Reader")
ADJUDICATOR = Coded("C96561", "NCIt", "Adjudicator")
POINTS = Coded("{score}", "UCUM", "score")
MM = Coded("mm", "UCUM", "millimeter")


class TrialCodes(NamedTuple):
    """The trial's own scheme, 99 and its name, and the concepts it defines."""

    scheme: str

    @classmethod
    def of(cls, trial: str) -> "TrialCodes":
        """The scheme of a trial."""
        name = re.sub(r"[^A-Z0-9]", "", trial.upper()) or "TRIAL"
        return cls(_short("99" + name, SCHEME_CHARACTERS))

    def code(self, value: str, meaning: str) -> Coded:
        """A code of this scheme."""
        return Coded(value, self.scheme, meaning[:MEANING_CHARACTERS])

    def word(self, text: str) -> Coded:
        """The code of a word of the charter, made from its letters."""
        value = re.sub(r"[^A-Z0-9]+", "_", text.upper()).strip("_")
        plain = value and text.isascii()
        return self.code(_short(value, VALUE_CHARACTERS) if plain else _digest(text), text)

    def segment(self, name: str, lobe: str, label: str) -> Coded:
        """The code of a segment: RS1 for R1, LS1_2 for L1_2."""
        usual = re.fullmatch(r"([RL])(\d+(?:_\d+)?)", name)
        value = f"{usual[1]}S{usual[2]}" if usual else self.word(name).value
        return self.code(value, f"{lobe}: {label}")

    @property
    def score(self) -> Coded:
        """The points of a segment."""
        return self.code("SCORE", "Segment score")

    @property
    def total(self) -> Coded:
        """The sum of all segments."""
        return self.code("TOTAL", "Total score")

    @property
    def evaluability(self) -> Coded:
        """Whether a segment can be evaluated, which is only written where it cannot."""
        return self.code("EVALUABILITY", "Evaluability")

    @property
    def not_evaluable(self) -> Coded:
        """The answer that it cannot."""
        return self.code("NOT_EVALUABLE", "Not evaluable")

    @property
    def head(self) -> Coded:
        """The hash of the trial's record."""
        return self.code("RECORD_HEAD", "Hash of the head of the trial's record")


def _short(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"{text[: characters - 7]}_{_digest(text)[:6]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:VALUE_CHARACTERS].upper()
