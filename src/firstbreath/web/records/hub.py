"""The way to everything that is done with records, with how much waits behind each door."""

from collections.abc import Sequence

import msgspec
from django.http import HttpRequest, HttpResponse

from firstbreath.web.errors import page
from firstbreath.web.frame import render_page
from firstbreath.web.identity import Identity, identity_of
from firstbreath.web.moment import Moment, read_moment
from firstbreath.web.records.check_list import compute_check_list
from firstbreath.web.records.query_list import compute_query_list
from firstbreath.web.records.reading import site_filter, time_of
from firstbreath.web.records.vouching import compute_worklists


class Doorway(msgspec.Struct, frozen=True):
    """A page of this area: its address by name, its words, the group it belongs to or the act it does."""

    name: str
    words: str
    about: str
    sees: str = ""
    act: str = ""


DOORWAYS = (
    Doorway("queries", "Queries", "Questions about values, and their answers.", sees="see_queries"),
    Doorway("checks", "Checks", "What fails, and what cannot be told.", sees="see_queries"),
    Doorway("verification", "Source verification", "Records compared with their source.", sees="see_queries"),
    Doorway("deviations", "Deviations", "Departures from the protocol.", sees="see_subjects"),
    Doorway("locks", "Locks", "Freezing subjects, locking the database.", sees="see_subjects"),
    Doorway("audit-review", "Audit review", "Late entries, changes after signature.", sees="see_log"),
    Doorway("import", "Import", "Laboratory values from a CSV file.", act="import_file"),
    Doorway("exports", "Exports", "Data and log as files.", act="make_export"),
)


@page("see_subjects")
def show_data(request: HttpRequest) -> HttpResponse:
    """Everything that is done with records."""
    moment, identity = read_moment(request), identity_of(request)
    counts = count_waiting(request, moment)
    doorways = [(door, counts.get(door.name, "")) for door in DOORWAYS if _is_open(door, identity)]
    return render_page(request, "records/data", moment, doorways=doorways)


def _is_open(door: Doorway, identity: Identity | None) -> bool:
    if identity is None:
        return not door.act
    return identity.sees(door.sees) and (not door.act or identity.may(door.act))


def count_waiting(request: HttpRequest, moment: Moment) -> dict[str, str]:
    """How much waits behind each door, in words."""
    sees_site = site_filter(request)
    queries = compute_query_list(moment.trial, time_of(moment), sees_site=sees_site).numbers
    checks = compute_check_list(moment.trial, sees_site=sees_site).tallies
    lists = compute_worklists(moment.trial, moment.events, sees_site=sees_site)
    return {
        "queries": _words([(number, state) for state, _, number, _ in queries if state != "closed"]),
        "checks": _words([(tally.number, tally.outcome) for tally in checks if tally.outcome != "pass"]),
        "verification": _words(
            [(sum(each.waiting for each in lists), "waiting"), (sum(each.stale for each in lists), "stale")]
        ),
    }


def _words(numbers: Sequence[tuple[int, str]]) -> str:
    return ", ".join(f"{number} {word}" for number, word in numbers if number)
