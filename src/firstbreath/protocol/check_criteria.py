"""What must hold of criteria: each can become known before enrolment."""

from collections.abc import Iterator

from firstbreath.protocol.complaints import Complaint
from firstbreath.protocol.rules import RuleError, parse_rule
from firstbreath.protocol.schedule import parse_grid
from firstbreath.protocol.values import Protocol

FILE = "protocol.toml"


def check_criteria(protocol: Protocol) -> Iterator[Complaint]:
    """A criterion has a rule or is judged; its rule asks only for what is recorded at screening."""
    at_screening = _asked_at_screening(protocol)
    rules = {derived.id: derived.rule for derived in protocol.design.derived}
    for n, criterion in enumerate(protocol.design.criteria):
        if not criterion.rule and not criterion.judged:
            what = f'Criterion "{criterion.id}" has no rule and is not judged: it could never be known.'
            yield Complaint(FILE, ("criteria", n), "PROT-050", what, 'Add "rule" or "judged = true".')
        late = sorted(_fields_of(criterion.rule, rules) - at_screening)
        declared = [name for name in late if protocol.field(name)]
        if declared:
            what = (
                f'Criterion "{criterion.id}" asks for {", ".join(declared)}, recorded on no form of a screening visit.'
            )
            fix = "Mark the form as due, X or O, at a visit with screening = true."
            yield Complaint(FILE, ("criteria", n, "rule"), "PROT-051", what, fix)
    if protocol.design.criteria and not any(visit.screening for visit in protocol.design.visits):
        what = "There are criteria, and no visit is for screening: none could ever be known."
        yield Complaint(FILE, ("visits",), "PROT-057", what, 'Write "screening = true" at that visit.')


def _asked_at_screening(protocol: Protocol) -> set[str]:
    """The fields of every form that the grid marks at a screening visit."""
    screening = {visit.id for visit in protocol.design.visits if visit.screening}
    _, cells, _ = parse_grid(protocol.design.schedule.grid)
    forms = {cell.activity for cell in cells if cell.visit in screening}
    return {field.id for form in protocol.forms if form.id in forms for field in form.fields}


def _fields_of(text: str, derived: dict[str, str]) -> set[str]:
    """The names a rule asks for in the end, with those behind derived names."""
    asked: set[str] = set()
    waiting, seen = [text], set[str]()
    while waiting:
        for name in _names(waiting.pop()):
            if name in derived and name not in seen:
                waiting.append(derived[name])
            elif name not in derived:
                asked.add(name)
            seen.add(name)
    return asked


def _names(text: str) -> tuple[str, ...]:
    try:
        return parse_rule(text).names
    except RuleError:
        return ()
