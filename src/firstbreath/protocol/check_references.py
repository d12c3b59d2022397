"""Whatever one part names, another part declares; whatever is declared, another part uses."""

import re
from collections.abc import Iterator

from firstbreath.protocol.check_ids import MEASURES
from firstbreath.protocol.complaints import Complaint, undeclared
from firstbreath.protocol.schedule import parse_grid
from firstbreath.protocol.values import Protocol


def check_references(protocol: Protocol) -> Iterator[Complaint]:
    """Arms name doses, outcomes name what measures them."""
    design = protocol.design
    doses = {dose.id for dose in design.doses}
    for n, arm in enumerate(design.arms):
        yield from undeclared("protocol.toml", ("arms", n, "dose"), arm.dose, doses)
    measures = {form.id for form in protocol.forms} | MEASURES
    for n, outcome in enumerate(design.outcomes):
        if outcome.measured_by:
            yield from undeclared("protocol.toml", ("outcomes", n, "measured_by"), outcome.measured_by, measures)
        elif not outcome.silent:
            what = f'Outcome "{outcome.id}" is measured by nothing.'
            yield Complaint(
                "protocol.toml", ("outcomes", n), "PROT-070", what, 'Add "measured_by", or "silent = true".'
            )
        if outcome.measured_by == "charter" and protocol.charter is None:
            what = f'Outcome "{outcome.id}" is read under a charter, and there is no charter.toml.'
            yield Complaint("protocol.toml", ("outcomes", n, "measured_by"), "PROT-075", what, "Add the file.")


def check_unused(protocol: Protocol) -> Iterator[Complaint]:
    """Every dose has an arm, every visit a column, every derived name a rule, every form a use."""
    design = protocol.design
    visits, cells, _ = parse_grid(design.schedule.grid)
    given = {arm.dose for arm in design.arms}
    for n, dose in enumerate(design.doses):
        if dose.id not in given:
            what = f'Dose "{dose.id}" is given in no arm.'
            yield Complaint("protocol.toml", ("doses", n), "PROT-072", what, "Name it in an arm, or remove it.")
    ruled = _names_in_rules(protocol)
    for n, derived in enumerate(design.derived):
        if derived.id not in ruled:
            what = f'The derived name "{derived.id}" is used in no rule.'
            yield Complaint("protocol.toml", ("derived", n), "PROT-073", what, "Use it in a rule, or remove it.")
    for n, visit in enumerate(design.visits):
        if visit.id not in visits:
            what = f'Visit "{visit.id}" is no column of the schedule.'
            yield Complaint("protocol.toml", ("visits", n), "PROT-074", what, "Draw its column, or remove it.")
    named = {cell.activity for cell in cells} | _named_forms(protocol, ruled)
    for n, form in enumerate(protocol.forms):
        if form.id not in named:
            what = f'Form "{form.id}" is due at no visit, and no rule, outcome, table or figure uses it.'
            yield Complaint("forms.toml", ("forms", n), "PROT-071", what, "Draw its row with X or O, or remove it.")


def _named_forms(protocol: Protocol, ruled: set[str]) -> set[str]:
    """Forms that something beside the schedule uses, by their id or by one of their fields."""
    analysis = protocol.analysis
    fields = ruled | {summary.field for summary in analysis.summaries}
    fields |= {column.field for table in analysis.tables for column in table.columns}
    for swimmer in analysis.swimmers:
        fields |= {swimmer.admission, swimmer.first_dose, swimmer.oxygen, swimmer.oxygen_day, swimmer.follow_up_day}
    fields |= {side.field for endpoint in analysis.endpoints for side in (endpoint.before, endpoint.after)}
    named = {outcome.measured_by for outcome in protocol.design.outcomes} | {table.form for table in analysis.tables}
    named |= {protocol.design.inhalation.form} if protocol.design.inhalation else set()
    return named | {form.id for form in protocol.forms if any(field.id in fields for field in form.fields)}


def _names_in_rules(protocol: Protocol) -> set[str]:
    """Every word of every rule: a rule that cannot be read still shows what it was meant to use."""
    design = protocol.design
    texts = [entry.rule for group in (design.criteria, design.derived, design.gates) for entry in group]
    texts += [check.rule for check in protocol.checks]
    texts += [summary.where for summary in protocol.analysis.summaries]
    return {word for text in texts for word in re.findall(r"[A-Za-z_]\w*", text)}
