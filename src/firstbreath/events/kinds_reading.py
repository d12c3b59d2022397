"""What can happen to a scan on its way from the scanner to one score."""

import msgspec

from firstbreath.events.kinds_base import Body


class SegmentRead(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What a reader saw in one segment; `points` is None where it cannot be evaluated, which is not zero.

    mm    the longest axial diameter as measured, or empty
    why   what settled it, where readers had differed
    open  in a draft: something is entered, and no score yet
    """

    points: int | None
    forms: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    mm: str = ""
    why: str = ""
    open: bool = False


class MeasuredLine(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A length measured in a slice (from 0), between two places as column and row, mm.

    segment  the one that was being scored when it was drawn, or empty
    """

    slice: int
    start: tuple[float, float]
    end: tuple[float, float]
    mm: float
    segment: str = ""


class ScanFiled(Body, frozen=True, tag="scan_filed"):
    """A scan of the event's subject was taken in, without anything that names the patient.

    scan      what it is called here; readers never learn it
    archive   the kept file of the archive copy, `slices_file` of the list of its slices in Hounsfield units
    digest    the SHA-256 of what was sent
    flags     what was seen at the door that a person has to look at
    left_out  what was sent and not taken, by reason
    """

    scan: str
    visit: str
    archive: str
    slices_file: str
    digest: str
    slices: int
    rows: int
    columns: int
    spacing_mm: tuple[float, float, float]
    kernel: str = ""
    flags: tuple[str, ...] = ()
    left_out: dict[str, int] = {}


class ScanPassed(Body, frozen=True, gc=False, tag="scan_passed"):
    """Somebody looked at a scan: it is the patient's, complete, and nothing is burned into its pixels."""

    scan: str


class ScanRejected(Body, frozen=True, gc=False, tag="scan_rejected"):
    """A scan is not read."""

    scan: str


class TaskDrawn(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A scan in the list of a reader, under a code that only this reader sees; `again` marks a hidden repeat."""

    task: str
    reader: str
    scan: str
    position: int
    again: bool = False


class ReadingOrderDrawn(Body, frozen=True, tag="reading_order_drawn"):
    """The order in which each reader reads was drawn from a sealed seed.

    seal   the SHA-256 of the seed, `seed_file` the kept file that holds it
    cases  for each scan the code under which both readers find it again to settle differences
    """

    tasks: tuple[TaskDrawn, ...]
    cases: dict[str, str]
    seal: str
    seed_file: str = ""


class ReaderReplaced(Body, frozen=True, tag="reader_replaced"):
    """Another took the place of a reader: reads anew what not all had signed, and settles the rest.

    tasks  the list of whoever follows (`by`); the tasks of `reader` for these scans do not count any more
    seal   the SHA-256 of the seed it was drawn from, `seed_file` the kept file that holds it
    """

    reader: str
    by: str
    tasks: tuple[TaskDrawn, ...]
    seal: str
    seed_file: str = ""


class ReadDrafted(Body, frozen=True, tag="read_drafted"):
    """A read in progress was kept: what is entered so far; `seen` are the slices that were shown, such as 1-38."""

    task: str
    segments: dict[str, SegmentRead]
    seen: str = ""
    remark: str = ""
    lines: tuple[MeasuredLine, ...] = ()


class ReadSigned(Body, frozen=True, tag="read_signed"):
    """A reader signed a read: every segment is scored or not evaluable. `total` is None with one not evaluable."""

    task: str
    segments: dict[str, SegmentRead]
    total: int | None
    name: str
    seen: str = ""
    remark: str = ""
    lines: tuple[MeasuredLine, ...] = ()


class ReadVoided(Body, frozen=True, gc=False, tag="read_voided"):
    """A signed read (event `read`) does not count; it stays, and its scan is read again."""

    task: str
    read: int


class ConsensusProposed(Body, frozen=True, tag="consensus_proposed"):
    """A reader signed how the segments on which a scan's reads differ are settled, and why each."""

    scan: str
    segments: dict[str, SegmentRead]
    name: str


class ConsensusAgreed(Body, frozen=True, gc=False, tag="consensus_agreed"):
    """The other reader signed the same (event `proposal`)."""

    scan: str
    proposal: int
    name: str


class ScanAdjudicated(Body, frozen=True, tag="scan_adjudicated"):
    """A third reader signed how the segments on which a scan's reads differ are settled, and why each."""

    scan: str
    segments: dict[str, SegmentRead]
    name: str


class MaskJudged(Body, frozen=True, tag="mask_judged"):
    """Somebody accepted or rejected a lung mask; its volumes are exploratory. `bands_ml` by the name of each band."""

    scan: str
    accepted: bool
    method: str
    mask_ml: float
    bands_ml: dict[str, float] = {}
    file: str = ""


class ReadsUnblinded(Body, frozen=True, gc=False, tag="reads_unblinded"):
    """The reads are final: from here on everybody may know them, and the seeds of the order are open."""

    seeds: tuple[str, ...] = ()
