"""The people of the trial: screening, eligibility, consent, enrolment, visits, forms, doses, deviations.

Three names to know: `Subjects` (this slice of the state), `apply_subjects` (state and event to state) and
`decide_subjects` (state and command to decision). This room knows nothing of safety reviews or product:
gates that look across slices live in `trial/`.
"""
