"""The language of a page: the one that was chosen, else the browser's; and what the protocol shows in it.

Only what is shown changes: values are recorded as the protocol declares them. A site that is only read is in English.
"""

from collections.abc import Callable, Mapping
from contextvars import ContextVar

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from firstbreath.events.record import UnreadableRecord
from firstbreath.events.store import StoreError
from firstbreath.protocol.values import Protocol
from firstbreath.trial.fold import UnfoldableLog
from firstbreath.web.act import see_other
from firstbreath.web.errors import act_page
from firstbreath.web.moment import source_of
from firstbreath.web.source import Unavailable

CHOSEN = "language"
ENGLISH = "en"
Answer = Callable[[HttpRequest], HttpResponse]


class WordBook(msgspec.Struct, frozen=True):
    """What is shown for declared texts, for labels by field, and for choices by field and choice."""

    texts: Mapping[str, str] = {}
    labels: Mapping[str, str] = {}
    choices: Mapping[tuple[str, str], str] = {}


DECLARED = WordBook()
"""Everything is shown as declared."""
BOOK: ContextVar[WordBook] = ContextVar("BOOK", default=DECLARED)


def speak(answer: Answer) -> Answer:
    """Middleware: answer in the language of whoever asks."""

    def spoken(request: HttpRequest) -> HttpResponse:
        language = read_language(request)
        book = BOOK.set(_book_for(request, language))
        try:
            with translation.override(language):
                response = answer(request)
        finally:
            BOOK.reset(book)
        response.headers.setdefault("Content-Language", language)
        return response

    return spoken


def read_language(request: HttpRequest) -> str:
    """The language that was chosen in this session, else the one the browser asks for, else English."""
    if source_of(request).door is None:
        return ENGLISH
    chosen = request.session.get(CHOSEN) if request.session.session_key else None
    known = dict(settings.LANGUAGES)
    return str(chosen if chosen in known else translation.get_language_from_request(request))


def _book_for(request: HttpRequest, language: str) -> WordBook:
    if language == ENGLISH:
        return DECLARED
    try:
        protocol = source_of(request).history().now.protocol
    except (StoreError, Unavailable, UnreadableRecord, UnfoldableLog):
        return DECLARED  # the page will say that the log cannot be read
    return compute_book(protocol, language) if protocol and language in protocol.words else DECLARED


def compute_book(protocol: Protocol, language: str) -> WordBook:
    """What is shown of a protocol in a language that it has words in."""
    words, design = protocol.words[language], protocol.design
    declared = {
        "forms": [(form.id, form.title) for form in protocol.forms],
        "criteria": [(criterion.id, criterion.text) for criterion in design.criteria],
        "visits": [(visit.id, visit.label) for visit in design.visits],
        "inhalation_events": [(event.id, event.term) for event in design.inhalation_events],
        "checks": [(check.id, check.text) for check in protocol.checks],
    }
    texts = {text: words.text_of(group, of) for group, pairs in declared.items() for of, text in pairs}
    choices = {(field.id, choice): shown for field in words.fields for choice, shown in field.choices.items()}
    return WordBook(texts, {field.id: field.text for field in words.fields}, choices)


@act_page(public=True)
def choose_language(request: HttpRequest) -> HttpResponse:
    """Choose a language for this session, and go back to where one was."""
    language = request.POST.get("language", "")
    if request.method == "POST" and language in dict(settings.LANGUAGES):
        request.session[CHOSEN] = language
    before = request.headers.get("Referer", "")
    known = url_has_allowed_host_and_scheme(before, allowed_hosts={request.get_host()})
    return see_other(before if known else reverse("overview"))
