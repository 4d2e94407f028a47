"""The style sheet of stock widgets: ``resources/themes/nnsim.qss`` with a theme's colours, lengths and icons put in.

It is apart from the theme's application because it is text in, text out, and can be tested so. It refuses to touch a
widget. Style sheets take pictures from files only, so the tinted icons are written to a temporary directory that lasts
as long as the program.
"""

import atexit
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

from nnsim.engine.resources import resource
from nnsim.picture.palette import Theme, blend
from nnsim.widgets.icons import tinted_svg

_SMALLEST_TEXT_PX = 10
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANK = re.compile(r"\$image\((?P<icon>[\w-]+), (?P<ink>\w+)\)"
                    r"|\$disc\((?P<inner>\d+)u, (?P<outline>\d+)(?P<unit>u|px)\)"
                    r"|\$(?P<role>\w+)"
                    r"|(?P<text>font-size: )?(?P<length>-?\b[\d.]+)u\b")


def style_sheet(theme: Theme, scale: float = 1.0) -> str:
    """The style sheet of ``theme``, for a font of ``scale`` times 13 px. Raises KeyError for an unknown role."""
    colours = roles(theme)

    def put(found: re.Match[str]) -> str:
        if found["icon"]:
            return _image(found["icon"], colours[found["ink"]])
        if found["role"]:
            return colours[found["role"]]
        if found["inner"]:
            outline = int(found["outline"])
            outline_px = outline if found["unit"] == "px" else round(outline * scale)
            # a radius of more than half the box would be ignored, and the disc be a square
            return f"{round(int(found['inner']) * scale) // 2 + outline_px}px"
        length_px = round(float(found["length"]) * scale)
        return f"{found['text']}{max(_SMALLEST_TEXT_PX, length_px)}px" if found["text"] else f"{length_px}px"

    text = _COMMENT.sub("", resource("themes", "nnsim.qss").read_text(encoding="utf-8"))
    return _BLANK.sub(put, text)


def roles(theme: Theme) -> dict[str, str]:
    """The colours a style sheet may name: the theme's own, and those of passing states, mixed from them."""
    strong = theme.tint_share == 0  # high contrast: a state needs an outline or a clear step to be seen
    own = {name: value for name, value in vars(theme).items() if isinstance(value, str) and value.startswith("#")}
    return own | {
        "hover": blend(theme.control, theme.ink, 0.25 if strong else 0.07),
        "hover_line": theme.line2 if strong else blend(theme.control, theme.ink, 0.07),
        "pressed": blend(theme.control, theme.ink, 0.4 if strong else 0.16),
        "selected_hover": blend(theme.selected, theme.on_selected, 0.15),
        "faint": blend(theme.ink3, theme.panel, 0.35),
    }


def _image(name: str, colour: str) -> str:
    path = _directory() / f"{name}-{colour.removeprefix('#')}.svg"
    if not path.exists():
        path.write_bytes(tinted_svg(name, colour))
    return f'url("{path.as_posix()}")'


@cache
def _directory() -> Path:
    directory = Path(tempfile.mkdtemp(prefix="nnsim-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return directory
