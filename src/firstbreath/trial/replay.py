"""A published trial replayed: tables of printed facts become requests at the one door, in a stated order.

Nothing is added on the way. A printed word that means "absent" becomes a null flavour; whatever the tables
do not hold never becomes a request.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from firstbreath.protocol.findings import Finding
from firstbreath.protocol.values import Protocol
from firstbreath.trial.commands import AdoptProtocol, AnyCommand
from firstbreath.trial.door import Request
from firstbreath.trial.tables import CsvTable, Row

LIST_SEPARATOR = "; "
_TEMPLATE = re.compile(r"\{([A-Za-z]\w*)\}")


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"arguments": "with"}):
    """An act for each row of a file that is of the subject at hand, or one act when no file is named."""

    act: str
    rows: str = ""
    form: str = ""
    visit: str = ""
    values: dict[str, str] = {}
    absent: dict[str, str] = {}
    source: str = "{place}"
    occurred: str = ""
    reason: str = ""
    arguments: dict[str, Any] = {}


class Phase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Steps that are all done for one subject before the next subject's begin."""

    id: str
    steps: tuple[Step, ...]


class SubjectList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file and column that name the subjects, in order."""

    file: str
    column: str


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the tables of a publication become requests; `clock` stands in for the time of writing.

    `not_recorded` names what the publication does not count, such as those screened and not enrolled.
    """

    actor: str
    role: str
    clock: datetime
    stamp: str
    not_recorded: tuple[str, ...] = ()
    subjects: SubjectList
    phases: tuple[Phase, ...]


def parse_plan(text: str, file: str) -> tuple[Plan | None, tuple[Finding, ...]]:
    """The plan a TOML text states, or the finding that says why it cannot be read."""
    try:
        return msgspec.convert(tomllib.loads(text), Plan), ()
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as broken:
        fix = "Correct the plan at this place."
        return None, (Finding(file, 0, "REPLAY-001", f"The plan cannot be read: {broken}.", fix),)


def check_plan(plan: Plan, tables: Mapping[str, CsvTable]) -> tuple[Finding, ...]:
    """Files and columns that the plan names and the tables lack."""
    wanted = [(plan.subjects.file, plan.subjects.column, "subjects")]
    for phase in plan.phases:
        for step in phase.steps:
            wanted += [(step.rows, column, f"{phase.id}, {step.act}") for column in _columns_of(step)]
    return tuple(
        Finding("replay.toml", 0, "REPLAY-002", f"{where}: {file or 'no file'} has no column {column!r}.", _ADD_COLUMN)
        for file, column, where in dict.fromkeys(wanted)
        if column not in (tables[file].columns if file in tables else ())
    )


_ADD_COLUMN = "Add it, or correct the plan."


def _columns_of(step: Step) -> list[str]:
    """The columns a step needs: those its templates name, and the one that says which subject a row is of."""
    templates = [step.source if step.rows else "", step.visit, step.occurred, step.reason, *step.values.values()]
    named = _TEMPLATE.findall(" ".join(templates) + msgspec.json.encode(step.arguments).decode())
    always = ["subject"] if step.rows else []
    return [*always, *(column for column in named if column != "subject")]


def compute_requests(
    plan: Plan, tables: Mapping[str, CsvTable], *, protocol: Protocol, files: Mapping[str, str]
) -> Iterator[Request]:
    """The requests that replay a publication, from the adoption of its protocol on.

    Raises `ValueError` when a step makes no command. `check_plan` must have found nothing.
    """
    yield Request(
        command=AdoptProtocol(files=dict(files), stamp=plan.stamp, not_recorded=plan.not_recorded),
        actor=plan.actor,
        role=plan.role,
        source="the protocol folder shipped with the study",
    )
    subjects = [row.cells[plan.subjects.column] for row in tables[plan.subjects.file].rows]
    repeats: Counter[tuple[str, str, str]] = Counter()
    for phase in plan.phases:
        for subject in subjects:
            for step in phase.steps:
                for row in _rows(step, subject, tables):
                    yield _request(plan, step, _Context(subject, row, protocol, repeats))


class _Context(msgspec.Struct, frozen=True):
    """What a template can refer to: the subject and the cells of the row."""

    subject: str
    row: Row | None
    protocol: Protocol
    repeats: Counter[tuple[str, str, str]]

    def fill(self, template: str) -> str:
        """The template with `{column}` replaced by the printed value."""
        cells = {"place": "", "subject": self.subject, **(self.row.cells if self.row else {})}
        return _TEMPLATE.sub(lambda column: cells[column[1]], template)


def _rows(step: Step, subject: str, tables: Mapping[str, CsvTable]) -> list[Row | None]:
    if not step.rows:
        return [None]
    return [row for row in tables[step.rows].rows if row.cells["subject"] == subject]


def _request(plan: Plan, step: Step, context: _Context) -> Request:
    return Request(
        command=_command(step, context),
        actor=plan.actor,
        role=plan.role,
        occurred=context.fill(step.occurred),
        reason=context.fill(step.reason),
        source=context.fill(step.source),
    )


def _command(step: Step, context: _Context) -> AnyCommand:
    arguments: dict[str, Any] = {"act": step.act} | _filled(step.arguments, context)
    if step.act == "record_review":
        arguments |= {"subjects": [context.subject]}
    else:
        arguments |= {"subject": context.subject}
    if step.act == "record_form":
        arguments |= _form_arguments(step, context)
    try:
        command: AnyCommand = msgspec.convert(arguments, AnyCommand, strict=False)
    except msgspec.ValidationError as wrong:
        msg = f"the plan's step {step.act} of {context.subject} is no command: {wrong}"
        raise ValueError(msg) from wrong
    return command


def _form_arguments(step: Step, context: _Context) -> dict[str, Any]:
    visit = context.fill(step.visit)
    key = (context.subject, step.form, visit)
    context.repeats[key] += 1
    printed = {field: context.fill(template) for field, template in step.values.items()}
    values = {f: _split(f, text, context.protocol) for f, text in printed.items() if text not in step.absent}
    absent = {field: step.absent[text] for field, text in printed.items() if text in step.absent}
    return {"form": step.form, "visit": visit, "values": values, "absent": absent, "repeat": context.repeats[key]}


def _split(field_id: str, text: str, protocol: Protocol) -> str | tuple[str, ...]:
    field = protocol.field(field_id)
    return tuple(text.split(LIST_SEPARATOR)) if field and field.type == "choices" else text


def _filled(value: Any, context: _Context) -> Any:
    if isinstance(value, str):
        return context.fill(value)
    if isinstance(value, list):
        return [_filled(part, context) for part in value]
    if isinstance(value, dict):
        return {key: _filled(part, context) for key, part in value.items()}
    return value
