"""Exact statistics for tiny numbers: values in, frozen values out; never a file, never a clock.

Three names to know: `ranks.PValue` (an exact p with its natural fraction, such as 2/128),
`attaining.check_attainable` (can this printed p come from that test at that n?) and
`quantiles.compute_quartiles` (under a named definition, type 6 unless told).
This room must never use a normal approximation, a binary float in a result, or chance; and it must
never call a printed number impossible unless that is proved.
"""
