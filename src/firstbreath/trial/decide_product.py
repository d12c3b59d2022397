"""Acts on the product that need to know of people, protocol and subjects."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from firstbreath.events import kinds
from firstbreath.events.decisions import Decision, Reason, Refused
from firstbreath.product.codes import split_scanned
from firstbreath.product.commands import (
    CountersignHandover,
    PrepareDose,
    ProductCommand,
    ReceiveShipment,
    WithdrawVials,
)
from firstbreath.product.decide import AskedOf, codes_of, decide_product
from firstbreath.product.preparation import amount_in
from firstbreath.product.standing import reasons_against_inhaling
from firstbreath.protocol.values import Dose, Protocol
from firstbreath.subjects.codes import shown_code
from firstbreath.trial.state import Trial

if TYPE_CHECKING:
    from firstbreath.trial.decide import Asked

TOLERANCE = Decimal("0.1")
"""How far the amount made up may differ from the prescribed one before somebody says why."""


def decide_of_product(trial: Trial, protocol: Protocol, command: ProductCommand, asked: "Asked") -> Decision:
    """Allowed with an event, or refused with reasons."""
    if isinstance(command, WithdrawVials | PrepareDose):
        against = _against_subject(trial, protocol, command, asked.reason)
        if against:
            return Refused(against)
    about = AskedOf(
        actor=asked.actor,
        name=trial.people.name_of(asked.actor),
        reason=asked.reason,
        on=asked.at.date(),
        now=asked.at,
        last=trial.seq,
        sites=protocol.design.trial.sites,
    )
    return decide_product(trial.product, protocol, command, about)


def _against_subject(
    trial: Trial, protocol: Protocol, command: WithdrawVials | PrepareDose, reason: str
) -> tuple[Reason, ...]:
    """A dose is made up for an enrolled subject, for a planned day that has no dose yet."""
    subject = trial.subjects.get(command.subject)
    if subject is None or subject.enrolled is None or subject.ended:
        word = "is not known" if subject is None else "is not in treatment"
        text = f"Subject {shown_code(command.subject)} {word}."
        return (Reason("PREP-007", text, "Choose a subject in treatment."),)
    regimen = protocol.dose_of(subject.arm)
    if regimen is None or command.day not in regimen.days or command.day in subject.doses:
        text = f"No dose of day {command.day} is left for {subject.code}."
        return (Reason("PREP-008", text, "Choose the day of the next dose."),)
    return _against_amount(trial, regimen, command, reason) if isinstance(command, PrepareDose) else ()


def _against_amount(trial: Trial, regimen: Dose, command: PrepareDose, reason: str) -> tuple[Reason, ...]:
    """A dose that is not the prescribed one needs a reason: what the syringe rounds away is within the tolerance."""
    product = trial.product
    parts = [
        amount_in(product.lots[vial.lot].body, drawn)
        for code, drawn in command.drawn_ml.items()
        if (vial := product.vials.get(code))
    ]
    if reason.strip() or None in parts:  # what is no number the slice itself refuses
        return ()
    made = sum((part for part in parts if part is not None), Decimal(0))
    if abs(made - regimen.amount) <= regimen.amount * TOLERANCE:
        return ()
    text = f"{made:.3g} {regimen.unit} are made up, {regimen.amount:.3g} are prescribed."
    return (Reason("PREP-009", text, "Make up what is prescribed, or say why not."),)


def site_of_product(trial: Trial, command: ProductCommand) -> str:
    """Where an act on the product happens: at the site of its vials or shipment; empty at the maker."""
    if isinstance(command, ReceiveShipment):
        shipment = trial.product.shipments.get(command.shipment)
        return shipment.body.to if shipment else ""
    if isinstance(command, CountersignHandover):
        received = (each for each in trial.product.shipments.values() if each.received)
        found = next((each.body.to for each in received if each.received and each.received.seq == command.signs), "")
        return found or _site_of_event(trial, command.signs)
    sites = {vial.site for code in codes_of(command) if (vial := trial.product.vials.get(code))}
    return sites.pop() if len(sites) == 1 else ""


def own_site(trial: Trial, actor: str, role: str) -> str:
    """Where somebody works who acts on what is at no site yet; empty for whoever works at all of them."""
    account = trial.people.get(actor)
    sites = {grant.site for grant in account.grants if grant.role == role} if account else {""}
    return "" if "" in sites else min(sites, default="")


def _site_of_event(trial: Trial, seq: int) -> str:
    event = trial.product.destroyed.get(seq)
    body = event.body if event else None
    codes = body.vials[:1] if isinstance(body, kinds.VialsDestroyed) else ()
    return trial.product.vials[codes[0]].site if codes else ""


def reasons_against_vials(
    trial: Trial, protocol: Protocol, scanned: str, *, subject: str, day: int, now: datetime
) -> tuple[Reason, ...]:
    """Why an inhalation may not start with these vials; nothing where the trial does not keep its vials here."""
    if not trial.product.tracked:
        return ()
    chain = protocol.design.cold_chain
    return tuple(reasons_against_inhaling(trial.product, chain, scanned, subject=subject, day=day, now=now))


def vials_unused(trial: Trial, subject: str, corrects: int) -> tuple[kinds.VialUseStruck, ...]:
    """The event that vials are as they were, when what is struck out takes the whole inhalation with it."""
    found = trial.subjects.get(subject)
    wrong = found.events().get(corrects) if found else None
    if wrong is None or not isinstance(wrong.body, kinds.InhalationStarted | kinds.DoseGiven | kinds.DoseInterrupted):
        return ()
    day = wrong.body.day
    vials = trial.product.vials.values()
    used = tuple(vial.code for vial in vials if vial.place == "used" and (vial.subject, vial.day) == (subject, day))
    return (kinds.VialUseStruck(used, day),) if used else ()


def vials_used(trial: Trial, scanned: str, day: int) -> tuple[kinds.VialsUsed, ...]:
    """The event that an inhalation used these vials, where the trial keeps them."""
    return (kinds.VialsUsed(split_scanned(scanned), day),) if trial.product.tracked else ()
