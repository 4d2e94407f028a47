"""Every colour of nnsim, by the role it plays: one frozen record per theme, and the arithmetic of mixing and judging.

It is apart because a colour here carries meaning (a sign, a phase, a class), which has to hold in every theme and for
every kind of eye, and that can be tested as data. It refuses to name a widget, to draw, and to know the theme on show.
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

CLASS_SHAPES = ("disc", "square", "triangle", "diamond", "cross", "plus")
"""The shapes of the points of class 0, 1, 2 ... of a set with more than two classes, in turn; see ``class_shape``."""

# Okabe and Ito, "Color Universal Design", 2008; the strongest on white first, and their black is the theme's ink
_OKABE_ITO = ("#009e73", "#e69f00", "#cc79a7", "#0072b2", "#d55e00", "#56b4e9", "#f0e442")

# Björn Ottosson, "A perceptual color space for image processing", 2020: linear sRGB to cones, their cube roots to Lab
_RGB_TO_CONES = np.array([[0.4122214708, 0.5363325363, 0.0514459929],
                          [0.2119034982, 0.6806995451, 0.1073969566],
                          [0.0883024619, 0.2817188376, 0.6299787005]])
_CONES_TO_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468],
                          [1.9779984951, -2.4285922050, 0.4505937099],
                          [0.0259040371, 0.7827717662, -0.8086757660]])

_STEPS = 512  # of the diverging map: even, so that zero has an entry of its own


def class_shape(index: int, count: int) -> str:
    """The shape of the points of class ``index`` of ``count``. Of two, class 1 is a disc and class 0 a square."""
    return CLASS_SHAPES[1 - index] if count <= 2 else CLASS_SHAPES[index % len(CLASS_SHAPES)]


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, as "#rrggbb".

    Grounds: ``window`` behind docks, ``panel`` of docks and bars, ``base`` of canvas and plots, ``control`` of fields
    and buttons. Texts: ``ink``, ``ink2``, ``ink3``, signed numbers ``pos_ink`` and ``neg_ink``, ``warn`` and ``error``.
    ``line`` separates, ``line2`` outlines what matters. ``diverging`` has the tones of -1, -1/2, 0, 1/2 and 1.
    ``tint_share`` is the share of the phase's colour in the column at work, 0 where the theme outlines it instead.
    """

    name: str
    window: str
    panel: str
    base: str
    control: str
    line: str
    line2: str
    ink: str
    ink2: str
    ink3: str
    selected: str
    on_selected: str
    focus: str
    pos: str
    neg: str
    pos_ink: str
    neg_ink: str
    forward: str
    loss: str
    backward: str
    update: str
    warn: str
    warn_bg: str
    error: str
    diverging: tuple[str, str, str, str, str]
    tint_share: float

    def phase(self, name: str) -> str:
        """The colour of a phase by name; "start", before the first, is plain second text. Raises KeyError."""
        return {"start": self.ink2, "forward": self.forward, "loss": self.loss, "backward": self.backward,
                "update": self.update}[name]

    def column_tint(self, phase: str) -> str | None:
        """The ground of the column at work; None where the theme outlines it instead."""
        return blend(self.base, self.phase(phase), self.tint_share) if self.tint_share else None

    def sign(self, value: float) -> str:
        """The colour of an edge, bar or point with this sign; zero and NaN count as positive."""
        return self.neg if value < 0 else self.pos

    def sign_ink(self, value: float) -> str:
        """The colour of a signed number as text; zero and NaN are plain ink."""
        if value > 0:
            return self.pos_ink
        return self.neg_ink if value < 0 else self.ink

    def class_colour(self, index: int, count: int) -> str:
        """The colour of class ``index`` of ``count``. Of two classes, class 1 is positive and class 0 negative."""
        if count <= 2:
            return self.pos if index else self.neg
        colours = (*_OKABE_ITO, self.ink)
        return colours[index % len(colours)]

    def tone(self, value: float) -> str:
        """The tone of one value in -1 ... 1, clipped; NaN has none and is ``base``."""
        return _hex(self.tones(value))

    def tones(self, values: ArrayLike) -> NDArray[np.uint8]:
        """The tones of ``values``, any shape, -1 ... 1, clipped: a last axis of red, green, blue. NaN is ``base``."""
        return self._tone_table[_entries(values)]

    def pixels(self, values: ArrayLike) -> NDArray[np.uint32]:
        """The same tones as opaque 0xffRRGGBB, in the shape of ``values``: what a 32-bit image is made of."""
        return self._pixel_table[_entries(values)]

    @cached_property
    def _tone_table(self) -> NDArray[np.uint8]:
        """513 tones from -1 to 1, then one for NaN, shape (514, 3)."""
        stops = np.array([_to_lab(_channels(stop)) for stop in self.diverging])
        values, at = np.linspace(-1.0, 1.0, _STEPS + 1), np.linspace(-1.0, 1.0, len(stops))
        lab = np.stack([np.interp(values, at, stops[:, axis]) for axis in range(3)], axis=-1)
        table = np.concatenate([_to_bytes(_from_lab(lab)), _to_bytes(_channels(self.base))[None]])
        table.flags.writeable = False
        return table

    @cached_property
    def _pixel_table(self) -> NDArray[np.uint32]:
        red, green, blue = self._tone_table.astype(np.uint32).T
        table: NDArray[np.uint32] = np.uint32(0xFF000000) | red << 16 | green << 8 | blue
        table.flags.writeable = False
        return table


@cache
def blend(first: str, second: str, share: float) -> str:
    """``first`` with ``share`` (0 to 1) of ``second`` over it, as that opacity would look: opaque, so cheap to draw."""
    return _hex(_to_bytes((1 - share) * _channels(first) + share * _channels(second)))


@cache
def contrast(first: str, second: str) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21, whichever colour is the text."""
    darker, lighter = sorted(_luminance(colour) + 0.05 for colour in (first, second))
    return lighter / darker


def ink_on(ground: str, theme: Theme) -> str:
    """The theme's ``ink`` or ``base``, whichever reads better as text on ``ground``, such as a tone of the map."""
    return max(theme.ink, theme.base, key=lambda text: contrast(text, ground))


def oklab(colour: str) -> tuple[float, float, float]:
    """Lightness 0 to 1 and the two opponent axes of a colour; distances here are about as large as they look."""
    lightness, green_red, blue_yellow = _to_lab(_channels(colour)).tolist()
    return lightness, green_red, blue_yellow


def _entries(values: ArrayLike) -> NDArray[np.intp]:
    """Rows of the tables: 0 for -1, 512 for 1, 513 for NaN."""
    numbers = np.asarray(values)
    rows = np.asarray(np.clip(numbers, -1, 1) * (_STEPS / 2) + (_STEPS / 2 + 0.5))
    unknown = np.isnan(rows)
    if unknown.any():
        rows = np.where(unknown, _STEPS + 1, rows)
    return rows.astype(np.intp)


def _channels(colour: str) -> Floats:
    """Red, green and blue, 0 to 1, gamma-encoded as written."""
    return np.frombuffer(bytes.fromhex(colour.removeprefix("#")), dtype=np.uint8) / 255.0


def _hex(channels: NDArray[np.uint8]) -> str:
    return "#" + channels.tobytes().hex()


def _to_bytes(channels: Floats) -> NDArray[np.uint8]:
    return np.rint(255.0 * np.clip(channels, 0.0, 1.0)).astype(np.uint8)


def _luminance(colour: str) -> float:
    return float(_linear(_channels(colour)) @ (0.2126, 0.7152, 0.0722))


def _linear(channels: Floats) -> Floats:
    """Light from code, IEC 61966-2-1."""
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _to_lab(channels: Floats) -> Floats:
    lab: Floats = np.cbrt(_linear(channels) @ _RGB_TO_CONES.T) @ _CONES_TO_LAB.T
    return lab


def _from_lab(lab: Floats) -> Floats:
    light = np.clip((lab @ np.linalg.inv(_CONES_TO_LAB).T) ** 3 @ np.linalg.inv(_RGB_TO_CONES).T, 0.0, 1.0)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


THEMES: dict[str, Theme] = {theme.name: theme for theme in (
    Theme(
        name="light", window="#e8eaee", panel="#f5f6f8", base="#ffffff", control="#ffffff",
        line="#d5d9e0", line2="#868e9b",
        ink="#151920", ink2="#424a57", ink3="#5b6471", selected="#28303c", on_selected="#ffffff", focus="#151920",
        pos="#1f6fc4", neg="#d4690c", pos_ink="#17599f", neg_ink="#a14600",
        forward="#00707c", loss="#6a3fc6", backward="#bb1763", update="#5c6e00",
        warn="#7a5200", warn_bg="#fff1cf", error="#b3261e",
        diverging=("#9c4304", "#e8913f", "#f4f2ee", "#6fa9e4", "#0f4f9a"), tint_share=0.08,
    ),
    Theme(
        name="dark", window="#0f1216", panel="#191d24", base="#12151a", control="#232832",
        line="#2d333d", line2="#606a7a",
        ink="#eef1f6", ink2="#bcc4d0", ink3="#97a0af", selected="#e4e8ef", on_selected="#12151a", focus="#ffffff",
        pos="#58a6f2", neg="#f2953c", pos_ink="#7fbcff", neg_ink="#ffb163",
        forward="#3cc6d2", loss="#b9a0ff", backward="#ff78b4", update="#a9d650",
        warn="#ffd37a", warn_bg="#3a2f14", error="#ff8a80",
        diverging=("#ffb463", "#a8641f", "#242931", "#2c689f", "#78bcff"), tint_share=0.13,
    ),
    Theme(
        name="high-contrast", window="#000000", panel="#000000", base="#000000", control="#000000",
        line="#8c8c8c", line2="#ffffff",
        ink="#ffffff", ink2="#ffffff", ink3="#e6e6e6", selected="#ffff00", on_selected="#000000", focus="#ffff00",
        pos="#6ec6ff", neg="#ffa21a", pos_ink="#8fd2ff", neg_ink="#ffb84d",
        forward="#00f0ff", loss="#d2b6ff", backward="#ff94d2", update="#a6ff5c",
        warn="#ffe14d", warn_bg="#000000", error="#ff9a94",
        diverging=("#ffc266", "#a85f00", "#000000", "#0070c0", "#8fd2ff"), tint_share=0.0,
    ),
)}
