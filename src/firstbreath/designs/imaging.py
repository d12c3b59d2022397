"""The scans of a simulated trial: generated chests with known lesions, read by two readers who differ now and then."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any, Literal

import msgspec

from firstbreath.designs.course import DAY_AFTER, Scene, Stay
from firstbreath.designs.planned import Keeping, Planned, plan
from firstbreath.events import kinds
from firstbreath.protocol.values import Charter
from firstbreath.reading.decode import build_volume
from firstbreath.reading.keeping import keep_stack, render_archive, trial_named
from firstbreath.reading.phantom import (
    CENTRES,
    CONSOLIDATION_HU,
    GROUND_GLASS_HU,
    Lesion,
    build_phantom,
    render_phantom,
)
from firstbreath.reading.scoring import differing
from firstbreath.reading.series import find_series
from firstbreath.reading.state import Scan
from firstbreath.trial.state import SIMULATED, Trial

Reads = Literal["open", "final"]
MANAGER, READERS = "data.xie", ("radiologist.su", "radiologist.mao")
VISITS = ("screening", "after")
SEEDS = "+reading"
LEFT_OPEN = 2
"""How many scans each reader still has to read when the simulation ends, so that they can be read by hand."""
MANY = range(9, 15)
"""How many segments have a lesion before the course."""
MISREAD = 0.1
"""How often a reader is a point off in a segment."""
HALF_MM = 52
"""A lesion of this diameter fills half of its segment."""
READ_FROM, MINUTES = "12:30", 15


def plan_imaging(scene: Scene, stays: Mapping[str, Stay], *, last: int, reads: Reads = "open") -> Iterator[Planned]:
    """Both scans of every patient who has them, the order drawn on the last day, and the reads.

    stays  of those whose scans are read
    last   the last day of the simulation
    reads  `open`: some are left to be read; `final`: all are read, settled and opened
    """
    charter = scene.protocol.charter
    if charter is None:
        return
    lesions = _lesions(stays, scene.chance)
    for (code, visit), found in lesions.items():
        day = stays[code].enrolled + (DAY_AFTER if visit == "after" else 0)
        yield from _plan_scan(scene, code, visit, day=day, lesions=found)
    seed = f"a seed of the simulation, {scene.chance.getrandbits(128):032x}"
    yield plan(scene.calendar.at(last, "12:00"), MANAGER, "draw_reading_order", keep=partial(_keep_seed, seed),
               reason="SIM-08 withdrew: there is no later scan", readers=list(READERS), seed=seed)  # fmt: skip
    truth = {scan_of(*key): found for key, found in lesions.items()}
    tasks = len(truth) + -(-len(truth) * charter.repeats_percent // 100)
    for turn, reader in enumerate(READERS):
        for n in range(tasks - (LEFT_OPEN if reads == "open" else 0)):
            at = scene.calendar.at(last, READ_FROM, minutes=MINUTES * n + 5 * turn)
            yield plan(at, reader, "sign_read", late=partial(_read, (reader, n), charter, truth))
    if reads == "final":
        yield from _plan_settling(scene, charter, truth, last=last, seed=seed)


def scan_of(code: str, visit: str) -> str:
    """The name of the first scan of a patient's visit."""
    return f"{code}.{visit}.1"


def _lesions(stays: Mapping[str, Stay], chance: Random) -> dict[tuple[str, str], tuple[Lesion, ...]]:
    """The lesions of every patient at both visits; after the course most are smaller, some are gone."""
    found = {}
    for code in stays:
        segments = sorted(chance.sample(sorted(CENTRES), chance.choice(MANY)))
        before = tuple(
            Lesion(name, chance.choice((8, 14, 22, 26, 34, 44, 58)), chance.choice((GROUND_GLASS_HU, CONSOLIDATION_HU)))
            for name in segments
        )
        shrunk = [(each, round(each.diameter_mm * chance.uniform(0.2, 0.95))) for each in before]
        after = tuple(Lesion(each.segment, mm, each.hu) for each, mm in shrunk if mm >= 6)
        found[code, "screening"] = before
        if code not in WITHOUT_AFTER:
            found[code, "after"] = after
    return found


WITHOUT_AFTER = ("SIM-08",)
"""Withdrawn during the course: there is one scan."""


def _plan_scan(scene: Scene, code: str, visit: str, *, day: int, lesions: tuple[Lesion, ...]) -> Iterator[Planned]:
    at, trial = scene.calendar.at(day, "10:40"), scene.protocol.design.trial.id
    stated = {"StudyDate": scene.calendar.day(day).replace("-", "")}
    keep = partial(_keep_scan, (code, visit, trial), lesions, stated)
    yield plan(at, MANAGER, "file_scan", keep=keep, subject=code, visit=visit)
    yield plan(scene.calendar.at(day, "10:48"), MANAGER, "pass_scan", scan=scan_of(code, visit))


def _keep_scan(
    named: tuple[str, str, str], lesions: tuple[Lesion, ...], stated: Mapping[str, str], keeping: Keeping
) -> Mapping[str, Any]:
    """A generated scan on the way that a real one takes: DICOM files, series, scrubbed copies, slices."""
    code, visit, trial = named
    files = render_phantom(build_phantom(lesions), f"{trial} {code} {visit}", PatientName=f"Invented^{code}", **stated)
    series = find_series(files)[0]
    volume, put = build_volume(series), partial(keeping.put, code)
    shape = volume.geometry
    stamped, hashed = trial_named(trial, SIMULATED), keeping.hashed(SEEDS)
    archive = render_archive(series, subject=code, time_point=visit, trial=stamped, hashed=hashed)
    return {
        "archive": put(archive), "slices_file": keep_stack(volume, put), "digest": keeping.digest(files),
        "slices": shape.slices, "rows": shape.rows, "columns": shape.columns, "spacing_mm": shape.spacing_mm,
        "kernel": series.kernel,
    }  # fmt: skip


def _keep_seed(seed: str, keeping: Keeping) -> Mapping[str, Any]:
    return {"seed_file": keeping.put(SEEDS, seed.encode())}


def _read(
    whose: tuple[str, int], charter: Charter, truth: Mapping[str, tuple[Lesion, ...]], trial: Trial
) -> Mapping[str, Any]:
    """The read of the next task of a reader, as it is asked for."""
    reader, n = whose
    task = trial.reading.tasks_of(reader)[n].drawn
    slices = trial.reading.scans[task.scan].body.slices
    seen = read_of(charter, reader, task.scan, truth[task.scan], again=task.again)
    return {"task": task.task, "segments": msgspec.to_builtins(seen), "seen": f"1-{slices}"}


def read_of(
    charter: Charter, reader: str, scan: str, lesions: tuple[Lesion, ...], *, again: bool = False
) -> dict[str, kinds.SegmentRead]:
    """What a reader sees: the lesions by the charter's sizes, and now and then a point off."""
    chance = Random(f"{reader} {scan} {again}")  # noqa: S311 -- a simulation is to be repeated
    by_segment = {lesion.segment: lesion for lesion in lesions}
    most = max(score.points for score in charter.scores)
    found = {}
    for segment in charter.segments:
        lesion = by_segment.get(segment.id)
        points = _points(charter, lesion) if lesion else 0
        if chance.random() < MISREAD:
            points = min(most, max(0, points + chance.choice((-1, 1))))
        found[segment.id] = _seen(charter, points, lesion)
    return found


def _points(charter: Charter, lesion: Lesion) -> int:
    if lesion.diameter_mm >= HALF_MM:
        return max(score.points for score in charter.scores)
    return charter.points_for(Decimal(str(lesion.diameter_mm))) or 0


def _seen(charter: Charter, points: int, lesion: Lesion | None) -> kinds.SegmentRead:
    if not points:
        return kinds.SegmentRead(0)
    dense = lesion is not None and lesion.hu == CONSOLIDATION_HU
    form = charter.lesion_forms[1 if dense and len(charter.lesion_forms) > 1 else 0]
    mm = f"{lesion.diameter_mm:g}" if lesion else ""
    return kinds.SegmentRead(points, (form,), charter.lesion_shapes[-1:], mm)


def _plan_settling(
    scene: Scene, charter: Charter, truth: Mapping[str, tuple[Lesion, ...]], *, last: int, seed: str
) -> Iterator[Planned]:
    """Every case in which the readers differ: settled as it truly is, by both; then all is opened."""
    minute = iter(range(200))
    for scan, lesions in truth.items():
        one, other = (read_of(charter, reader, scan, lesions) for reader in READERS)
        open_ = differing(charter, one, other)
        if open_:
            real = {name: _real(charter, name, lesions) for name in open_}
            at = scene.calendar.at(last, "17:30", minutes=next(minute))
            yield plan(at, READERS[0], "propose_consensus", late=partial(_case, scan, real))
            at = scene.calendar.at(last, "17:30", minutes=next(minute))
            yield plan(at, READERS[1], "agree_consensus", late=partial(_proposal, scan))
    at = scene.calendar.at(last, "17:30", minutes=next(minute) + 1)
    yield plan(at, MANAGER, "unblind_reads", seeds=[seed])


def _real(charter: Charter, name: str, lesions: tuple[Lesion, ...]) -> kinds.SegmentRead:
    lesion = next((each for each in lesions if each.segment == name), None)
    seen = _seen(charter, _points(charter, lesion) if lesion else 0, lesion)
    return msgspec.structs.replace(seen, why="measured again together")


def _case(scan: str, settled: Mapping[str, kinds.SegmentRead], trial: Trial) -> Mapping[str, Any]:
    return {"case": trial.reading.scans[scan].case, "segments": msgspec.to_builtins(dict(settled))}


def _proposal(scan: str, trial: Trial) -> Mapping[str, Any]:
    found: Scan = trial.reading.scans[scan]
    return {"case": found.case, "proposal": found.proposals[-1].seq}
