"""What can be asked of this slice. Readers name a task or a case; only who manages the scans names a scan."""

import msgspec

from firstbreath.events.kinds import MeasuredLine, SegmentRead


class ReadingCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="act", forbid_unknown_fields=True):
    """An act about scans and their reads."""


class FileScan(ReadingCommand, frozen=True, tag="file_scan"):
    """Take in a scan of a subject at a visit; see `ScanFiled`."""

    subject: str
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


class PassScan(ReadingCommand, frozen=True, tag="pass_scan"):
    """State that a scan was looked at, is complete, and that nothing is burned into it."""

    scan: str


class RejectScan(ReadingCommand, frozen=True, tag="reject_scan"):
    """Take a scan out of reading; needs a reason."""

    scan: str


class DrawReadingOrder(ReadingCommand, frozen=True, tag="draw_reading_order"):
    """Draw the order of each reader for the scans that wait; `seed_file` is the kept file that holds the seed."""

    readers: tuple[str, ...]
    seed: str
    seed_file: str = ""


class ReplaceReader(ReadingCommand, frozen=True, tag="replace_reader"):
    """Let another (`by`) take the place of a reader; needs a reason.

    seed_file  the kept file that holds the seed of the new list
    """

    reader: str
    by: str
    seed: str
    seed_file: str = ""


class ReadEntries(ReadingCommand, frozen=True):
    """What is entered of a read; see `ReadDrafted`."""

    task: str
    segments: dict[str, SegmentRead]
    seen: str = ""
    remark: str = ""
    lines: tuple[MeasuredLine, ...] = ()


class DraftRead(ReadEntries, frozen=True, tag="draft_read"):
    """Keep what is entered of a read so far."""


class SignRead(ReadEntries, frozen=True, tag="sign_read"):
    """Sign a read; every segment has its points or is not evaluable."""


class VoidRead(ReadingCommand, frozen=True, tag="void_read"):
    """State that the signed read of a task does not count; needs a reason."""

    task: str


class SettleCase(ReadingCommand, frozen=True):
    """How the segments on which the reads of a case differ are settled, each with why."""

    case: str
    segments: dict[str, SegmentRead]


class ProposeConsensus(SettleCase, frozen=True, tag="propose_consensus"):
    """Sign it as one of the two readers; the other has to sign the same."""


class AgreeConsensus(ReadingCommand, frozen=True, tag="agree_consensus"):
    """Sign what the other reader proposed (its event)."""

    case: str
    proposal: int


class AdjudicateScan(SettleCase, frozen=True, tag="adjudicate_scan"):
    """Sign it as a third reader, who has read neither."""


class UnblindReads(ReadingCommand, frozen=True, tag="unblind_reads"):
    """Make the reads final and open: every scan is read and settled. `seeds` are those of the drawn orders."""

    seeds: tuple[str, ...] = ()


class JudgeMask(ReadingCommand, frozen=True, tag="judge_mask"):
    """Accept or reject the lung mask of a scan, with the volumes that follow from it; see `MaskJudged`."""

    scan: str
    accepted: bool
    method: str
    mask_ml: float
    bands_ml: dict[str, float] = {}
    file: str = ""
