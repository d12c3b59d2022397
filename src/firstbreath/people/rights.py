"""Which role may do what: one grid, which the site shows as it stands here."""

from collections.abc import Mapping

import msgspec

ROLES: Mapping[str, str] = {
    "investigator": "Investigator",
    "nurse": "Coordinator or nurse",
    "pharmacist": "Pharmacist",
    "radiologist": "Radiologist",
    "safety_group": "Safety group member",
    "data_manager": "Data manager",
    "monitor": "Monitor",
    "statistician": "Statistician",
    "sponsor": "Sponsor",
    "administrator": "Administrator",
}
"""Every role by its id, in the order of the grid."""

GRID = """
                       | inv nur pha rad saf dat mon sta spo adm
see_trial              |  X   X   X   .   X   X   X   X   X   X
see_subjects           |  X   X   X   .   X   X   X   X   X   .
see_safety             |  X   X   .   .   X   X   X   X   X   .
see_product            |  X   X   X   .   X   X   X   .   X   .
see_scans              |  X   X   .   .   .   X   X   X   X   .
see_own_reads          |  .   .   .   X   .   .   .   .   .   .
see_results            |  X   .   .   .   X   X   X   X   X   .
see_consent_papers     |  X   X   .   .   .   .   X   .   .   .
see_queries            |  X   X   .   .   .   X   X   .   .   .
see_log                |  X   X   X   .   X   X   X   X   X   X
see_people             |  X   X   X   X   X   X   X   X   X   X
open_screening         |  X   X   .   .   .   .   .   .   .   .
record_form            |  X   X   .   .   .   .   .   .   .   .
correct_form           |  X   X   .   .   .   .   .   .   .   .
strike_entry           |  X   X   .   .   .   .   .   .   .   .
attest_eligibility     |  X   .   .   .   .   .   .   .   .   .
file_consent_document  |  X   .   .   .   .   .   .   .   X   .
sign_consent           |  X   X   .   .   .   .   .   .   .   .
withdraw_consent       |  X   X   .   .   .   .   .   .   .   .
enrol_subject          |  X   .   .   .   .   .   .   .   .   .
start_inhalation       |  X   X   .   .   .   .   .   .   .   .
pause_inhalation       |  X   X   .   .   .   .   .   .   .   .
resume_inhalation      |  X   X   .   .   .   .   .   .   .   .
stop_inhalation        |  X   X   .   .   .   .   .   .   .   .
see_inhalation_event   |  X   X   .   .   .   .   .   .   .   .
give_dose              |  X   X   .   .   .   .   .   .   .   .
interrupt_dose         |  X   X   .   .   .   .   .   .   .   .
miss_dose              |  X   X   .   .   .   .   .   .   .   .
record_deviation       |  X   X   X   .   .   X   X   .   .   .
end_participation      |  X   .   .   .   .   .   .   .   .   .
report_adverse_event   |  X   X   .   .   .   .   .   .   .   .
judge_adverse_event    |  X   .   .   .   .   .   .   .   .   .
revise_adverse_event   |  X   .   .   .   .   .   .   .   .   .
forward_serious_event  |  X   .   .   .   .   .   .   .   X   .
set_reference_range    |  X   .   .   .   .   X   .   .   .   .
freeze_packet          |  X   .   .   .   X   X   .   .   X   .
cast_vote              |  .   .   .   .   X   .   .   .   .   .
conclude_packet        |  .   .   .   .   X   X   .   .   .   .
record_review          |  .   .   .   .   .   .   .   .   .   .
open_query             |  .   .   .   .   X   X   X   .   .   .
answer_query           |  X   X   .   .   .   .   .   .   .   .
close_query            |  .   .   .   .   .   X   X   .   .   .
reopen_query           |  .   .   .   .   .   X   X   .   .   .
verify_source          |  .   .   .   .   .   .   X   .   .   .
sign_records           |  X   X   X   X   X   X   X   X   X   .
freeze_subject         |  .   .   .   .   .   X   .   .   .   .
unfreeze_subject       |  .   .   .   .   .   X   .   .   .   .
lock_trial             |  .   .   .   .   .   X   .   .   X   .
unlock_trial           |  .   .   .   .   .   .   .   .   X   .
import_file            |  X   X   .   .   .   .   .   .   .   .
make_export            |  X   .   .   .   X   X   X   X   X   .
amend_protocol         |  .   .   .   .   .   .   .   .   X   .
register_lot           |  .   .   X   .   .   .   .   .   X   .
sign_lot_release       |  .   .   X   .   .   .   .   .   X   .
block_lot              |  .   .   X   .   .   .   .   .   X   .
pack_shipment          |  .   .   X   .   .   .   .   .   X   .
send_shipment          |  .   .   X   .   .   .   .   .   X   .
receive_shipment       |  .   X   X   .   .   .   .   .   .   .
countersign_handover   |  X   X   X   .   .   .   .   .   X   .
store_vials            |  .   X   X   .   .   .   .   .   .   .
withdraw_vials         |  .   X   X   .   .   .   .   .   .   .
thaw_vials             |  .   X   X   .   .   .   .   .   .   .
prepare_dose           |  .   X   X   .   .   .   .   .   .   .
check_preparation      |  X   X   X   .   .   .   .   .   .   .
return_vials           |  .   .   X   .   .   .   .   .   X   .
destroy_vials          |  .   .   X   .   .   .   .   .   .   .
lose_vials             |  .   X   X   .   .   .   .   .   .   .
import_temperature     |  .   .   X   .   .   .   .   .   X   .
judge_vials            |  .   .   .   .   .   .   .   .   X   .
file_scan              |  X   X   .   .   .   X   .   .   .   .
pass_scan              |  .   .   .   .   .   X   .   .   .   .
reject_scan            |  .   .   .   .   .   X   .   .   .   .
draw_reading_order     |  .   .   .   .   .   X   .   .   .   .
replace_reader         |  .   .   .   .   .   X   .   .   .   .
draft_read             |  .   .   .   X   .   .   .   .   .   .
sign_read              |  .   .   .   X   .   .   .   .   .   .
void_read              |  .   .   .   X   .   X   .   .   .   .
propose_consensus      |  .   .   .   X   .   .   .   .   .   .
agree_consensus        |  .   .   .   X   .   .   .   .   .   .
adjudicate_scan        |  .   .   .   X   .   .   .   .   .   .
unblind_reads          |  .   .   .   .   .   X   .   .   X   .
judge_mask             |  .   .   .   X   .   .   .   .   .   .
open_account           |  .   .   .   .   .   .   .   .   .   X
close_account          |  .   .   .   .   .   .   .   .   .   X
grant_role             |  X   .   .   .   .   .   .   .   .   X
withdraw_role          |  X   .   .   .   .   .   .   .   .   X
record_training        |  X   .   .   .   .   .   .   .   .   X
verify_identity        |  X   .   .   .   .   .   .   .   .   X
reset_credential       |  .   .   .   .   .   .   .   .   .   X
"""
"""Rows: what can be seen (`see_` a group of pages) and every act; columns: the roles in order; X: may.

A review is recorded by nobody: it follows from the votes. An administrator keeps accounts, and neither sees nor enters
anything of a subject.
"""

OWN_ACTS = frozenset({"sign_in", "sign_out", "accept_terms", "change_credential"})
"""What everybody who has an open account may do, for themselves, whatever their role."""
SYSTEM_ACTS = frozenset({"note_refused_sign_in", "note_lock_out", "note_session_end"})
"""What the site itself writes down; no person can."""
SYSTEM = "system"
HOLDER = "account holder"
SIGNING_ACTS = frozenset(
    {"sign_records", "cast_vote", "attest_eligibility", "sign_consent", "sign_lot_release", "countersign_handover"}
    | {"check_preparation", "judge_vials", "sign_read", "propose_consensus", "agree_consensus", "adjudicate_scan"}
)
"""Acts that are signatures: only somebody whose identity was verified may do them."""
DELEGATED_BY_INVESTIGATOR = frozenset({"nurse", "pharmacist"})
"""The roles that an investigator may hand to others at the own site."""


class Rights(msgspec.Struct, frozen=True):
    """The grid as read: for each row the roles that may, in the order of the rows."""

    by_act: Mapping[str, frozenset[str]]

    def may(self, role: str, act: str) -> bool:
        """Whether a role may do or see something; what the grid does not name, nobody may."""
        return role in self.by_act.get(act, frozenset())


def parse_rights(grid: str) -> Rights:
    """The rights a grid draws.

    Raises `ValueError` when a row has not one mark for each role, or a mark is neither X nor a point.
    """
    lines = [line for line in grid.split("\n") if line.strip()][1:]
    rows: dict[str, frozenset[str]] = {}
    for line in lines:
        act, _, marks = line.partition("|")
        row = marks.split()
        if len(row) != len(ROLES) or not {*row} <= {"X", "."} or act.strip() in rows:
            msg = f"the rights of {act.strip()!r} are not one X or point for each of {len(ROLES)} roles, once"
            raise ValueError(msg)
        rows[act.strip()] = frozenset(role for role, mark in zip(ROLES, row, strict=True) if mark == "X")
    return Rights(rows)


RIGHTS = parse_rights(GRID)
"""The rights in force in this version."""
