"""Whether the orders of reading are those that their seeds give: checked again once the seeds are open."""

from typing import Any

from firstbreath.events import kinds
from firstbreath.protocol.values import Charter
from firstbreath.reading.order import draw_list, draw_order, seal_of
from firstbreath.reading.state import tasks_in
from firstbreath.trial.state import Trial


def strange_draws(trial: Trial) -> list[str]:
    """Every order that does not follow from its seed, in words; nothing while seeds are sealed."""
    opened = trial.reading.unblinded.body if trial.reading.unblinded else None
    if not isinstance(opened, kinds.ReadsUnblinded):
        return []
    return [
        f"record {event.seq}: the order of reading is not the one that its seed gives"
        for event, seed in zip(trial.reading.draws, opened.seeds, strict=False)
        if not _follows(trial, event.seq, event.body, seed)
    ]


def _given_before(trial: Trial, seq: int) -> set[str]:
    """The codes of earlier draws."""
    found: set[str] = set()
    for event in trial.reading.draws:
        if event.seq < seq:
            found |= {task.task for task in tasks_in(event)}
            found |= {*event.body.cases.values()} if isinstance(event.body, kinds.ReadingOrderDrawn) else set()
    return found


def _follows(trial: Trial, seq: int, body: kinds.Kind, seed: str) -> bool:
    charters = [each.protocol.charter for each in trial.adoptions if each.event.seq < seq]
    charter = charters[-1] if charters else None
    if charter is None or not isinstance(body, kinds.ReadingOrderDrawn | kinds.ReaderReplaced):
        return False
    return seal_of(seed) == body.seal and _drawn_again(trial, body, seed, _rule(trial, seq, charter)) == _drawn(body)


def _rule(trial: Trial, seq: int, charter: Charter) -> dict[str, Any]:
    given = _given_before(trial, seq)
    return {"repeats_percent": charter.repeats_percent, "apart": charter.apart, "given": given}


def _drawn(body: kinds.ReadingOrderDrawn | kinds.ReaderReplaced) -> Any:
    return (body.tasks, body.cases) if isinstance(body, kinds.ReadingOrderDrawn) else body.tasks


def _drawn_again(
    trial: Trial, body: kinds.ReadingOrderDrawn | kinds.ReaderReplaced, seed: str, rule: dict[str, Any]
) -> Any:
    scans = {task.scan: trial.reading.scans[task.scan].subject for task in body.tasks}
    if isinstance(body, kinds.ReaderReplaced):
        return draw_list(scans, body.by, seed, **rule)
    return draw_order(scans, tuple(dict.fromkeys(task.reader for task in body.tasks)), seed, **rule)
