"""The papers of the product: every vial has its line, what came in adds up, and no text is read as source."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest
import segno
from tests.support.accounted_trial import AccountedTrial
from tests.support.tracked_trial import TRACKED_FILES
from tests.unit.paper.test_pdf import unpacked

from firstbreath.paper.accountability_balance import BALANCE_COLUMNS, BalanceLine, state_balance
from firstbreath.paper.accountability_log import LINE_COLUMNS, AccountabilityLog, SiteLog, compose_accountability
from firstbreath.paper.destruction import Destruction, compose_destruction
from firstbreath.paper.labels import Labels, compose_labels
from firstbreath.paper.product_papers import render_when
from firstbreath.paper.product_papers_pdf import Papers, render_product_pdf, render_product_typst
from firstbreath.web.qr import QUIET_ZONE, draw_qr

HOSTILE = '#panic("read") "] $ \\ *a* <c> // /* \u202e\u0007 "))\n#import "@local/x:1.0.0"'


@pytest.fixture(scope="module")
def kept() -> AccountedTrial:
    return AccountedTrial()


def stamped(kept: AccountedTrial) -> Any:
    return msgspec.structs.replace(kept.trial, stamp="SIMULATED")


def log_of(kept: AccountedTrial, *sites: str) -> AccountabilityLog:
    sees = (lambda site: site in sites) if sites else (lambda _site: True)
    return compose_accountability(stamped(kept), kept.trial.protocol, head=kept.door.head.printed, sees=sees)


def north(kept: AccountedTrial) -> SiteLog:
    return next(log for log in log_of(kept).sites if log.site == "North")


def certificate(kept: AccountedTrial, seq: int) -> Destruction:
    hash_of = kept.door.hashes.__getitem__
    return compose_destruction(stamped(kept), kept.trial.protocol, seq, head=kept.door.head.printed, hash_of=hash_of)


def labels_of(kept: AccountedTrial, *codes: str, layout: str = "sheet") -> Labels:
    vials, head = [kept.trial.product.vials[code] for code in codes], kept.door.head.printed
    return compose_labels(stamped(kept), kept.trial.protocol, vials, layout=layout, head=head, draw=draw_qr)


def data_of(paper: Papers) -> dict[str, Any]:
    """What typst reads, read again."""
    first = render_product_typst(paper).split("\n", 1)[0]
    quoted = re.fullmatch(r'#let paper = json\(bytes\("(.*)"\)\)', first)
    assert quoted
    found: dict[str, Any] = json.loads(re.sub(r"\\(.)", r"\1", quoted[1]))
    return found


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", unpacked(pdf)))


class TestAccountability:
    def test_each_vial_that_came_has_one_line(self, kept):
        assert [line[0] for line in north(kept).lines] == [*(f"V{n}" for n in range(1, 11)), "W1", "W2"]
        assert all(len(line) == len(LINE_COLUMNS) for line in north(kept).lines)

    @pytest.mark.parametrize(
        ("vial", "column", "said"),
        [
            ("V1", "Dispensed to subject, day", "S1, day 1"),
            ("V1", "Prepared by / checked by", "Nora Quist\n/ Paul Marsh"),
            ("V1", "Given: on, by", "Nora Quist"),
            ("V1", "Temperature verdict", "in label"),
            ("V1", "Lot, expiry", "L1\nexp. 2027-06-30"),
            ("V3", LINE_COLUMNS[9], "countersigned: Nora Quist"),
            ("V3", "Reason", "warm for two hours"),
            ("V5", LINE_COLUMNS[9], "NOT COUNTERSIGNED"),
            ("V6", LINE_COLUMNS[9], "returned to Maker"),
            ("V7", LINE_COLUMNS[9], "lost"),
            ("V8", LINE_COLUMNS[9], "sent on to South (S3)"),
            ("V8", LINE_COLUMNS[2], "S1"),
            ("V9", LINE_COLUMNS[9], "sent on to South (S4)"),
            ("W1", "Countersigned by, on", "NOT COUNTERSIGNED"),
        ],
    )
    def test_line_says_what_became_of_the_vial(self, kept, vial, column, said):
        line = next(line for line in north(kept).lines if line[0] == vial)
        assert said in line[LINE_COLUMNS.index(column)]

    def test_balance_of_each_lot_by_place(self, kept):
        first, second, total = ({**dict(zip(BALANCE_COLUMNS, line, strict=True))} for line in north(kept).balance)
        assert (first["Lot"], first["Received in all"], first["stored"], first["In stock"]) == ("L1", "10", "1", "2")
        assert {first[name] for name in ("used", "returned", "lost", "withdrawn")} == {"1"}
        assert (first["destroyed"], first["sent on"], first["Difference"]) == ("3", "2", "0")
        assert (second["received, not stored"], total["Received in all"]) == ("2", "12")

    def test_what_came_in_adds_up_in_words(self, kept):
        said = "Received 12 = used 1 + returned 1 + destroyed 3 + lost 1 + sent on 2 + in stock 4. The log reconciles."
        assert north(kept).statement == said
        assert north(kept).lines[-1][-1] == "4"

    def test_difference_is_said_with_its_lot(self):
        assert "DOES NOT RECONCILE: lot L1 by 1." in state_balance([BalanceLine("L1", 3, (2, *(0,) * 10))])

    def test_vial_lost_on_the_way_was_not_received_and_is_named(self, kept):
        assert north(kept).notes == ("Lost before receipt, shipment S1: V11.",)

    def test_shipment_under_way_is_named_at_the_site_it_goes_to(self, kept):
        south = next(log for log in log_of(kept).sites if log.site == "South")
        assert "Shipment S3 is on its way, not received: V8." in south.notes
        assert [line[0] for line in south.lines] == ["V9"]

    def test_site_that_is_not_in_view_is_not_there(self, kept):
        assert [log.site for log in log_of(kept, "South").sites] == ["South"]
        assert "Nora Quist" not in render_product_typst(log_of(kept, "South"))

    def test_lots_close_over_all_sites(self, kept):
        assert [(line[0], line[1], line[-1]) for line in log_of(kept).lots] == [
            ("L1", "12", "closes"),
            ("L2", "2", "closes"),
        ]

    @pytest.mark.parametrize(
        ("told", "shown"),
        [
            ("2026-03-01T08:00:59Z", "2026-03-01 08:00 UTC"),
            ("2026-03-01T08:00+08:00", "2026-03-01 08:00 +0800"),
            ("2026-03-01T08:00", "2026-03-01 08:00"),
            ("2026-03-01", "2026-03-01"),
            ("about noon", "about noon"),
            ("", ""),
        ],
    )
    def test_moment_keeps_its_zone(self, told, shown):
        assert render_when(told) == shown


class TestDestruction:
    def test_certificate_says_who_what_how_why_and_who_saw_it(self, kept):
        paper, hashes = certificate(kept, kept.signed), kept.door.hashes
        assert [line[:4] for line in paper.vials] == [
            ("V3", "L1", "2027-06-30", "S1"),
            ("V4", "L1", "2027-06-30", "S1"),
        ]
        told = dict(paper.destroyed)
        assert (told["Method"].strip(), told["Reason"]) == ("Autoclaved", "warm for two hours")
        assert told["Destroyed by"] == "Paul Marsh, Pharmacist (account paul)"
        assert dict(paper.countersigned)["Countersigned by"].startswith("Nora Quist")
        assert [line[1] for line in paper.events] == [str(kept.signed), str(kept.signed + 1)]
        assert [line[3] for line in paper.events] == [hashes[kept.signed].hex(), hashes[kept.signed + 1].hex()]

    def test_missing_signature_is_said(self, kept):
        paper = certificate(kept, kept.unsigned)
        assert paper.countersigned == ()
        assert data_of(paper)["unsigned"] == "NOT COUNTERSIGNED"

    def test_other_events_have_no_certificate(self, kept):
        with pytest.raises(ValueError, match="no destruction"):
            certificate(kept, 1)


class TestLabels:
    @pytest.mark.parametrize("code", ["V1", "EX-2603/A_01.b", "X" * 40])
    def test_modules_on_the_label_are_those_of_the_code(self, kept, code):
        vial = msgspec.structs.replace(kept.trial.product.vials["V10"], code=code)
        head = kept.door.head.printed
        paper = compose_labels(kept.trial, kept.trial.protocol, [vial], layout="roll", head=head, draw=draw_qr)
        picture = data_of(paper)["labels"][0]["picture"]
        matrix = segno.make(code, error="m", micro=False).matrix
        dark = {(int(x) - QUIET_ZONE, int(y) - QUIET_ZONE) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", picture)}
        assert dark == {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
        assert f'viewBox="0 0 {len(matrix) + 2 * QUIET_ZONE} ' in picture

    def test_label_says_the_lot_the_expiry_and_the_protocols_storage(self, kept):
        label = labels_of(kept, "V10").labels[0]
        assert (label.code, label.batch, label.subject) == ("V10", "Lot L1  Exp 2027-06-30", "")
        assert "Keep frozen. Store at -15 °C or below." in label.lines
        assert "Use within 120 min of thawing." in label.lines

    def test_subject_is_on_it_once_the_vial_is_taken_out(self, kept):
        assert labels_of(kept, "V2").labels[0].subject == "Subject S1, day 2"

    def test_what_the_protocol_lacks_is_absent(self, kept):
        design = msgspec.structs.replace(kept.trial.protocol.design, cold_chain=None)
        bare = msgspec.structs.replace(kept.trial.protocol, design=design)
        vial, head = kept.trial.product.vials["V10"], kept.door.head.printed
        paper = compose_labels(kept.trial, bare, [vial], layout="sheet", head=head, draw=draw_qr)
        assert paper.labels[0].lines == ("2.0e8 vesicles in 1.5 ml",)

    @pytest.mark.parametrize(("layout", "count", "pages"), [("sheet", 24, 1), ("sheet", 25, 2), ("roll", 3, 3)])
    def test_labels_fill_the_pages(self, kept, layout, count, pages):
        assert pages_of(render_product_pdf(labels_of(kept, *("V10",) * count, layout=layout))) == pages

    @pytest.mark.parametrize(("layout", "box"), [("sheet", (595.28, 841.89)), ("roll", (141.73, 70.87))])
    def test_page_has_the_size_of_the_paper(self, kept, layout, box):
        found = re.search(
            rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]",
            unpacked(render_product_pdf(labels_of(kept, "V10", layout=layout))),
        )
        assert found
        assert [float(side) for side in found.groups()] == pytest.approx(box, abs=0.05)


def all_papers(kept: AccountedTrial) -> list[Papers]:
    labels = [labels_of(kept, "V2", "V10", layout=layout) for layout in ("sheet", "roll")]
    return [log_of(kept), certificate(kept, kept.signed), certificate(kept, kept.unsigned), *labels]


def test_same_paper_is_the_same_tagged_pdf(kept):
    for paper in all_papers(kept):
        pdf = render_product_pdf(paper)
        assert pdf == render_product_pdf(paper)
        assert b"<pdfuaid:part>1</pdfuaid:part>" in unpacked(pdf)
        assert not re.search(rb"CreationDate|ModDate|CreateDate|ModifyDate", unpacked(pdf))


def test_stamp_and_head_are_in_every_paper(kept):
    for paper in all_papers(kept):
        top = data_of(paper)["top"]
        assert (top["stamp"], top["head"]) == ("SIMULATED", kept.door.head.printed)


def test_hostile_texts_are_data(kept):
    """Words of the people and of the protocol are printed, never run."""
    name = '"""' + HOSTILE.replace("\\", "\\\\").replace('"', '\\"').replace("\u0007", "") + '"""'
    files = TRACKED_FILES | {"protocol.toml": TRACKED_FILES["protocol.toml"].replace('"Mist"', name)}
    hostile = AccountedTrial(files=files, words=HOSTILE)
    for paper, plain in zip(all_papers(hostile), all_papers(kept), strict=True):
        assert render_product_typst(paper).split("\n", 1)[1] == render_product_typst(plain).split("\n", 1)[1]
        assert "\u202e" not in json.dumps(data_of(paper), ensure_ascii=False)
        assert render_product_pdf(paper).startswith(b"%PDF")


def test_very_long_texts_are_set(kept):
    words, word = "W " * 900, "W" * 10_000
    log = north(kept)
    lines = ((word[:40], words, *log.lines[0][2:-2], word, "0"),)
    top = msgspec.structs.replace(log_of(kept).top, title=word, stamp=words[:60])
    long = msgspec.structs.replace(log, site=word, lines=lines, statement=words, people=word)
    assert render_product_pdf(AccountabilityLog(top, (long,), ())).startswith(b"%PDF")
    paper = msgspec.structs.replace(certificate(kept, kept.unsigned), top=top, destroyed=(("Method", word),))
    assert render_product_pdf(paper).startswith(b"%PDF")


@pytest.mark.parametrize("layout", ["sheet", "roll"])
def test_long_label_stays_on_its_page(kept, layout):
    paper = labels_of(kept, "V2", layout=layout)
    long = msgspec.structs.replace(
        paper.labels[0],
        code="X" * 40,
        batch=f"Lot {'Y' * 40}  Exp 2027-06-30",
        product="Z" * 60,
        subject="Subject " + "S" * 20,
    )
    many = msgspec.structs.replace(paper, labels=(long, long))
    assert pages_of(render_product_pdf(many)) == (1 if layout == "sheet" else 2)
