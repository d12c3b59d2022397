"""Safety on the site: adverse events, the clocks of serious ones, reference ranges, and the review packets.

What a page shows is computed in the modules without Django (`adverse_list`, `packet_page`, ...); views only hand it on.
"""
