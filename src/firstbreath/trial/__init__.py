"""The slices put together: the fold, time travel, the gates that look across slices, and the one door.

Three names to know: `fold` (events to `Trial`), `act` (decide, then append) and `History` (the trial as of
any earlier moment). Nothing here is stored: everything is computed from the protocol and the log.
"""
