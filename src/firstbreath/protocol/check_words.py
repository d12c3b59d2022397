"""Words in another language belong to something that is declared, once; and what has none, for whoever asks."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from firstbreath.protocol.complaints import Complaint, undeclared
from firstbreath.protocol.values import LANGUAGES, Protocol, WordsFile

GROUPS = ("forms", "fields", "criteria", "visits", "inhalation_events", "checks")


def check_words(protocol: Protocol) -> Iterator[Complaint]:
    """Ids and choices that the protocol does not declare, and ids that stand twice."""
    for file, language in LANGUAGES.items():
        words = protocol.words.get(language)
        if words is not None:
            yield from _check_file(file, words, protocol)


def _check_file(file: str, words: WordsFile, protocol: Protocol) -> Iterator[Complaint]:
    for group, declared in _declared(protocol).items():
        ids = [each.id for each in getattr(words, group)]
        counted = Counter(ids)
        for n, each in enumerate(ids):
            yield from undeclared(file, (group, n), each, declared)
            if counted[each] > 1:
                yield Complaint(file, (group, n), "PROT-010", f'"{each}" stands twice in {group}.', "Keep one.")
    for n, field in enumerate(words.fields):
        declared_field = protocol.field(field.id)
        for choice in field.choices:
            choices = declared_field.choices if declared_field else (choice,)
            yield from undeclared(file, ("fields", n, "choices", choice), choice, choices)


def _declared(protocol: Protocol) -> Mapping[str, Collection[str]]:
    design = protocol.design
    return {
        "forms": [form.id for form in protocol.forms],
        "fields": [field.id for form in protocol.forms for field in form.fields],
        "criteria": [criterion.id for criterion in design.criteria],
        "visits": [visit.id for visit in design.visits],
        "inhalation_events": [event.id for event in design.inhalation_events],
        "checks": [check.id for check in protocol.checks],
    }


def list_without_words(protocol: Protocol, language: str) -> tuple[str, ...]:
    """What is shown as declared for want of words in a language: ids, and choices as `field: choice`.

    Raises `KeyError` when the protocol has no words in that language at all.
    """
    words = protocol.words[language]
    lacking = [
        declared_id for group, ids in _declared(protocol).items() for declared_id in ids
        if not words.text_of(group, declared_id)
    ]  # fmt: skip
    choices = [(field.id, choice) for form in protocol.forms for field in form.fields for choice in field.choices]
    return (*lacking, *(f"{field}: {choice}" for field, choice in choices if not words.choice_of(field, choice)))
