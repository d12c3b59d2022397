"""Scans read by blinded radiologists: `Volume` (voxels in the patient), `Read` (what one reader saw), `ReadTask`.

A reader is never told whose scan it is, when it was taken, or what the other reader wrote, until both have signed.
"""
