"""The health check: whether the study can be read, the site's database be reached, and the disk be written for long."""

import shutil
from pathlib import Path

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from firstbreath.events.record import UnreadableRecord
from firstbreath.events.store import StoreError
from firstbreath.trial.fold import UnfoldableLog
from firstbreath.web.errors import page
from firstbreath.web.moment import read_moment, source_of
from firstbreath.web.source import SiteSource, Unavailable

LOW_DISK_MB = 500


@page(public=True)
def report_health(request: HttpRequest) -> HttpResponse:
    """Whether the site can work, and the head of its log; no value of a patient. 503 when it cannot."""
    try:
        moment = read_moment(request)
    except (StoreError, Unavailable, UnreadableRecord, UnfoldableLog) as broken:
        return JsonResponse({"status": "unavailable", "what": str(broken)}, status=503)
    source = source_of(request)
    told: dict[str, object] = {
        "status": "ok",
        "trial": moment.protocol_label,
        "events": moment.trial.seq,
        "head": moment.head.printed,
    }
    free = free_disk_mb(source)
    if free is not None:
        told |= {"disk_free_mb": free, "status": "ok" if free >= LOW_DISK_MB else "low disk"}
    if source.door is not None and not can_reach_database():
        told |= {"status": "unavailable", "what": "The site's own database cannot be reached: nobody can sign in."}
    return JsonResponse(told, status=503 if told["status"] == "unavailable" else 200)


def free_disk_mb(source: SiteSource) -> int | None:
    """What is free where the files of the study are, or None where it has none."""
    if source.blobs is None:
        return None
    place: Path = source.blobs.folder
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free // 1_000_000


def can_reach_database() -> bool:
    """Whether the database of passwords and sessions answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
