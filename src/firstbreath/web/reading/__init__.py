"""The pages of the reading room. A page of a reader never names a subject, a visit, a date or the other reader's read.

`show_list` is a reader's work list, `show_task` the viewer with the score, `show_scans` what the managers see.
"""
