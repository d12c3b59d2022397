"""What every value of a protocol is made of. The field texts here are also the published JSON Schema."""

from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

Id = Annotated[str, Meta(pattern="^[A-Za-z][A-Za-z0-9_]{0,39}$", description="a letter, then letters, digits or _")]
Text = Annotated[str, Meta(min_length=1, max_length=2000)]
Drawing = Annotated[str, Meta(min_length=1, max_length=20_000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Amount = Annotated[Decimal, Meta(extra_json_schema={"type": "number", "exclusiveMinimum": 0})]
Sdtm = Annotated[
    str,
    Meta(
        pattern=r"^([A-Z]{2,6}\.[A-Z][A-Z0-9]{0,7}( [A-Z]{2,8}=[A-Z][A-Z0-9]{0,7})?)?$",
        description="a dataset and variable such as DM.AGE, and if need be a code such as LB.LBORRES LBTESTCD=WBC",
    ),
]


class Sourced(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Anything a protocol states: where it comes from, and whether its source is silent on it.

    `silent` marks a value the source does not give: it is this file's own choice, or left out.
    `note` names an assumption or a contradiction in one sentence.
    """

    source: str = ""
    silent: bool = False
    note: str = ""
