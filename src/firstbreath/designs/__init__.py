"""Designs before the trial, and simulated trials: invented patients and people, through the same door as real ones.

Three names to know: `simulate_trial` (protocol, chance and first day to everything that is asked for, in its order),
`Planned` (one act of it) and `STAFF` (the invented people). A simulated patient is made from a protocol and a seed:
nothing a publication prints is ever read here, and whatever is made here goes into a log stamped SIMULATED.
"""
