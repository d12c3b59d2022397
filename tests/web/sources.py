"""Studies for the site's tests: one in memory, one whose every text is hostile, and readers of what a page says."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

from django.http import HttpResponse
from django.test import Client
from tests.support.small_trial import FILES, SmallTrial

from firstbreath.events import kinds
from firstbreath.events.chain import GENESIS, Head
from firstbreath.events.heads import SignedHead, sign_head
from firstbreath.events.kinds import Kind
from firstbreath.events.record import Event, encode_event
from firstbreath.events.store import MemoryStore, Store
from firstbreath.paper.claims import Source, Verdict
from firstbreath.paper.document import Paper, compose_paper
from firstbreath.protocol.folder import compute_digest
from firstbreath.trial.door import Door
from firstbreath.trial.fold import read_events
from firstbreath.trial.history import History
from firstbreath.trial.state import Trial
from firstbreath.web.site import create_application
from firstbreath.web.source import SOURCE

SCRIPT = "\"><script>hacked = 1</script><img src=x onerror=hacked=1>'\u202e{{ 7|add:7 }}"
"""Markup, a quote to break out of an attribute with, a mark that turns text round, and a template's own words."""


class MemorySource:
    """A log in memory as the site reads it; with a door, people act on it."""

    blobs = None
    archive = None

    def __init__(self, store: Store, verdicts: tuple[Verdict, ...] = (), door: Door | None = None) -> None:
        self.store = store
        self.door = door
        self._history = History()
        self._verdicts = verdicts
        self.kept: list[SignedHead] = []

    def history(self) -> History:
        if self.door:
            self.door.refresh()
            return self.door.history
        self._history.extend(read_events(self.store, len(self._history.events)))
        return self._history

    def hash_of(self, seq: int) -> bytes:
        if self.door and seq < len(self.door.hashes):
            return self.door.hashes[seq]
        return next(self.store.records(seq - 1)).hash if seq else GENESIS

    def record_of(self, seq: int) -> bytes:
        return next(self.store.records(seq - 1)).data

    def sign(self, seq: int, *, keep: bool = False) -> SignedHead:
        signed = sign_head(bytes(32), Head(seq, self.hash_of(seq)))
        self.kept += [signed] if keep else []
        return signed

    def verdicts(self) -> tuple[Verdict, ...]:
        return self._verdicts

    def compose(self, trial: Trial) -> Paper:
        events = [(event, self.hash_of(event.seq)) for event in self._history.events[: trial.seq]]
        head = sign_head(bytes(32), Head(trial.seq, self.hash_of(trial.seq)))
        return compose_paper(trial, events, head=head, version="test", verdicts=self._verdicts)


def client_of(source: object) -> Client:
    """A client that asks the site of a source, as a browser on this machine would."""
    create_application(source)  # type: ignore[arg-type]
    return Client(headers={"host": "localhost"}, raise_request_exception=False, **{SOURCE: source})


def small_client(small: SmallTrial, *verdicts: Verdict) -> Client:
    return client_of(MemorySource(small.door.store, verdicts))


def told(response: HttpResponse) -> str:
    """What a page says to a reader: its text without markup, on one line."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def append_raw(store: Store, *events: tuple[Kind, str]) -> None:
    """Append events that no door would write: each a body and its subject, every other text hostile."""
    head = store.head()
    records = [
        encode_event(
            Event(
                seq,
                datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=seq),
                actor=SCRIPT,
                role=SCRIPT,
                body=body,
                subject=subject,
                occurred=SCRIPT,
                reason=SCRIPT,
                source=SCRIPT,
            )
        )
        for seq, (body, subject) in enumerate(events, head.seq + 1)
    ]
    store.append(records, expected=head)


def hostile_source() -> MemorySource:
    """A study in which everyone and everything says `SCRIPT`, the codes of subjects among them."""
    s, store = SCRIPT, MemoryStore()
    title = f"title = '''{s}'''\nnote = '''{s}'''\nsilent = true"
    design = FILES["protocol.toml"].replace('title = "A small trial of an inhaled mist"', title)
    files = FILES | {"protocol.toml": design}
    append_raw(
        store,
        (kinds.ProtocolAdopted(compute_digest(files), files, stamp=s), ""),
        (kinds.ScreeningOpened(s), s),
        (kinds.FormRecorded("demographics", s, {"age": s, s: (s, s)}, {"severe_allergy": s}), s),
        (kinds.FormCorrected(3, "demographics", s, {"age": s, s: s}), s),
        (kinds.FormRecorded(s, "screening", {s: s}), s),
        (kinds.EligibilityAttested({s: True, "E1": True}), s),
        (kinds.ConsentSigned(s, s, (s, s), (s,)), s),
        (kinds.SubjectEnrolled(s, 1), s),
        (kinds.DoseGiven(1, 1, "2.0e8", s, s, s), s),
        (kinds.DoseInterrupted(2, 2, "2.0e8", s, s), s),
        (kinds.DoseMissed(3), s),
        (kinds.ConsentWithdrawn(s), s),
        (kinds.ReviewRecorded((s,), "hold", 1, (s,)), ""),
        (kinds.DeviationRecorded(s, s), s),
        (kinds.ActRefused(s, "refused", (kinds.Reason(s, s, s),)), s),
        (kinds.ScreeningOpened(s), "../../log\n"),
        (kinds.ScreeningOpened(s), "a/b?c#d&e=%2e"),
        (kinds.ParticipationEnded(s), s),
    )
    return MemorySource(store, (verdict("contradicted", text=s),))


def verdict(word: str, *, text: str = "Seven subjects were enrolled.") -> Verdict:
    """A verdict with every text the same."""
    source = Source(file=text, row=1, column=text, value=text, place=text)
    return Verdict(
        id="a-claim",
        kind="count",
        place=text,
        claim=text,
        verdict=word,
        working=text,
        sources=(source,),
        queries=(text,),
    )
