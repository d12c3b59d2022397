"""What is searched for in an archive, and what is found, in DICOM JSON (PS3.18, annex F)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from firstbreath.web.reading.archive_refusals import ArchiveRefused

STUDY_UID, SERIES_UID = "0020000D", "0020000E"
STUDY_TAGS = (STUDY_UID, "00100020", "00080050", "00080020", "00081030")
SERIES_TAGS = (SERIES_UID, "00080060", "0008103E", "00181210")
SERIES_COUNT_TAG, INSTANCES_TAG = "00201206", "00201209"


class FoundStudy(msgspec.Struct, frozen=True):
    """A study in an archive. It names a patient: for who imports scans, never for a reader.

    series  how many it has, None where the archive does not say
    """

    uid: str
    patient: str
    accession: str
    day: str
    description: str
    series: int | None = None


class FoundSeries(msgspec.Struct, frozen=True):
    """A series of a study; `instances` is None, `kernel` empty where the archive does not say."""

    uid: str
    modality: str
    description: str
    kernel: str
    instances: int | None


def parse_plain(text: str) -> str:
    """A value to search for, in which nothing stands for anything else."""
    if re.search(r"[*?\\]|[^ -~]", text) or len(text) > 64:
        message = "A patient or accession number of a search must be whole: at most 64 plain characters, no * or ?."
        raise ArchiveRefused("DWEB-014", message, "Write it as the archive shows it.")
    return text.strip()


def render_days(first: date | None, last: date | None) -> str:
    """A range of days as a search states it, open where one is not given."""
    ends = [f"{day:%Y%m%d}" if day else "" for day in (first, last)]
    return "-".join(ends) if any(ends) else ""


def parse_uid(uid: str) -> str:
    """A UID, which may stand in an address."""
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)*", uid) or len(uid) > 64:
        raise ArchiveRefused("DWEB-014", "A study or series is named by no UID.", "Take it from a search.")
    return uid


def is_meant(found: str, asked_for: str) -> bool:
    """Archives ignore a filter that they do not know; what was not asked for is left out."""
    return not asked_for.strip() or found.strip().casefold() == asked_for.strip().casefold()


def first_value(row: Mapping[str, Any], tag: str) -> str:
    """The first value of a tag as text, empty where it has none."""
    values = values_of(row, tag)
    return str(values[0]) if values and isinstance(values[0], str | int) else ""


def values_of(row: Mapping[str, Any], tag: str) -> list[Any]:
    """The values of a tag in DICOM JSON, whatever an archive wrote there."""
    element = row.get(tag)
    values = element.get("Value") if isinstance(element, dict) else None
    return values if isinstance(values, list) else []


def read_study(row: Mapping[str, Any]) -> FoundStudy:
    """A study of a list."""
    uid, patient, accession, day, description = (first_value(row, tag) for tag in STUDY_TAGS)
    return FoundStudy(uid, patient, accession, day, description, _count(row, SERIES_COUNT_TAG))


def read_series(row: Mapping[str, Any]) -> FoundSeries:
    """A series of a list."""
    uid, modality, description, kernel = (first_value(row, tag) for tag in SERIES_TAGS)
    return FoundSeries(uid, modality, description, kernel, _count(row, INSTANCES_TAG))


def _count(row: Mapping[str, Any], tag: str) -> int | None:
    told = first_value(row, tag)
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else None
