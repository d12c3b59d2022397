"""Two copies of a slice without the person: one for the trial's archive, one for a reader who must not know when.

Nothing of the file passes by default. A new dataset is built from the allow-list of `scrub_tags`, each value checked.
Names to know: `scrub_archive`, `scrub_reading`, `render_copy`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from firstbreath.reading.scrub_copy import build_copy, values_of
from firstbreath.reading.scrub_tags import BASIC, FULL_DATES, METHOD, MODIFIED_DATES, OPTIONS

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

Hash = Callable[[str], bytes]
"""A keyed hash of at least 16 bytes, HMAC-SHA-256 with the trial's secret: without the key no UID is found again."""
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,62}[A-Za-z0-9]|[A-Za-z0-9]")


def scrub_archive(dataset: Dataset, *, subject: str, time_point: str, trial: str, number: int, hashed: Hash) -> Dataset:
    """The copy of a slice for the trial's archive: whose by code, at which time point, with the real day of the scan.

    subject, time_point, trial  codes of the trial, at most 64 letters, digits and `. _ / -` or space
    number                      the place of the slice in its series, from 1
    hashed                      the keyed hash that new UIDs are made of; the same key gives the same UIDs

    Raises `ScrubRefused` when the file is no CT image or secondary capture, lacks a UID, or its pixels cannot be
    followed; ValueError for a code that is none.
    Source: PS3.15 Table E.1-1, Basic Profile with Retain Longitudinal Temporal Information Full Dates.
    """
    _check_codes(subject, time_point, trial, number=number)
    scrubbed = build_copy(dataset, reading=False, number=number, remap=lambda uid: _uid(hashed, f"archive:{uid}"))
    _name(scrubbed, subject)
    scrubbed.ClinicalTrialProtocolID = trial
    scrubbed.ClinicalTrialSubjectID = subject
    scrubbed.ClinicalTrialTimePointID = time_point
    dates = _dates_of(dataset)
    _stamp(scrubbed, dates=dates, options={"UNMODIFIED": (FULL_DATES,), "MODIFIED": (MODIFIED_DATES,)}.get(dates, ()))
    return scrubbed


def scrub_reading(dataset: Dataset, *, case: str, number: int, hashed: Hash) -> Dataset:
    """The copy of a slice for a blinded reader: geometry and pixels under a case code, no date, device or time point.

    case    a random code, at most 64 letters, digits and `. _ / -` or space
    number  the place of the slice in its series, from 1
    hashed  as for the archive; UIDs depend on the case too, so a scan read twice is not seen to be the same

    Raises `ScrubRefused` and ValueError as `scrub_archive` does. Source: PS3.15 Table E.1-1, Basic Profile.
    """
    _check_codes(case, number=number)
    scrubbed = build_copy(dataset, reading=True, number=number, remap=lambda uid: _uid(hashed, f"reading:{case}:{uid}"))
    _name(scrubbed, case)
    _stamp(scrubbed, dates="REMOVED", options=())
    return scrubbed


def render_copy(scrubbed: Dataset) -> bytes:
    """The DICOM file of a copy: an empty preamble, its own file meta, the dataset."""
    from io import BytesIO

    from pydicom import dcmwrite

    file = BytesIO()
    dcmwrite(file, scrubbed, enforce_file_format=True)
    return file.getvalue()


def _check_codes(*codes: str, number: int) -> None:
    if not 1 <= number <= 99999:
        msg = f"{number} is no place of a slice: 1 to 99999."
        raise ValueError(msg)
    for code in codes:
        if not CODE.fullmatch(code):
            msg = f"{code[:80]!r} is no code: 1 to 64 letters, digits and . _ / - or space."
            raise ValueError(msg)


def _uid(hashed: Hash, text: str) -> str:
    """A UID under 2.25 (PS3.5 B.2)."""
    digest = hashed(text)
    if len(digest) < 16:
        msg = f"The keyed hash gives {len(digest)} bytes, a UID needs 16. Use HMAC-SHA-256."
        raise ValueError(msg)
    return f"2.25.{int.from_bytes(digest[:16])}"


def _name(scrubbed: Dataset, code: str) -> None:
    scrubbed.PatientName = code
    scrubbed.PatientID = code


def _dates_of(dataset: Dataset) -> str:
    """What is true of the dates: as the file says where it says they were changed before."""
    told = values_of(dataset, "LongitudinalTemporalInformationModified")
    return told[0] if told in (("MODIFIED",), ("REMOVED",)) else "UNMODIFIED"


def _stamp(scrubbed: Dataset, *, dates: str, options: tuple[str, ...]) -> None:
    from pydicom.dataset import Dataset as Empty

    scrubbed.PatientIdentityRemoved = "YES"
    scrubbed.DeidentificationMethod = METHOD
    scrubbed.LongitudinalTemporalInformationModified = dates
    codes = []
    for code in (BASIC, *options):
        codes.append(each := Empty())
        each.CodeValue, each.CodingSchemeDesignator, each.CodeMeaning = code, "DCM", OPTIONS[code]
    scrubbed.DeidentificationMethodCodeSequence = codes
