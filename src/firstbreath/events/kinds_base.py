"""What every kind of event is made of."""

import msgspec

Entry = str | tuple[str, ...]
"""A recorded value: its text, or several choices."""


class Body(msgspec.Struct, frozen=True, gc=False, tag_field="kind", omit_defaults=True):
    """The part of an event that its kind defines. Values only: `gc=False` holds because nothing refers back."""


class Reason(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Why an act was not allowed: a stable code, what against which limit, and what to do next."""

    code: str
    text: str
    fix: str = ""
