"""The protocol as people read it: an ethics board, an investigator, a nurse. Plain text, no number computed."""

from collections.abc import Callable

from firstbreath.protocol.layout import render_blocks, render_columns, render_heading
from firstbreath.protocol.show_conduct import (
    render_criteria,
    render_definitions,
    render_events,
    render_gates,
    render_outcomes,
    render_schedule,
)
from firstbreath.protocol.show_forms import render_forms
from firstbreath.protocol.show_inhalation import render_inhalation
from firstbreath.protocol.show_product import render_cold_chain
from firstbreath.protocol.show_reading import render_analysis, render_charter
from firstbreath.protocol.silences import compute_silences
from firstbreath.protocol.values import Dose, Protocol
from firstbreath.protocol.words import join_words, render_number, render_value, with_source


def render_protocol(protocol: Protocol) -> str:
    """The whole protocol as text; what its source leaves open or contradicts is listed at the end."""
    blocks = [_title(protocol)]
    for title, render in SECTIONS.items():
        body = render(protocol)
        if body:
            blocks += [render_heading(title), body]
    return render_blocks(blocks)


def _title(protocol: Protocol) -> str:
    trial = protocol.design.trial
    return f"{trial.id}: {trial.title}\n{'=' * (len(trial.id) + 2 + len(trial.title))}"


def _trial(protocol: Protocol) -> str:
    trial = protocol.design.trial
    rows = [
        ("Registration", trial.registration),
        ("Phase", trial.phase),
        ("Design", trial.design),
        ("Sponsor", trial.sponsor),
        ("Sites", join_words(trial.sites)),
        ("Population", trial.population),
        ("Objective", trial.objective),
        ("Subjects planned", render_value(trial.subjects_planned)),
        ("Protocol digest", protocol.digest),
        ("Source", trial.source),
    ]
    return _facts(rows)


def _facts(rows: list[tuple[str, str]]) -> str:
    return render_columns([row for row in rows if row[1]])


def _product(protocol: Protocol) -> str:
    product, device = protocol.design.product, protocol.design.device
    rows = [
        ("Product", product.name),
        ("Active part", product.active),
        ("Maker", product.maker),
        ("Counted in", product.unit),
        ("Kept", product.storage),
        ("Sent", product.transport),
        ("Source", product.source),
    ]
    if device:
        words = ", ".join(word for word in (device.name, device.kind, device.maker) if word)
        rows += [("Device", words), ("Source", device.source)]
    return _facts(rows)


def _doses(protocol: Protocol) -> str:
    rows: list[tuple[str, ...]] = [("Dose", "Amount", "Volume", "Minutes", "At", "Days", "How, and source")]
    rows += [_dose_row(dose) for dose in protocol.design.doses]
    arms = [
        (f"Arm {arm.id}", f"dose {arm.dose}", f"{arm.subjects} subjects" if arm.subjects else "", arm.label)
        for arm in protocol.design.arms
    ]
    return render_columns(rows) + "\n\n" + render_columns(arms)


def _dose_row(dose: Dose) -> tuple[str, ...]:
    how = ", ".join(word for word in (dose.route, f"in {dose.diluent}" if dose.diluent else "") if word)
    return (
        dose.id,
        f"{render_number(dose.amount)} {dose.unit}",
        f"{render_number(dose.volume_ml)} ml" if dose.volume_ml is not None else "-",
        render_value(dose.minutes) or "-",
        render_value(dose.at) or "-",
        ", ".join(str(day) for day in dose.days),
        with_source(how, dose),
    )


def _consent(protocol: Protocol) -> str:
    consent = protocol.design.consent
    photographed = "signatures are photographed" if consent.photographed else ""
    witnesses = f"{consent.witnesses} witnesses sign" if consent.witnesses else "no witness is asked for"
    return _facts(
        [
            ("Version", consent.version),
            ("Given by", ", ".join(consent.given_by)),
            ("Signed", ", ".join(word for word in (witnesses, photographed) if word)),
            ("Source", consent.source),
        ]
    )


def _silences(protocol: Protocol) -> str:
    return render_columns([(silence.part, silence.text) for silence in compute_silences(protocol)])


SECTIONS: dict[str, Callable[[Protocol], str]] = {
    "Trial": _trial,
    "Product": _product,
    "Cold chain": render_cold_chain,
    "Doses and arms": _doses,
    "Consent": _consent,
    "Eligibility": render_criteria,
    "Definitions": render_definitions,
    "Gates": render_gates,
    "Inhalation": render_inhalation,
    "Events to look for at each inhalation": render_events,
    "Outcomes": render_outcomes,
    "Schedule": render_schedule,
    "Forms": render_forms,
    "Reading of images": render_charter,
    "Analysis": render_analysis,
    "What the source leaves open or contradicts": _silences,
}
