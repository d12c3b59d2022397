"""The protocol folder, read into frozen values.

Three names to know: `parse_protocol` (texts to a `Protocol` and all findings at once), `Rule` (a
three-valued expression over declared names) and `Finding` (what is wrong, where, and what to do).
This room never touches a file, a clock or a log: texts come in, values go out.
"""

from firstbreath.protocol.findings import Finding, render_finding
from firstbreath.protocol.folder import PROTOCOL_FILES, compute_digest, parse_protocol
from firstbreath.protocol.rules import Outcome, Rule, evaluate_rule, parse_rule
from firstbreath.protocol.values import Protocol

__all__ = [
    "PROTOCOL_FILES",
    "Finding",
    "Outcome",
    "Protocol",
    "Rule",
    "compute_digest",
    "evaluate_rule",
    "parse_protocol",
    "parse_rule",
    "render_finding",
]
