"""A measured line in the log: what was written before lines knew their segment is read, and written, as it was."""

import msgspec
import pytest

from firstbreath.events.kinds import MeasuredLine

BEFORE = b'{"slice":2,"start":[1.0,2.0],"end":[5.0,2.0],"mm":36.0}'


@pytest.mark.parametrize(
    ("written", "segment"),
    [(BEFORE, ""), (BEFORE.replace(b"}", b',"segment":"R1"}'), "R1")],
    ids=["before", "with its segment"],
)
def test_line_keeps_its_bytes(written, segment):
    line = msgspec.json.decode(written, type=MeasuredLine)
    assert (line.slice, line.start, line.end, line.mm, line.segment) == (2, (1, 2), (5, 2), 36, segment)
    assert msgspec.json.encode(line) == written
