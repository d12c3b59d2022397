"""An archive asked by DICOMweb (PS3.18): find studies, fetch a series, store a report; nothing else leaves here."""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Collection, Iterator
from datetime import date
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from firstbreath.web.reading.archive_address import parse_address
from firstbreath.web.reading.archive_refusals import SETTINGS, ArchiveRefused
from firstbreath.web.reading.archive_search import (
    INSTANCES_TAG,
    SERIES_COUNT_TAG,
    SERIES_TAGS,
    STUDY_TAGS,
    FoundSeries,
    FoundStudy,
    first_value,
    is_meant,
    parse_plain,
    parse_uid,
    read_series,
    read_study,
    render_days,
    values_of,
)
from firstbreath.web.reading.archive_wire import Answer, Limits, Question, Wire, asked
from firstbreath.web.reading.multipart import BrokenParts, boundary_of, join_part, split_parts

JSON = "application/dicom+json"
INSTANCES = 'multipart/related; type="application/dicom"; transfer-syntax=*'
MOST_STUDIES = 100
LIMITS = Limits()
REPORT_CLASS = "1.2.840.10008.5.1.4.1.1.88.33"
FAILED, WHY_FAILED = "00081198", "00081197"


class Archive:
    """A DICOMweb archive that the configuration of this server names. Every failure is an `ArchiveRefused`.

    url            the root of the service, without credentials
    allowed        the hosts that may be contacted, see `parse_address`
    authorization  the header of that name, such as `Bearer ...`; never shown
    plain_http     whether another machine may be asked without encryption
    context        for an archive whose certificate a hospital's own authority signed
    """

    def __init__(
        self,
        url: str,
        *,
        allowed: Collection[str],
        authorization: str = "",
        plain_http: bool = False,
        limits: Limits = LIMITS,
        context: ssl.SSLContext | None = None,
    ) -> None:
        address = parse_address(url, allowed=allowed, plain_http=plain_http)
        if re.search(r"[^ -~]", authorization):
            text = "The archive's credentials hold a character that no header can carry."
            raise ArchiveRefused("DWEB-001", text, "Correct them in the configuration of this server.")
        self._wire = Wire(address, authorization, limits, context)
        self._host = address.shown

    @property
    def host(self) -> str:
        """The host, as pages and the log name it."""
        return self._host

    def find_studies(
        self, *, patient: str = "", accession: str = "", first: date | None = None, last: date | None = None
    ) -> tuple[FoundStudy, ...]:
        """The studies of a patient, of an accession number, of days from `first` to `last`, or of all that is given."""
        query = {
            "PatientID": parse_plain(patient),
            "AccessionNumber": parse_plain(accession),
            "StudyDate": render_days(first, last),
        }
        query = {name: value for name, value in query.items() if value}
        if not query:
            raise ArchiveRefused("DWEB-014", "The search names nothing.", "Name a patient, an accession or days.")
        fields = [("includefield", tag) for tag in (STUDY_TAGS[-1], SERIES_COUNT_TAG)]
        asked_for = [*query.items(), *fields, ("limit", str(MOST_STUDIES + 1))]
        rows = self._listing(f"/studies?{urlencode(asked_for, quote_via=quote)}")
        found = [read_study(row) for row in rows]
        meant = [study for study in found if is_meant(study.patient, patient) and is_meant(study.accession, accession)]
        if len(meant) > MOST_STUDIES:
            text = f"The archive has more than {MOST_STUDIES} studies that fit."
            raise ArchiveRefused("DWEB-012", text, "Narrow the search.")
        return tuple(meant)

    def find_series(self, study: str) -> tuple[FoundSeries, ...]:
        """The series of a study."""
        fields = urlencode([("includefield", tag) for tag in (INSTANCES_TAG, *SERIES_TAGS[-2:])])
        rows = self._listing(f"/studies/{parse_uid(study)}/series?{fields}")
        return tuple(read_series(row) for row in rows)

    def fetch_series(self, study: str, series: str) -> Iterator[tuple[str, bytes]]:
        """Each instance of a series as it comes: its SOP Instance UID, and the DICOM file as the archive keeps it.

        What came before a refusal is not the whole series: keep nothing until the last one is there.
        """
        limits, seen = self._wire.limits, set[str]()
        path = f"/studies/{parse_uid(study)}/series/{parse_uid(series)}"
        with asked(self._wire, Question(path, INSTANCES)) as answer:
            for content in self._parts(answer):
                name = self._name_of(content, study, series)
                if name in seen:
                    raise self._strange(f"sent the instance {name} twice")
                seen.add(name)
                if len(seen) > limits.instances:
                    text = f"The series has more than {limits.instances:,} instances, the limit of this server."
                    raise ArchiveRefused("DWEB-012", text, "Choose another series, or import the scan as a folder.")
                yield name, content
        if not seen:
            raise ArchiveRefused("DWEB-009", f"The archive {self._host} has no such series.", "Search again.")

    def store_report(self, content: bytes) -> str:
        """The SOP Instance UID of a report, once the archive keeps it; anything but a Comprehensive SR is refused."""
        from pydicom import dcmread

        try:
            report = dcmread(BytesIO(content), specific_tags=["SOPClassUID", "SOPInstanceUID"])
            name, kind = str(report.SOPInstanceUID), str(report.SOPClassUID)
        except Exception:
            name = kind = ""
        if kind != REPORT_CLASS:
            text = "What should be stored is no report in DICOM SR."
            raise ArchiveRefused("DWEB-017", text, "Make the report of the read again.")
        boundary = hashlib.sha256(content).hexdigest()
        content_type = f'multipart/related; type="application/dicom"; boundary="{boundary}"'
        question = Question("/studies", JSON, join_part(content, boundary), content_type)
        with asked(self._wire, question) as answer:
            self._check_stored(answer, name)
        return name

    def _listing(self, path: str) -> list[dict[str, Any]]:
        with asked(self._wire, Question(path, f"{JSON}, application/json")) as answer:
            content = answer.whole()
        try:
            rows: list[dict[str, Any]] = msgspec.json.decode(content or b"[]", type=list[dict[str, Any]])
        except msgspec.DecodeError:
            raise self._strange("did not answer with a list in DICOM JSON") from None
        return rows

    def _parts(self, answer: Answer) -> Iterator[bytes]:
        limits, boundary = self._wire.limits, boundary_of(answer.content_type)
        if answer.status != HTTPStatus.OK or not boundary:
            raise self._strange("did not answer with DICOM files")
        try:
            yield from split_parts(answer.pieces(limits.series_bytes), boundary, limit=limits.instance_bytes)
        except BrokenParts as broken:
            if broken.large:
                text = f"An instance is larger than {limits.instance_bytes:,} bytes, the limit of this server."
                raise ArchiveRefused("DWEB-012", text, "Import the scan as a folder.") from None
            text = f"The answer of the archive {self._host} is not whole: {broken}."
            raise ArchiveRefused("DWEB-013", text, "Try again; nothing of it was kept.") from None

    def _name_of(self, content: bytes, study: str, series: str) -> str:
        """The UID of an instance, which must be of the series that was asked for."""
        from pydicom import dcmread

        tags = ["SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"]
        try:
            header = dcmread(BytesIO(content), stop_before_pixels=True, specific_tags=tags)
            name, place = str(header.SOPInstanceUID), (str(header.StudyInstanceUID), str(header.SeriesInstanceUID))
        except Exception:
            raise self._strange("sent something that is no DICOM file") from None
        if place != (study, series):
            text = f"The archive {self._host} sent an instance of another series than was asked for."
            raise ArchiveRefused("DWEB-015", text, "Tell who runs the archive; nothing of it was kept.")
        return name

    def _check_stored(self, answer: Answer, name: str) -> None:
        """That the archive keeps it (PS3.18, 10.5.3)."""
        try:
            told = msgspec.json.decode(answer.whole() or b"{}", type=dict[str, Any])
        except msgspec.DecodeError:
            told = {}
        failed = [row for row in values_of(told, FAILED) if isinstance(row, dict)]
        if answer.status == HTTPStatus.OK and not failed:
            return
        why = f", reason {first_value(failed[0], WHY_FAILED)}" if failed else ""
        text = f"The archive {self._host} did not store the report {name} (status {answer.status}{why})."
        raise ArchiveRefused("DWEB-016", text, "Look whether the archive takes structured reports, and send it again.")

    def _strange(self, what: str) -> ArchiveRefused:
        return ArchiveRefused("DWEB-011", f"The archive {self._host} {what}.", f"Is it DICOMweb? {SETTINGS}")
