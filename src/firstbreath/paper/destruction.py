"""The certificate of a destruction: which vials, how, why, when, by whom, and who saw it.

Name to know: `compose_destruction`. Never here: a signature that nobody gave.
"""

from collections.abc import Callable

import msgspec

from firstbreath.events import kinds
from firstbreath.events.record import Event
from firstbreath.paper.product_papers import Facts, PaperHead, happened, head_of, product_facts, render_person
from firstbreath.product.state import Vial
from firstbreath.protocol.values import Protocol
from firstbreath.trial.state import Trial

UNSIGNED = "NOT COUNTERSIGNED"
VIAL_COLUMNS = ("Vial", "Lot", "Expiry", "Shipment", "Decision before")
EVENT_COLUMNS = ("Event", "No.", "Written", "Chain hash")
Line = tuple[str, ...]


class Destruction(msgspec.Struct, frozen=True):
    """One destruction, ready to be set. `countersigned` is empty when nobody has."""

    top: PaperHead
    seq: int
    facts: Facts
    vials: tuple[Line, ...]
    destroyed: Facts
    countersigned: Facts
    events: tuple[Line, ...]


def compose_destruction(
    trial: Trial, protocol: Protocol, seq: int, *, head: str, hash_of: Callable[[int], bytes]
) -> Destruction:
    """The certificate of the destruction that event `seq` tells of.

    head     the head of the log, as printed
    hash_of  the chain hash of an event, by its number
    Raises `ValueError` when that event is no destruction.
    """
    event = trial.product.destroyed.get(seq)
    if event is None or not isinstance(event.body, kinds.VialsDestroyed):
        msg = "that event is no destruction"
        raise ValueError(msg)
    signed, vials = trial.product.countersigned.get(seq), [trial.product.vials[code] for code in event.body.vials]
    sites = ", ".join(dict.fromkeys(vial.site for vial in vials if vial.site))
    told = (*product_facts(protocol), ("Site", sites), ("Vials", str(len(vials))))
    return Destruction(
        top=head_of(trial, protocol, head),
        seq=seq,
        facts=tuple((name, text) for name, text in told if text),
        vials=tuple(_vial_line(trial, vial) for vial in vials),
        destroyed=(
            *(("Method", event.body.how), ("Reason", event.reason), ("When", happened(event))),
            ("Destroyed by", render_person(trial, event)),
        ),
        countersigned=(("Countersigned by", render_person(trial, signed)), ("When", happened(signed)))
        if signed
        else (),
        events=tuple(_event_line(each, hash_of) for each in (event, signed) if each),
    )


def _vial_line(trial: Trial, vial: Vial) -> Line:
    judged, lot = vial.judged, trial.product.lots[vial.lot].body
    said = getattr(judged.body, "decision", "") if judged else ""
    decision = f"{said}, {render_person(trial, judged)}, event {judged.seq}" if judged else "none"
    return (vial.code, vial.lot, lot.expires, vial.trips[-1] if vial.trips else "", decision)


def _event_line(event: Event, hash_of: Callable[[int], bytes]) -> Line:
    written = f"{event.at:%Y-%m-%d %H:%M:%S} UTC"
    return (event.kind.replace("_", " "), str(event.seq), written, hash_of(event.seq).hex())
