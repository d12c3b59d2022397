"""The addresses of safety."""

from django.urls import path

from firstbreath.web import converters  # noqa: F401 -- converters before addresses
from firstbreath.web.safety import adverse, ranges

OF_SUBJECT = "subjects/<code:code>/adverse-events"

urlpatterns = [
    path("safety/adverse-events", adverse.show_adverse_events, name="adverse-events"),
    path("safety/clocks", adverse.show_clocks, name="clocks"),
    path("safety/ranges", ranges.show_ranges, name="ranges"),
    path("safety/ranges/set", ranges.set_range, name="set-range"),
    path(f"{OF_SUBJECT}/report", adverse.report_event, name="report-adverse-event"),
    path(f"{OF_SUBJECT}/<int:number>/revise", adverse.revise_event, name="revise-adverse-event"),
    path(f"{OF_SUBJECT}/<int:number>/narrative", adverse.write_narrative, name="narrative"),
    path(f"{OF_SUBJECT}/<int:number>/forward", adverse.forward_event, name="forward-serious-event"),
    path(f"{OF_SUBJECT}/<int:number>", adverse.show_adverse_event, name="adverse-event"),
]
