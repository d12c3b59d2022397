"""What the papers of the product share: the head of every page, and how moments, people and limits are worded."""

from datetime import UTC, datetime

import msgspec

from firstbreath.events.record import Event
from firstbreath.people.rights import ROLES
from firstbreath.protocol.values import ColdChain, Protocol
from firstbreath.trial.state import Trial

Facts = tuple[tuple[str, str], ...]


class PaperHead(msgspec.Struct, frozen=True):
    """What stands on every page: the trial, its stamp, the head of the log, and the moment it was at."""

    trial: str
    title: str
    stamp: str
    head: str
    as_of: str


def head_of(trial: Trial, protocol: Protocol, head: str) -> PaperHead:
    """The head of a paper on a trial; `head` is that of its log, as printed."""
    at = f", {trial.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if trial.at else ""
    facts = protocol.design.trial
    return PaperHead(facts.id, facts.title, trial.stamp, head, f"As of event {trial.seq}{at}")


def render_when(text: str) -> str:
    """A moment of the log to the minute, in the zone it was told in; a text that is none stays as it is."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return text
    if len(text) <= len("2026-01-01"):
        return text
    zone = "" if told.tzinfo is None else " UTC" if not told.utcoffset() else f" {told:%z}"
    return f"{told:%Y-%m-%d %H:%M}{zone}"


def happened(event: Event) -> str:
    """When something happened: as it was told, else when it was written."""
    return render_when(event.occurred or event.at.isoformat())


def render_person(trial: Trial, event: Event) -> str:
    """Who wrote an event: the name, the role, and the account."""
    name = trial.people.name_of(event.actor)
    account = f" (account {event.actor})" if name != event.actor else ""
    return f"{name}, {ROLES.get(event.role, event.role)}{account}"


def storage_words(chain: ColdChain | None) -> str:
    """How the protocol's cold chain says the product is kept; empty where it says nothing."""
    if chain is None:
        return ""
    low, high = chain.storage_min_c, chain.storage_max_c
    if low is not None and high is not None:
        between = f"Store between {low} and {high} °C."
    elif high is not None:
        between = f"Store at {high} °C or below."
    else:
        between = f"Store at {low} °C or above." if low is not None else ""
    return f"{'Keep frozen. ' if chain.frozen else ''}{between}".strip()


def use_words(chain: ColdChain | None) -> str:
    """Within what time of thawing the product is inhaled, if the protocol says so."""
    minutes = chain.use_within_minutes if chain else None
    return "" if minutes is None else f"Use within {minutes} min of thawing."


def product_facts(protocol: Protocol) -> Facts:
    """The product and how it is kept, as far as the protocol says so."""
    product, chain = protocol.design.product, protocol.design.cold_chain
    transport = chain.transport_max_c if chain else None
    kept = (
        storage_words(chain),
        "" if transport is None else f"Transport at {transport} °C or below.",
        use_words(chain),
    )
    stated = (
        ("Sponsor", protocol.design.trial.sponsor),
        ("Product", product.name),
        ("Storage", " ".join(part for part in kept if part)),
        ("Protocol", protocol.digest),
    )
    return tuple((name, text) for name, text in stated if text)
