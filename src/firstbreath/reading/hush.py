"""Nothing that a DICOM file holds is repeated in a warning, and so in a log."""


def hush() -> None:
    """Have pydicom take values as they are read, in this whole process: its warnings repeat the value they warn of.

    A filter of warnings would not do: it belongs to all threads at once.
    """
    from pydicom import config

    config.settings.reading_validation_mode = config.IGNORE
