"""From a logger's readings to what they say of each vial: only the time counts that a vial was beside the logger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from firstbreath.events import kinds
from firstbreath.product.standing import moment_told
from firstbreath.product.state import Product, Vial
from firstbreath.product.temperature import (
    Judged,
    Levels,
    compute_mean_kinetic,
    judge_summary,
    summarise_readings,
    time_weights,
)
from firstbreath.protocol.values import ColdChain

Where = Literal["transport", "storage"]
OPEN = float("inf")


class LoggerFacts(msgspec.Struct, frozen=True):
    """What is known of a logger: how far its clock was ahead, s, and the last date of its calibration, if stated."""

    clock_fast_s: float = 0
    calibrated_to: str = ""


UNTOLD = LoggerFacts()


class PlannedStay(msgspec.Struct, frozen=True):
    """Vials that were beside the logger for the same time, what the record says of them, and the verdict on it."""

    stay: kinds.Stay
    judged: Judged


class RecordPlan(msgspec.Struct, frozen=True):
    """What an import would write: readings used and left out, and each group of vials with its verdict.

    `mean_kinetic_c` is that of all readings used, °C; None for a frozen product, of which it says nothing.
    """

    readings: int
    left_out: int
    first: float
    last: float
    stays: tuple[PlannedStay, ...]
    mean_kinetic_c: float | None = None

    @property
    def vials(self) -> int:
        """How many vials the record covers."""
        return sum(len(each.stay.vials) for each in self.stays)


def plan_record(
    product: Product,
    chain: ColdChain | None,
    place: Where,
    where: str,
    *,
    logger: str,
    seconds: Sequence[float],
    celsius: Sequence[float],
    told: LoggerFacts = UNTOLD,
) -> RecordPlan:
    """What a record says of the vials that were in a shipment or a freezer.

    where    the shipment, or the freezer as it is named where vials are stored
    told     what is known of the logger itself
    seconds, celsius  shape (n,), in any order, since 1970 and in °C; of two readings at one moment the warmer counts
    """
    at, warm = _in_order(seconds, celsius)
    at -= told.clock_fast_s
    fresh = _not_covered(product, where, logger, at)
    at, warm = at[fresh], warm[fresh]
    levels = Levels.of(chain or ColdChain(), place)
    grouped: dict[tuple[float, float], list[str]] = {}
    for vial in product.all_vials():
        for window in _windows(product, vial, place, where):
            if at.size and window[0] <= at[-1] and at[0] <= window[1]:
                grouped.setdefault(window, []).append(vial.code)
    stays = []
    for (begins, ends), codes in grouped.items():
        inside = (at >= begins) & (at <= ends)
        summary = summarise_readings(at[inside], warm[inside], levels)
        closed = (begins, ends) if ends < OPEN else None
        stay = kinds.Stay(tuple(codes), begins, min(ends, float(at[-1])), summary)
        judged = judge_summary(summary, chain, place, window=closed, calibrated_to=told.calibrated_to)
        stays.append(PlannedStay(stay, judged))
    first, last = (float(at[0]), float(at[-1])) if at.size else (0.0, 0.0)
    mean = None
    if chain and not chain.frozen and at.size:
        mean = compute_mean_kinetic(warm.tolist(), time_weights(at.tolist()), frozen=False)
    return RecordPlan(int(at.size), int(fresh.size - at.size), first, last, tuple(stays), mean)


def _in_order(seconds: Sequence[float], celsius: Sequence[float]) -> tuple[Any, Any]:
    import numpy as np

    at, warm = np.asarray(seconds, dtype=float), np.asarray(celsius, dtype=float)
    order = np.lexsort((-warm, at))
    at, warm = at[order], warm[order]
    keep = np.concatenate(([True], np.diff(at) > 0)) if at.size else np.empty(0, dtype=bool)
    return at[keep], warm[keep]


def _not_covered(product: Product, where: str, logger: str, at: Any) -> Any:
    """Which readings no earlier file of this logger at this place covers."""
    import numpy as np

    fresh = np.ones(at.size, dtype=bool)
    for event in product.records:
        body = event.body
        if isinstance(body, kinds.TemperatureImported) and (body.where, body.logger) == (where, logger):
            fresh &= (at < body.first) | (at > body.last)
    return fresh


def _windows(product: Product, vial: Vial, place: Where, where: str) -> Iterator[tuple[float, float]]:
    """When a vial was there: from packing to receipt, or from being stored until it was moved."""
    if place == "transport":
        shipment = product.shipments.get(where)
        if shipment and vial.code in shipment.body.vials:
            ends = moment_told(shipment.received).timestamp() if shipment.received else OPEN
            yield moment_told(shipment.packed).timestamp(), ends
        return
    begun: float | None = None
    for event in vial.history:
        if not isinstance(event.body, MOVES):
            continue
        now = moment_told(event).timestamp()
        here = isinstance(event.body, kinds.VialsStored) and event.body.freezer == where
        if begun is not None and not here:
            yield begun, now
            begun = None
        elif here and begun is None:
            begun = now
    if begun is not None:
        yield begun, OPEN


MOVES = (
    kinds.VialsStored | kinds.VialsWithdrawn | kinds.ShipmentPacked | kinds.VialsReturned
    | kinds.VialsDestroyed | kinds.VialsLost
)  # fmt: skip
"""What brings a vial to another place."""


def freezers_of(product: Product) -> tuple[str, ...]:
    """Every freezer that vials were ever stored in."""
    bodies = (event.body for vial in product.all_vials() for event in vial.history)
    return tuple(dict.fromkeys(body.freezer for body in bodies if isinstance(body, kinds.VialsStored)))
