"""Every address that programs read, once: the site's addresses and the OpenAPI document are both made from here."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpResponse

from firstbreath.web.api import safety_reading as safety
from firstbreath.web.api import subject_reading as subjects
from firstbreath.web.api import token_views, views
from firstbreath.web.api import trial_reading as trial

PLACE = re.compile(r"<(?P<converter>\w+):(?P<name>\w+)>")


class Operation(msgspec.Struct, frozen=True):
    """An address that is read: its name, the view, the type of its answer, and what may be asked of it.

    timeless  it does not depend on the moment asked for
    query     further parts of the query with their limits, as JSON Schema
    """

    address: str
    name: str
    view: Callable[..., HttpResponse]
    answer: type[Any]
    timeless: bool = False
    query: dict[str, dict[str, Any]] = {}

    @property
    def path(self) -> str:
        """The address as OpenAPI writes it."""
        return "/" + PLACE.sub(lambda place: f"{{{place['name']}}}", self.address)

    @property
    def places(self) -> list[tuple[str, str]]:
        """The names of the parts that vary, each with its JSON type."""
        found = PLACE.finditer(self.address)
        return [(place["name"], "integer" if place["converter"] == "int" else "string") for place in found]

    @property
    def summary(self) -> str:
        """What is read there."""
        return (self.view.__doc__ or "").strip().splitlines()[0]

    @property
    def sees(self) -> str:
        """The group of pages it belongs to, by the rights of the roles."""
        return str(getattr(self.view, "sees", ""))


_PART = {
    "after": {"type": "integer", "minimum": 0, "default": 0},
    "limit": {"type": "integer", "minimum": 1, "maximum": views.MAX_LIMIT, "default": views.USUAL_LIMIT},
}
OPERATIONS = (
    Operation("api/trial", "api-trial", views.show_trial, trial.TrialReading),
    Operation("api/protocol", "api-protocol", views.show_protocol, trial.ProtocolReading),
    Operation("api/subjects", "api-subjects", views.show_subjects, trial.SubjectsReading),
    Operation("api/subjects/<code:code>", "api-subject", views.show_subject, subjects.SubjectReading),
    Operation("api/queries", "api-queries", views.show_queries, safety.QueriesReading),
    Operation("api/safety/adverse-events", "api-adverse", views.show_adverse_events, safety.AdverseEventsReading),
    Operation("api/safety/packets", "api-packets", views.show_packets, safety.PacketsReading),
    Operation("api/safety/reviews", "api-reviews", views.show_reviews, safety.ReviewsReading),
    Operation("api/safety/ranges", "api-ranges", views.show_ranges, safety.RangesReading),
    Operation("api/people", "api-people", views.show_people, safety.PeopleReading),
    Operation("api/rights", "api-rights", views.show_rights, safety.RightsReading, timeless=True),
    Operation("api/log", "api-log", views.show_log, trial.LogReading, query=_PART),
    Operation("api/log/<int:seq>", "api-event", views.show_event, trial.RecordReading),
    Operation("api/me", "api-me", views.show_me, views.MeReading, timeless=True),
    Operation("api/me/tokens", "api-my-tokens", token_views.show_tokens, token_views.TokensReading, timeless=True),
)
