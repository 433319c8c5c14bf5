"""The picture: a wide room that the camera looks at through a window set by pan, tilt and zoom.

Left is red, right is blue, the top is bright and the bottom dark, so that a test can tell from the mean
colour where the camera looks.

Frames are I420, BT.601, limited range, made in plain Python: about 1 ms for each.
"""

import time
from dataclasses import dataclass

from font import ROWS, text_rows, text_width

VIEW_SHARE = 0.4  # Part of the room that is seen without zoom.
MAX_ZOOM = 4
GRID_COLUMNS = 16
GRID_ROWS = 12
BAND = 8  # The brightness changes in steps of so many rows, to save time.
WHITE = 235
BLACK = 16
GREY = 128  # Chroma of no colour.
CARD = 32  # Luma of the card of the privacy mode.


@dataclass
class View:
    """Where the camera looks and how; the same for all streams of a camera."""

    pan: float = 0.0  # -1 (left) to 1
    tilt: float = 0.0  # -1 (down) to 1
    zoom: float = 0.0  # 0 to 1
    privacy: bool = False
    flip: bool = False
    night: bool = False

    def key(self):
        """What the still part of the picture depends on."""
        return (self.pan, self.tilt, self.zoom, self.privacy, self.flip, self.night)


class Scene:
    """Draws the frames of one size."""

    def __init__(self, width, height, title):
        """Prepares for one size; the width must be a multiple of 8, the height of 2."""
        self.width, self.height, self.title = width, height, title
        self._still_key, self._still = None, b""
        self._began = time.monotonic()

    def frame(self, view):
        """Returns the frame of now as I420 bytes."""
        if self._still_key != view.key():
            self._still_key, self._still = view.key(), self._draw_still(view)
        if view.privacy:
            return self._still
        picture = bytearray(self._still)
        self._draw_mover(picture)
        self._draw_clock(picture)
        return bytes(picture)

    def _draw_still(self, view):
        """Draws all that does not move."""
        if view.privacy:
            return self._card()
        luma, blue, red = self._room(view)
        if view.flip:
            luma, blue, red = luma[::-1], blue[::-1], red[::-1]
        if view.night:
            blue = red = bytes([GREY]) * len(blue)
        picture = bytearray(luma + blue + red)
        self._print(picture, self.title, 8, self.height - ROWS * 2 - 8, BLACK)
        return bytes(picture)

    def _card(self):
        """Draws the card that is sent in the privacy mode."""
        size = self.width * self.height
        picture = bytearray(bytes([CARD]) * size + bytes([GREY]) * (size // 2))
        text = "Privacy mode"
        self._print(picture, text, (self.width - text_width(text, 2)) // 2, self.height // 2, CARD)
        return bytes(picture)

    def _room(self, view):
        """Draws the part of the room that is seen; returns the three planes."""
        share = VIEW_SHARE / (1 + (MAX_ZOOM - 1) * view.zoom)
        left = (1 - share) * (view.pan + 1) / 2
        top = (1 - share) * (1 - view.tilt) / 2
        across = [left + share * (x + 0.5) / self.width for x in range(self.width)]
        down = [top + share * (y + 0.5) / self.height for y in range(self.height)]
        luma = bytearray(b"".join(self._luma_rows(across, down)))
        self._label_cells(luma, across, down)
        blue, red = self._chroma_planes(across, down)
        return bytes(luma), blue, red

    def _luma_rows(self, across, down):
        """Yields the rows of brightness, with the lines of the grid."""
        amounts = [219 * amount for amount in _luma_amounts(across)]
        for x in _borders(across, GRID_COLUMNS):
            amounts[x] *= 0.4
        lines = set(_borders(down, GRID_ROWS))
        last_gain, row = None, b""
        for y in range(self.height):
            gain = _gain(down[y // BAND * BAND]) * (0.4 if y in lines else 1)
            if gain != last_gain:
                last_gain, row = gain, bytes([BLACK + int(gain * amount) for amount in amounts])
            yield row

    def _chroma_planes(self, across, down):
        """Returns the two planes of colour, which have half the size."""
        half, rows = across[::2], down[::2]
        luma = _luma_amounts(half)
        blue = [224 * 0.564 * (u - y) for u, y in zip(half, luma)]
        red = [224 * 0.713 * (1 - u - y) for u, y in zip(half, luma)]
        planes = []
        for tone in (blue, red):
            bands = [bytes([GREY + int(_gain(v) * amount) for amount in tone]) for v in rows[:: BAND // 2]]
            planes.append(b"".join(bands[y // (BAND // 2)] for y in range(len(rows))))
        return planes

    def _label_cells(self, luma, across, down):
        """Writes the name of each cell, such as C4, where it fits."""
        for x in _borders(across, GRID_COLUMNS):
            for y in _borders(down, GRID_ROWS):
                name = f"{chr(65 + int(across[x] * GRID_COLUMNS))}{int(down[y] * GRID_ROWS) + 1}"
                self._print(luma, name, x + 8, y + 8, None)

    def _draw_clock(self, picture):
        """Writes the time of day with milliseconds, as cameras do."""
        now = time.time()
        text = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now)) + f".{int(now * 1000) % 1000:03d}"
        self._print(picture, text, 8, 8, BLACK)

    def _draw_mover(self, picture):
        """Draws a bright square that crosses the picture once in four seconds."""
        side = max(8, self.height // 12)
        x = int((time.monotonic() - self._began) % 4 / 4 * (self.width - side))
        top = self.height * 2 // 3
        for y in range(top, top + side):
            begin = y * self.width + x
            picture[begin : begin + side] = bytes([WHITE]) * side

    def _print(self, luma, text, x, y, paper):
        """Writes a text on the luma plane, at twice the size, on paper or (None) on what is there."""
        width, rows = text_width(text, 2), ROWS * 2
        if x < 0 or y < 0 or x + width > self.width or y + rows > self.height:
            return
        ground = luma[(y + rows // 2) * self.width + x + width // 2] if paper is None else paper
        ink = WHITE if ground < 128 else BLACK
        for index, row in enumerate(text_rows(text, 2, ink, ground)):
            for line in (y + index * 2, y + index * 2 + 1):
                begin = line * self.width + x
                luma[begin : begin + width] = row


def _gain(v):
    """Brightness of the room at a height, 0 being the top."""
    return 1 - 0.8 * v


def _luma_amounts(across):
    """Brightness of the colours from left to right: red fades out, blue fades in, green stays."""
    return [0.299 * (1 - u) + 0.587 * 0.3 + 0.114 * u for u in across]


def _borders(positions, cells):
    """Indexes at which another cell of the grid begins."""
    return [i for i in range(1, len(positions)) if int(positions[i] * cells) != int(positions[i - 1] * cells)]
