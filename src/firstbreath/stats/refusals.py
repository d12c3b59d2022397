"""What the functions of this room raise: input that no exact answer can be given for."""


class NotComputable(ValueError):
    """Input that has no answer; the message says what is wrong, where, and what to give instead."""


class TooLarge(NotComputable):
    """Input beyond the exact recursion; the message says the limit and offers the Monte Carlo."""
