"""What must hold between the parts of a protocol: each pass yields complaints, all passes run."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from firstbreath.protocol.check_analysis import check_analysis, check_charter
from firstbreath.protocol.check_conduct import check_arms, check_consent, check_doses, check_gates, check_zones
from firstbreath.protocol.check_criteria import check_criteria
from firstbreath.protocol.check_endpoints import check_endpoints, check_forests
from firstbreath.protocol.check_forms import check_edit_checks, check_fields
from firstbreath.protocol.check_ids import check_ids, check_names
from firstbreath.protocol.check_inhalation import check_inhalation
from firstbreath.protocol.check_product import check_cold_chain
from firstbreath.protocol.check_references import check_references, check_unused
from firstbreath.protocol.check_rules import check_derived, check_rules
from firstbreath.protocol.check_schedule import check_schedule, check_windows
from firstbreath.protocol.check_words import check_words
from firstbreath.protocol.complaints import Complaint, to_finding
from firstbreath.protocol.findings import Finding
from firstbreath.protocol.toml import TomlText
from firstbreath.protocol.values import Protocol

MAX_FINDINGS_OF_A_PASS = 200

PASSES: tuple[Callable[[Protocol], Iterator[Complaint]], ...] = (
    check_ids,
    check_names,
    check_references,
    check_unused,
    check_fields,
    check_zones,
    check_edit_checks,
    check_doses,
    check_arms,
    check_cold_chain,
    check_consent,
    check_gates,
    check_derived,
    check_rules,
    check_criteria,
    check_schedule,
    check_windows,
    check_inhalation,
    check_charter,
    check_analysis,
    check_endpoints,
    check_forests,
    check_words,
)


def check_parts(protocol: Protocol, texts: Mapping[str, TomlText]) -> list[Finding]:
    """Every finding of every pass, with its line."""
    return [
        to_finding(complaint, texts.get(complaint.file))
        for check in PASSES
        for complaint in islice(check(protocol), MAX_FINDINGS_OF_A_PASS)
    ]
