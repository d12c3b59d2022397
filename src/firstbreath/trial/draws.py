"""Whether the orders of reading are those that their seeds give: checked again once the seeds are open."""

from firstbreath.events import kinds
from firstbreath.reading.order import draw_order, seal_of
from firstbreath.trial.state import Trial


def strange_draws(trial: Trial) -> list[str]:
    """Every order that does not follow from its seed, in words; nothing while seeds are sealed."""
    opened = trial.reading.unblinded.body if trial.reading.unblinded else None
    if not isinstance(opened, kinds.ReadsUnblinded):
        return []
    found = []
    for event, seed in zip(trial.reading.draws, opened.seeds, strict=False):
        body = event.body
        if isinstance(body, kinds.ReadingOrderDrawn) and not _follows(trial, event.seq, body, seed):
            found.append(f"record {event.seq}: the order of reading is not the one that its seed gives")
    return found


def _given_before(trial: Trial, seq: int) -> set[str]:
    """The codes of earlier draws."""
    bodies = [event.body for event in trial.reading.draws if event.seq < seq]
    drawn = [body for body in bodies if isinstance(body, kinds.ReadingOrderDrawn)]
    return {code for body in drawn for code in (*(task.task for task in body.tasks), *body.cases.values())}


def _follows(trial: Trial, seq: int, body: kinds.ReadingOrderDrawn, seed: str) -> bool:
    charters = [each.protocol.charter for each in trial.adoptions if each.event.seq < seq]
    charter = charters[-1] if charters else None
    if charter is None or seal_of(seed) != body.seal:
        return False
    scans = {scan: trial.reading.scans[scan].subject for scan in body.cases}
    readers = tuple(dict.fromkeys(task.reader for task in body.tasks))
    given = _given_before(trial, seq)
    drawn = draw_order(scans, readers, seed, repeats_percent=charter.repeats_percent, apart=charter.apart, given=given)
    return drawn == (body.tasks, body.cases)
