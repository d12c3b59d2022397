"""The addresses of safety."""

from django.urls import path

from firstbreath.web import converters  # noqa: F401 -- converters before addresses
from firstbreath.web.safety import adverse, packets, ranges

OF_SUBJECT = "subjects/<code:code>/adverse-events"

urlpatterns = [
    path("safety/adverse-events", adverse.show_adverse_events, name="adverse-events"),
    path("safety/clocks", adverse.show_clocks, name="clocks"),
    path("safety/ranges", ranges.show_ranges, name="ranges"),
    path("safety/ranges/set", ranges.set_range, name="set-range"),
    path("safety/packets", packets.show_packets, name="packets"),
    path("safety/packets/freeze", packets.freeze_packet, name="freeze-packet"),
    path("safety/packets/<int:number>", packets.show_packet, name="packet"),
    path("safety/packets/<int:number>/vote", packets.cast_vote, name="cast-vote"),
    path("safety/packets/<int:number>/conclude", packets.conclude_packet, name="conclude-packet"),
    path(f"{OF_SUBJECT}/report", adverse.report_event, name="report-adverse-event"),
    path(f"{OF_SUBJECT}/<int:number>/revise", adverse.revise_event, name="revise-adverse-event"),
    path(f"{OF_SUBJECT}/<int:number>/narrative", adverse.write_narrative, name="narrative"),
    path(f"{OF_SUBJECT}/<int:number>/forward", adverse.forward_event, name="forward-serious-event"),
    path(f"{OF_SUBJECT}/<int:number>", adverse.show_adverse_event, name="adverse-event"),
]
