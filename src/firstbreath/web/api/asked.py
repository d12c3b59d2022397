"""Every act as a program asks for it: the fields of its command, when it happened, why, and for signatures who signs.

The types are made from the commands, so that nothing is written twice: what is not documented cannot be sent.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any

import msgspec

from firstbreath.people.rights import RIGHTS, SIGNING_ACTS
from firstbreath.trial.commands import ACTS, AnyCommand

DONE_ON_PAGES = frozenset(
    {"import_file", "import_temperature", "make_export", "reset_credential", "sign_consent"}
    | {"file_scan", "draw_reading_order", "replace_reader", "unblind_reads", "judge_mask"}
    | {"draft_read", "sign_read", "void_read", "propose_consensus", "agree_consensus", "adjudicate_scan"}
)
"""Acts that write down what is done on a page: a file that is read, a consent that several people sign on one screen.
Asking for them by themselves would be untrue."""
MAX_NUMBER = 2**31 - 1
Number = Annotated[int, msgspec.Meta(ge=-MAX_NUMBER, le=MAX_NUMBER)]
"""A whole number of any command: a day, a count, a place in the log."""
_BOUNDED: Mapping[Any, Any] = {int: Number, tuple[int, ...]: tuple[Number, ...]}


class Reauthentication(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The signer's password, and the code of the second factor where there is one. Neither is kept."""

    password: str
    code: str = ""


class About(msgspec.Struct, frozen=True):
    """What is said about an act beside its own fields."""

    occurred: str = ""
    reason: str = ""
    reauthentication: Reauthentication | None = None


def is_offered(act: str) -> bool:
    """Whether programs may ask for an act: some role may do it, and it is no note of what a page has done."""
    return bool(RIGHTS.by_act.get(act)) and act not in DONE_ON_PAGES


def _type_of(act: str, command: type[Any]) -> type[msgspec.Struct]:
    """The type of what is sent for an act."""
    proof = [("reauthentication", Reauthentication, msgspec.NODEFAULT)] if act in SIGNING_ACTS else []
    own = [
        (field.name, _BOUNDED.get(field.type, field.type), _default_of(field))
        for field in msgspec.structs.fields(command)
    ]
    about: list[tuple[str, Any, Any]] = [("occurred", str, ""), ("reason", str, ""), *proof]
    return msgspec.defstruct(
        command.__name__,
        [(name, kind, msgspec.field() if usual is msgspec.NODEFAULT else usual) for name, kind, usual in own + about],
        namespace={"__doc__": command.__doc__},
        kw_only=True,
        frozen=True,
        forbid_unknown_fields=True,
    )


def _default_of(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return msgspec.field(default_factory=field.default_factory)
    return field.default


ASKED: Mapping[str, type[msgspec.Struct]] = {act: _type_of(act, ACTS[act]) for act in ACTS if is_offered(act)}
"""The type of what is sent for each act that is offered, by its name."""


_DECODERS = {act: msgspec.json.Decoder(asked) for act, asked in ASKED.items()}
"""Made before threads use them; see `reading.stored`."""


def parse_asked(act: str, body: bytes) -> tuple[AnyCommand, About]:
    """The command that a body states, and what is said about it.

    Raises `ValueError` with a message for whoever wrote the program.
    """
    try:
        sent = _DECODERS[act].decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise ValueError(str(wrong)) from None
    fields = msgspec.structs.asdict(sent)
    about = About(**{name: fields.pop(name) for name in About.__struct_fields__ if name in fields})
    command: AnyCommand = ACTS[act](**fields)
    return command, about


def name_request(key: str, command: AnyCommand, about: About) -> str:
    """The id of a request: the key that the program gave, and a digest of what it asks for under it."""
    asked = msgspec.json.encode((command, about.occurred, about.reason))
    return f"{key}#{sha256(asked).hexdigest()[:16]}"
