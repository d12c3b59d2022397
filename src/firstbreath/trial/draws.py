"""Whether the orders of reading are those that their seeds give: checked again once the seeds are open."""

from typing import Any

from firstbreath.events import kinds
from firstbreath.protocol.values import Charter
from firstbreath.reading.order import draw_list, draw_order, seal_of
from firstbreath.reading.state import Drawing
from firstbreath.trial.state import Trial


def strange_draws(trial: Trial) -> list[str]:
    """Every order that does not follow from its seed, in words; nothing while seeds are sealed."""
    opened = trial.reading.unblinded.body if trial.reading.unblinded else None
    if not isinstance(opened, kinds.ReadsUnblinded):
        return []
    return [
        f"record {seq}: the order of reading is not the one that its seed gives"
        for (seq, body), seed in zip(trial.reading.drawings(), opened.seeds, strict=False)
        if not _follows(trial, seq, body, seed)
    ]


def _given_before(trial: Trial, seq: int) -> set[str]:
    """The codes of earlier draws."""
    found: set[str] = set()
    for earlier, body in trial.reading.drawings():
        if earlier < seq:
            found |= {task.task for task in body.tasks}
            found |= {*body.cases.values()} if isinstance(body, kinds.ReadingOrderDrawn) else set()
    return found


def _follows(trial: Trial, seq: int, body: Drawing, seed: str) -> bool:
    charters = [each.protocol.charter for each in trial.adoptions if each.event.seq < seq]
    charter = charters[-1] if charters else None
    return (
        charter is not None
        and seal_of(seed) == body.seal
        and _drawn_again(trial, body, seed, _rule(trial, seq, charter)) == _drawn(body)
    )


def _rule(trial: Trial, seq: int, charter: Charter) -> dict[str, Any]:
    given = _given_before(trial, seq)
    return {"repeats_percent": charter.repeats_percent, "apart": charter.apart, "given": given}


def _drawn(body: Drawing) -> Any:
    return (body.tasks, body.cases) if isinstance(body, kinds.ReadingOrderDrawn) else body.tasks


def _drawn_again(trial: Trial, body: Drawing, seed: str, rule: dict[str, Any]) -> Any:
    scans = {task.scan: trial.reading.scans[task.scan].subject for task in body.tasks}
    if isinstance(body, kinds.ReaderReplaced):
        return draw_list(scans, body.by, seed, **rule)
    return draw_order(scans, tuple(dict.fromkeys(task.reader for task in body.tasks)), seed, **rule)
