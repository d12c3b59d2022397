"""The time zone of a site: in which the days and times of the clinic are told."""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from firstbreath.protocol.values import Protocol


@lru_cache(maxsize=64)
def find_zone(name: str) -> ZoneInfo | None:
    """The zone of a name such as Asia/Shanghai, or None where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def zone_of(protocol: Protocol, site: str = "") -> tzinfo:
    """The zone of a site: its own, else the one of all sites, else UTC."""
    return find_zone(zone_name_of(protocol, site)) or UTC


def zone_name_of(protocol: Protocol, site: str = "") -> str:
    """The name of a site's zone."""
    trial = protocol.design.trial
    own = dict(zip(trial.sites, trial.time_zones, strict=False)).get(site, "")
    return own or "".join(trial.time_zones[:1]) or "UTC"


def moment_of(text: str, zone: tzinfo) -> datetime | None:
    """The first moment of a clinical time in ISO 8601 as the clocks of a zone tell it; a date begins at midnight there.

    None when the text states no time.
    """
    begin, _, end = text.partition("/")
    try:
        moment = datetime.fromisoformat(begin or end)
    except ValueError:
        return None
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
