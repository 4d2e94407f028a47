"""How closely the lines of a sheet of matrices follow each other: usually with air between, and where the sheet is low without.

It is apart since the arrangement measures by it and the painting follows it. Where there is little height the air goes first and
rows next, but no words: a sheet at its least height still says all that a tall one says of a number. It knows no grid.
"""

from dataclasses import dataclass

LEAST_WIDTH_PX, LEAST_HEIGHT_PX = 360, 150
"""What a sheet needs at least: in this height two equations have one row each."""
BAR_PX = 8
"""How thick a scroll bar is."""


@dataclass(frozen=True)
class Spacing:
    """Heights in px at 100 %."""

    title: float
    symbol: float
    """The line with a grid's name."""
    names: float
    """The line with the columns' names."""
    row: float
    """The least height of a row."""
    foot: float = 11
    """Below the cells: a grid's own scroll bar."""
    plain: float = 8
    """An equation without grids, beside its row."""

    @property
    def above(self) -> float:
        """From a grid's top to its cells."""
        return self.symbol + self.names

    def frame(self, has_grids: list[bool]) -> float:
        """What is not cells, for equations of which each has grids or not."""
        return self.title + BAR_PX + sum(self.above + self.foot if has else self.plain for has in has_grids)


ROOMY = Spacing(title=28, symbol=22, names=15, row=19)
TIGHT = Spacing(title=22, symbol=18, names=13, row=17)
