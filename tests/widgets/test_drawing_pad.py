"""The drawing pad: what strokes of the mouse, keys, drops and pastes announce, and what is seen beside it."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnsim.picture.palette import THEMES
from nnsim.widgets.drawing_pad import MOST_POINTS, Drawing, Pad
from nnsim.widgets.picture_probe import PictureProbe

# what the offscreen platform says of every window with a least size
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def probe(qtbot: QtBot) -> PictureProbe:
    made = PictureProbe()
    qtbot.addWidget(made)
    made.resize(330, 200)
    made.set_theme(THEMES["light"])
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def pad(probe: PictureProbe) -> Pad:
    return probe.pad


def at(pad: Pad, right: float, down: float) -> QPoint:
    """A place given as shares of the pad's square, px."""
    side = min(pad.width(), pad.height()) - 4
    return QPoint(round((pad.width() - side) / 2 + right * side), round((pad.height() - side) / 2 + down * side))


def stroke(pad: Pad, *places: tuple[float, float]) -> None:
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(pad, *places[0]))
    for place in places[1:]:
        QTest.mouseMove(pad, at(pad, *place))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(pad, *places[-1]))


def drawings(pad: Pad) -> list[Drawing]:
    found: list[Drawing] = []
    pad.drawn.connect(found.append)
    return found


def test_every_movement_of_a_stroke_announces_the_drawing_so_far(pad: Pad) -> None:
    found = drawings(pad)
    stroke(pad, (0.2, 0.2), (0.5, 0.5), (0.8, 0.2))
    assert [len(drawing.strokes[0]) for drawing in found] == [1, 2, 3]
    assert np.allclose(found[-1].strokes, [[(0.2, 0.2), (0.5, 0.5), (0.8, 0.2)]], atol=0.01)


def test_moving_without_a_button_draws_nothing(pad: Pad) -> None:
    found = drawings(pad)
    stroke(pad, (0.2, 0.2), (0.4, 0.4))
    count = len(found)
    QTest.mouseMove(pad, at(pad, 0.9, 0.9))
    assert len(found) == count


def test_what_is_drawn_beyond_the_edge_stays_on_it(pad: Pad) -> None:
    found = drawings(pad)
    stroke(pad, (0.5, 0.5), (1.4, -0.4))
    assert found[-1].strokes[0][-1] == (1.0, 0.0)


def test_points_that_no_pixel_would_tell_apart_are_one(pad: Pad) -> None:
    found = drawings(pad)
    stroke(pad, (0.5, 0.5), (0.5, 0.5), (0.5, 0.5))
    assert found[-1].strokes == (found[-1].strokes[0][:1],)


def test_a_drawing_that_is_too_long_takes_no_more_points(pad: Pad) -> None:
    places = [(0.1 + 0.8 * (number % 2), 0.5) for number in range(MOST_POINTS + 5)]
    stroke(pad, *places)
    stroke(pad, (0.1, 0.1), (0.2, 0.2))
    assert sum(map(len, pad.drawing.strokes)) == MOST_POINTS


def test_undo_takes_the_last_stroke_back_and_redo_draws_it_again(pad: Pad, probe: PictureProbe) -> None:
    stroke(pad, (0.2, 0.2), (0.4, 0.4))
    stroke(pad, (0.6, 0.6), (0.8, 0.8))
    both = pad.drawing
    probe.undo.click()
    assert pad.drawing == Drawing(both.strokes[:1])
    QTest.keyClick(pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert pad.drawing == both


@pytest.mark.parametrize("way", ["button", "key", "undo"])
def test_an_empty_pad_is_announced_once_as_cleared(qtbot: QtBot, probe: PictureProbe, way: str) -> None:
    pad = probe.pad
    stroke(pad, (0.2, 0.2), (0.4, 0.4))
    drawn = drawings(pad)
    with qtbot.waitSignal(pad.cleared):
        if way == "button":
            probe.clear.click()
        else:
            key = Qt.Key.Key_Delete if way == "key" else Qt.Key.Key_Z
            QTest.keyClick(pad, key, Qt.KeyboardModifier.ControlModifier if way == "undo" else Qt.KeyboardModifier.NoModifier)
    assert pad.drawing.strokes == () and drawn == []


def test_forgetting_says_nothing(pad: Pad) -> None:
    stroke(pad, (0.2, 0.2), (0.4, 0.4))
    found = drawings(pad)
    pad.cleared.connect(lambda: found.append(Drawing(())))
    pad.forget()
    assert pad.drawing.strokes == () and found == []


def drop(pad: Pad, data: QMimeData) -> None:
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    pad.dropEvent(event)


def test_a_dropped_file_is_announced_by_its_path_and_not_read(pad: Pad) -> None:
    data, found = QMimeData(), list[str]()
    data.setUrls([QUrl.fromLocalFile("/nowhere/cat.png")])
    pad.file_given.connect(found.append)
    drop(pad, data)
    assert found == ["/nowhere/cat.png"]


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_picture_without_a_file_is_announced_as_it_came(pad: Pad, way: str) -> None:
    image, found = QImage(6, 4, QImage.Format.Format_RGB32), list[QImage]()
    image.fill(QColor("#ff8800"))
    pad.picture_given.connect(found.append)
    if way == "drop":
        data = QMimeData()
        data.setImageData(image)
        drop(pad, data)
    else:
        QGuiApplication.clipboard().setImage(image)
        QTest.keyClick(pad, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    (given,) = found
    assert given.size() == image.size() and given.pixelColor(3, 2) == QColor("#ff8800")


def test_a_stroke_is_painted_where_it_was_drawn(pad: Pad) -> None:
    stroke(pad, (0.25, 0.5), (0.75, 0.5))
    shown = pad.grab().toImage()
    ink, base = QColor(THEMES["light"].ink), QColor(THEMES["light"].base)
    assert shown.pixelColor(at(pad, 0.5, 0.5)) == ink and shown.pixelColor(at(pad, 0.5, 0.25)) == base


def test_what_the_network_sees_is_painted_pixel_by_pixel_in_its_own_proportions(probe: PictureProbe) -> None:
    red, blue = 0xFFFF0000, 0xFF0000FF
    probe.show_pixels(np.array([[red, blue], [blue, red], [red, red]], np.uint32))
    seen = probe.seen
    shown, side = seen.grab().toImage(), min(seen.width(), seen.height()) - 4
    middle = seen.rect().center()
    assert shown.pixelColor(middle + QPoint(-side // 6, -side // 3)) == QColor("red")
    assert shown.pixelColor(middle + QPoint(side // 6, -side // 3)) == QColor("blue")
    assert shown.pixelColor(middle + QPoint(side // 2 - 4, 0)) not in (QColor("red"), QColor("blue"))
    assert "2 × 3 pixels" in seen.accessibleName()
