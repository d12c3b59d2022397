"""Verifying a whole study folder: the chain, the signed heads, the files, and that the log can be read."""

import msgspec

from firstbreath.cli.exits import Exit, Stop
from firstbreath.cli.study import Study, explained_store
from firstbreath.events.chain import GENESIS, Head, verify_chain
from firstbreath.events.heads import check_signature
from firstbreath.events.kinds import (
    ConsentSigned,
    MaskJudged,
    ReaderReplaced,
    ReadingOrderDrawn,
    RecordsSigned,
    ScanFiled,
    ShipmentReceived,
    SubjectKeyDestroyed,
    TemperatureImported,
)
from firstbreath.events.record import Event, UnreadableRecord, decode_event
from firstbreath.events.store import StoreError
from firstbreath.reading.stored import decode_stored
from firstbreath.trial.draws import strange_draws
from firstbreath.trial.fold import UnfoldableLog, fold, read_events
from firstbreath.trial.records import reason_against_digest


class Report(msgspec.Struct, frozen=True):
    """What verification found: nothing in `broken` means that everything holds."""

    records: int
    head: str
    heads: int
    files: int
    signatures: int
    broken: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is broken."""
        return not self.broken


def verify_study(study: Study, heads: tuple[Head, ...] = ()) -> Report:
    """The report on a study folder.

    heads  heads from printouts that the log must pass through
    """
    signed = study.signed_heads()
    broken = [f"signed head {head.seq}: its signature does not fit" for head in signed if not check_signature(head)]
    if len({head.key for head in signed}) > 1:
        broken.append("signed heads: they are of different keys")
    with explained_store():
        chain = verify_chain(study.store.rows(), (*(head.head for head in signed), *heads))
    if chain.broken:
        broken.insert(0, f"record {chain.broken.seq} {chain.broken.what}")
    files, signatures, lost, remarks = 0, 0, list[str](), list[str]()
    if not broken:
        files, lost, remarks = _verify_contents(study)
        signatures, forged = _verify_signatures(study)
        lost += forged
    if not signed and chain.head.seq:
        remarks.append("no head is signed yet: only a printout or a copy can tell whether the log lost its end")
    printed = chain.head.printed
    return Report(chain.head.seq, printed, len(signed), files, signatures, (*broken, *lost), tuple(remarks))


def _verify_signatures(study: Study) -> tuple[int, list[str]]:
    """How many signatures of records there are, and which do not vouch for what they name."""
    try:
        with explained_store():
            rows = list(study.store.records())
            events = [decode_event(row.data) for row in rows]
    except (UnreadableRecord, Stop):
        return 0, []  # said already, where the contents are read
    hashes = [GENESIS, *(row.hash for row in rows)]
    signed = [event for event in events if isinstance(event.body, RecordsSigned)]
    found = [(event.seq, reason_against_digest(event, events, hashes.__getitem__)) for event in signed]
    return len(signed), [f"record {seq}: the signature does not hold: {why}" for seq, why in found if why]


def _files_of(body: object) -> tuple[str, ...]:
    """The files that an event names: photographs, the file of a logger, a scan, a sealed seed."""
    if isinstance(body, ConsentSigned | ShipmentReceived):
        return body.photographs
    if isinstance(body, ScanFiled):
        return tuple(name for name in (body.archive, body.slices_file) if name)
    if isinstance(body, ReadingOrderDrawn | ReaderReplaced):
        return (body.seed_file,) if body.seed_file else ()
    return (body.file,) if isinstance(body, TemperatureImported | MaskJudged) and body.file else ()


def _verify_slices(study: Study, event: Event) -> tuple[int, list[str]]:
    """How many slices of a scan are kept for the viewer, and what is broken; their list itself is checked as a file."""
    body = event.body
    if not isinstance(body, ScanFiled) or not study.blobs.check(body.slices_file):
        return 0, []
    if not study.blobs.has_key(event.subject):
        return 0, []
    try:
        names = decode_stored(study.blobs.get(event.subject, body.slices_file)).slices
    except (StoreError, msgspec.MsgspecError) as wrong:
        return 0, [f"record {event.seq}: the slices of its scan cannot be looked up: {wrong}"]
    lost = [name for name in names if not study.blobs.check(name)]
    text = f"record {event.seq}: {len(lost)} of {len(names)} slices of its scan are missing or were changed"
    return len(names), [text] if lost else []


def _verify_contents(study: Study) -> tuple[int, list[str], list[str]]:
    """How many files the log names, what is broken, and where the clock went back."""
    files, broken, remarks = 0, list[str](), list[str]()
    scans, destroyed = list[Event](), set[str]()
    last = None
    try:
        with explained_store():
            for event in read_events(study.store):
                if last is not None and event.at < last.at:
                    remarks.append(f"record {event.seq} is dated before record {last.seq}: the clock went back")
                last = event
                for name in _files_of(event.body):
                    files += 1
                    if not study.blobs.check(name):
                        broken.append(f"record {event.seq}: its file {name[:16]} is missing or was changed")
                scans += [event] if isinstance(event.body, ScanFiled) else []
                destroyed |= {event.subject} if isinstance(event.body, SubjectKeyDestroyed) else set()
            for event in scans:
                slices, lost = _verify_slices(study, event)
                files, broken = files + slices, broken + lost
            without = {event.subject for event in scans if not study.blobs.has_key(event.subject)} - destroyed
            if without:
                remarks.append(f"slices of {len(without)} subjects' scans were not checked: their keys are not here")
            broken += strange_draws(fold(read_events(study.store)))
    except (UnreadableRecord, UnfoldableLog) as wrong:
        broken.append(str(wrong))
    except Stop as stop:
        if stop.code is not Exit.STORAGE:
            raise
        broken.append(str(stop))
    return files, broken, remarks
