"""The panel while batches go by: all weights as images, and how they are distributed. Calm, for nothing moves but the tones.

Each layer is one or a few small images, scaled by the painter. It refuses to read a network: the picture brings tones.
"""

import math

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from nnsim.core.activations import Array
from nnsim.picture import numbers
from nnsim.picture.weight_images import LayerImages, WeightImages
from nnsim.widgets.equation_page import Page

_TITLE_PX = 20
_GAP_PX = 18


def paint_weights(page: Page, picture: WeightImages, rect: QRectF) -> None:
    """Heading, images of the first layer where they are pictures, and a row of matrices with the distribution."""
    px, theme = page.px, page.theme
    heading = page.text(rect.left(), px(22), page.words.weights, 15.5, theme.ink, True)
    page.text(heading.right() + px(12), px(22), page.words.equations_return, 11.5, theme.ink3)
    body = rect.adjusted(0, px(38), 0, -px(10))
    page.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    matrices = picture.layers
    if matrices and matrices[0].images is not None:
        upper = QRectF(body.left(), body.top(), body.width(), body.height() * 0.58)
        _paint_images(page, matrices[0], matrices[0].images, upper)
        body = QRectF(body.left(), upper.bottom() + px(6), body.width(), body.bottom() - upper.bottom() - px(6))
        matrices = matrices[1:]
    _paint_strip(page, picture, matrices, body)


def _paint_images(page: Page, layer: LayerImages, images: Array, rect: QRectF) -> None:
    px = page.px
    page.text(
        rect.left(),
        rect.top() + px(8),
        page.fonts.elided(layer.title, 11.5, False, rect.width()),
        11.5,
        page.theme.ink2,
    )
    box = rect.adjusted(0, px(_TITLE_PX), 0, 0)
    count, gap = len(images), px(5)
    shape = images.shape[2] / images.shape[1]
    rows = min(range(1, 5), key=lambda rows: -_tile(box, count, rows, shape, gap))
    tall = _tile(box, count, rows, shape, gap)
    columns = math.ceil(count / rows)
    pixels = page.theme.pixels(images)
    for at in range(count):
        row, column = divmod(at, columns)
        place = QRectF(box.left() + column * (tall * shape + gap), box.top() + row * (tall + gap), tall * shape, tall)
        _paint_image(page, pixels[at], place)


def _tile(box: QRectF, count: int, rows: int, shape: float, gap: float) -> float:
    """How tall a tile can be in so many rows."""
    columns = math.ceil(count / rows)
    return max(
        min((box.width() - (columns - 1) * gap) / columns / shape, (box.height() - (rows - 1) * gap) / rows), 1.0
    )


def _paint_image(page: Page, pixels: Array, place: QRectF) -> None:
    data = np.ascontiguousarray(pixels)
    height, width = data.shape
    image = QImage(data.data, width, height, 4 * width, QImage.Format.Format_RGB32)
    page.painter.drawImage(place, image)
    page.outline(place, page.theme.line2, 1, radius=0)


def _paint_strip(page: Page, picture: WeightImages, layers: tuple[LayerImages, ...], rect: QRectF) -> None:
    px = page.px
    room = rect.width() * 0.7 if rect.width() > px(420) else rect.width()
    shown = layers[: max(1, int(room // px(90)))]
    wide = min((room - px(_GAP_PX) * len(shown)) / max(len(shown), 1), px(240))
    for at, layer in enumerate(shown):
        if layer.matrix is None:
            continue
        left = rect.left() + at * (wide + px(_GAP_PX))
        title = page.fonts.elided(layer.title, 11.5, False, wide)
        page.text(left, rect.top() + px(8), title, 11.5, page.theme.ink2)
        neurons, inputs = layer.matrix.shape
        cell = min(wide / inputs, (rect.height() - px(_TITLE_PX)) / neurons)
        # long thin matrices are stretched rather than shown as a thread
        width, height = (
            max(cell * inputs, min(wide, px(90))),
            max(cell * neurons, min(rect.height() - px(_TITLE_PX), px(20))),
        )
        _paint_image(page, page.theme.pixels(layer.matrix), QRectF(left, rect.top() + px(_TITLE_PX), width, height))
    if room < rect.width():
        _paint_distribution(page, picture, QRectF(rect.left() + room, rect.top(), rect.width() - room, rect.height()))


def _paint_distribution(page: Page, picture: WeightImages, rect: QRectF) -> None:
    px, theme = page.px, page.theme
    title = page.fonts.elided(page.words.distribution, 11.5, False, rect.width())
    page.text(rect.left(), rect.top() + px(8), title, 11.5, theme.ink2)
    box = rect.adjusted(0, px(_TITLE_PX), 0, -px(16))
    if not picture.distribution:
        return
    step = box.width() / len(picture.distribution)
    for at, (middle, height) in enumerate(picture.distribution):
        tall = box.height() * height
        page.fill(QRectF(box.left() + at * step, box.bottom() - tall, max(step - 1, 1.0), tall), theme.sign(middle))
    page.line(box.left(), box.bottom(), box.right(), box.bottom(), theme.line2)
    reach, y = numbers.significant(picture.reach, 2), box.bottom() + px(9)
    page.text(box.left(), y, numbers.significant(-picture.reach, 2), 10.5, theme.ink3)
    page.text(box.center().x(), y, "0", 10.5, theme.ink3, align="centre")
    page.text(box.right(), y, reach, 10.5, theme.ink3, align="right")
