"""What the views of the reading room ask first: the charter, the task or case of a reader, a scan of a site in view."""

from functools import lru_cache

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from firstbreath.events.blobs import FileBlobs
from firstbreath.protocol.values import Charter
from firstbreath.reading.state import Scan, Task
from firstbreath.reading.stored import StoredScan, decode_stored
from firstbreath.web.errors import guard_site
from firstbreath.web.frame import Absent
from firstbreath.web.headers import policy
from firstbreath.web.identity import identity_of
from firstbreath.web.moment import Moment, source_of
from firstbreath.web.source import Unavailable

POLICY = policy(connect_src="'self'")
"""The viewer fetches slices, and a page in steps its lines, from this site and from nowhere else."""
READER = "radiologist"


def charter_of(moment: Moment) -> Charter:
    """The charter in force.

    Raises `Absent` without one.
    """
    protocol = moment.trial.protocol
    if protocol is None or protocol.charter is None:
        raise Absent(moment, "The protocol has no charter of image reading.")
    return protocol.charter


def reader_of(request: HttpRequest) -> str:
    """The account of the reader who asks.

    Raises `PermissionDenied` for somebody who has another role: they are not blind.
    """
    identity = identity_of(request)
    if identity is None or {*identity.roles} != {READER} or identity.account.held != {READER}:
        msg = "You have or had another role in this trial, so you are not blind to what you would read."
        raise PermissionDenied(msg)
    return identity.account.id


def task_of(request: HttpRequest, moment: Moment, code: str) -> Task:
    """The task of that code in the list of whoever asks.

    Raises `Absent` for any other, whether there is one or not.
    """
    task = moment.now.reading.tasks.get(code)
    if task is None or task.drawn.reader != reader_of(request) or not moment.now.reading.counts(task):
        raise Absent(moment, f"There is no task {code[:20]} in your list.")
    return task


def turn_of(request: HttpRequest, moment: Moment, code: str) -> Task:
    """The task whose turn it is, with its images: none before the one before is signed, none again afterwards.

    Raises `Absent` for any other.
    """
    task, reading = task_of(request, moment, code), moment.now.reading
    if task.signed is None:
        first = next(each for each in reading.tasks_of(task.drawn.reader) if each.signed is None)
        if first.drawn.task == code:
            return task
    elif reading.is_read(scan_of_task(moment, task)):
        return task
    raise Absent(moment, "Scans are opened one after the other; a signed one is closed until all are signed.")


def scan_of_task(moment: Moment, task: Task) -> Scan:
    """The scan that a task is about."""
    return moment.now.reading.scans[task.drawn.scan]


def find_scan(request: HttpRequest, moment: Moment, name: str) -> Scan:
    """The scan of that name, of a site in view.

    Raises `Absent` when there is none, `PermissionDenied` when it is of another site.
    """
    scan = moment.trial.reading.scans.get(name)
    subject = moment.trial.subjects.get(scan.subject) if scan else None
    if scan is None or subject is None:
        raise Absent(moment, f"There is no scan {name[:60]}.")
    guard_site(request, subject.site)
    return scan


def blobs_of(request: HttpRequest) -> FileBlobs:
    """Where scans are kept.

    Raises `Unavailable` where this site keeps no files.
    """
    blobs = source_of(request).blobs
    if blobs is None:
        raise Unavailable("This site keeps no files.", "Ask whoever runs it.")
    return blobs


def stored_of(request: HttpRequest, scan: Scan) -> StoredScan:
    """Where the slices of a scan are.

    Raises `StoreError` when the file is missing, changed, or its key was destroyed.
    """
    return _stored(blobs_of(request), scan.subject, scan.body.slices_file)


@lru_cache(maxsize=64)
def _stored(blobs: FileBlobs, subject: str, name: str) -> StoredScan:
    return decode_stored(blobs.get(subject, name))
