"""Results first: one row per number, then tables, figures, documents and claims as renderings of rows.

Three names to know: `Result` (a number with its method and events), `Paper` (everything a rendering needs)
and `check_claims` (what a paper prints, checked). A rendering never computes a number and never types one.
"""
