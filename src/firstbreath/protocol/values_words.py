"""What is shown in another language of what a protocol declares; what is recorded stays as declared."""

from collections.abc import Mapping

import msgspec

from firstbreath.protocol.values_base import Id, Text


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The text that is shown in place of the declared one, by the id of what it belongs to."""

    id: Id
    text: Text


class FieldWords(Words, frozen=True, kw_only=True):
    """The label of a field, and what is shown for each of its choices."""

    choices: dict[Text, Text] = {}


class WordsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`forms.zh-Hans.toml`: Simplified Chinese for whoever fills the forms; what has none is shown as declared."""

    forms: tuple[Words, ...] = ()
    fields: tuple[FieldWords, ...] = ()
    criteria: tuple[Words, ...] = ()
    visits: tuple[Words, ...] = ()
    inhalation_events: tuple[Words, ...] = ()
    checks: tuple[Words, ...] = ()

    def text_of(self, group: str, declared_id: str) -> str:
        """The text of something in a group such as `criteria`, or empty."""
        words: tuple[Words, ...] = getattr(self, group)
        return next((each.text for each in words if each.id == declared_id), "")

    def choice_of(self, field_id: str, choice: str) -> str:
        """What is shown for a choice of a field, or empty."""
        return next((field.choices.get(choice, "") for field in self.fields if field.id == field_id), "")


LANGUAGES: Mapping[str, str] = {"forms.zh-Hans.toml": "zh-hans"}
"""The language of each file of words, as browsers name it in small letters."""
