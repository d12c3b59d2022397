"""What the views of safety ask first: the time that clocks are read by."""

from datetime import UTC, datetime

from django.http import HttpRequest

from firstbreath.web.moment import Moment, source_of


def time_shown(request: HttpRequest, moment: Moment) -> datetime:
    """Now by the server's clock; on a page of the past, or of a site that only reads, the time of what is shown."""
    door = source_of(request).door
    if moment.asked or door is None:
        return moment.trial.at or datetime.now(UTC)
    return door.clock().astimezone(UTC)
