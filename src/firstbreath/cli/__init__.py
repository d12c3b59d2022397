"""The command line: it wires stores, clock, keys and files to the rooms that compute.

Three names to know: `main` (the commands), `Study` (a study folder opened) and `Stop` (an error sorted by
who must act). No rule of a trial lives here.
"""
