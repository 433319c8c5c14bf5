"""A 5x7 dot font, so that the picture needs no text plug-in: GStreamer's is in a package with all of X11."""

ROWS = 7
COLUMNS = 6  # Five dots and a gap.

# Seven rows per sign, top first; bit 4 is the left dot.
_DOTS = {
    " ": "00 00 00 00 00 00 00",
    "-": "00 00 00 1f 00 00 00",
    ".": "00 00 00 00 00 0c 0c",
    "/": "01 01 02 04 08 10 10",
    ":": "00 0c 0c 00 0c 0c 00",
    "0": "0e 11 13 15 19 11 0e",
    "1": "04 0c 04 04 04 04 0e",
    "2": "0e 11 01 06 08 10 1f",
    "3": "1f 02 04 02 01 11 0e",
    "4": "02 06 0a 12 1f 02 02",
    "5": "1f 10 1e 01 01 11 0e",
    "6": "06 08 10 1e 11 11 0e",
    "7": "1f 01 02 04 08 08 08",
    "8": "0e 11 11 0e 11 11 0e",
    "9": "0e 11 11 0f 01 02 0c",
    "A": "0e 11 11 1f 11 11 11",
    "B": "1e 11 11 1e 11 11 1e",
    "C": "0e 11 10 10 10 11 0e",
    "D": "1c 12 11 11 11 12 1c",
    "E": "1f 10 10 1e 10 10 1f",
    "F": "1f 10 10 1e 10 10 10",
    "G": "0e 11 10 17 11 11 0f",
    "H": "11 11 11 1f 11 11 11",
    "I": "0e 04 04 04 04 04 0e",
    "J": "07 02 02 02 02 12 0c",
    "K": "11 12 14 18 14 12 11",
    "L": "10 10 10 10 10 10 1f",
    "M": "11 1b 15 15 11 11 11",
    "N": "11 19 15 13 11 11 11",
    "O": "0e 11 11 11 11 11 0e",
    "P": "1e 11 11 1e 10 10 10",
    "Q": "0e 11 11 11 15 12 0d",
    "R": "1e 11 11 1e 14 12 11",
    "S": "0f 10 10 0e 01 01 1e",
    "T": "1f 04 04 04 04 04 04",
    "U": "11 11 11 11 11 11 0e",
    "V": "11 11 11 11 11 0a 04",
    "W": "11 11 11 15 15 1b 11",
    "X": "11 11 0a 04 0a 11 11",
    "Y": "11 11 0a 04 04 04 04",
    "Z": "1f 01 02 04 08 10 1f",
}
_GLYPHS = {sign: [int(row, 16) for row in dots.split()] for sign, dots in _DOTS.items()}


def text_width(text, scale):
    """Width of the text in pixels."""
    return len(text) * COLUMNS * scale


def text_rows(text, scale, ink, paper):
    """Returns the text as seven rows of luma bytes, each `scale` pixels high; unknown signs become blanks."""
    glyphs = [_GLYPHS.get(sign, _GLYPHS[" "]) for sign in text.upper()]
    dots = (bytes([paper]) * scale, bytes([ink]) * scale)
    # The gap is the last dot of each row, which the font leaves empty: hence the shift by one.
    bits = range(COLUMNS - 1, -1, -1)
    signs = [[dots[glyph[row] << 1 >> bit & 1] for glyph in glyphs for bit in bits] for row in range(ROWS)]
    return [b"".join(row) for row in signs]
