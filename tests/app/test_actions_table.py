"""The README's table of actions is the program's own table."""

from pathlib import Path

from nnsim.app.actions import table

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_lists_the_actions_that_there_are() -> None:
    text = README.read_text("utf-8")
    listed = text.split("<!-- actions -->")[1].split("<!-- end of actions -->")[0]
    assert listed.strip() == table().strip()
