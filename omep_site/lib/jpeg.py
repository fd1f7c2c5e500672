"""A progressive JPEG draws its whole picture once for each of its scans: a few hundred kilobytes of scans would keep a
processor busy for minutes, however few pixels there are."""

MOST_SCANS = (
    50  # cameras write one, programmes that make pictures small a dozen; a telephone's second picture has its own
)
SCAN = b"\xff\xda"  # begins one, and stands nowhere in its data (ITU T.81, B.1.1.5)


def has_too_many_scans(file) -> bool:
    file.seek(0)
    return file.read().count(SCAN) > MOST_SCANS
