"""Safety: the group's reviews and what they allow.

Three names to know: `Safety` (this slice of the state), `apply_safety` (state and event to state) and
`decide_review` (state and command to decision). Reviews are never edited: a later one stands beside the
earlier. This room never looks at other slices; the enrolment gate does, in `trial/`.
"""
