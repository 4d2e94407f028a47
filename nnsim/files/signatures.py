"""What a file is instead of a text, where its first bytes say so.

Apart from the readers because the same things are mistaken for tables and for texts. It refuses to say what to do: readers know.
"""

ARCHIVE = "an office document or another ZIP archive"
OLD_OFFICE = "an old or protected office document"
PARQUET = "a Parquet file"
COMPRESSED = "a gzip archive"
_KINDS = {
    b"%PDF": "a PDF document", b"{\\rtf": "an RTF document", b"PK\x03\x04": ARCHIVE, b"\xd0\xcf\x11\xe0": OLD_OFFICE,
    b"PAR1": PARQUET, b"\x1f\x8b": COMPRESSED, b"SQLite format 3": "a database", b"\x7fELF": "a program",
    b"\x89PNG": "a PNG picture", b"\xff\xd8\xff": "a JPEG picture", b"GIF8": "a GIF picture",
}


def kind_of(content: bytes) -> str:
    """What begins like this, with its article; empty for what may be a text."""
    return next((kind for beginning, kind in _KINDS.items() if content.startswith(beginning)), "")
