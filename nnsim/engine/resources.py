"""Where the files that come with nnsim are: beside the installed package, or in the checkout it runs from.

It stands apart so that no other module knows how nnsim was installed. It refuses to read anything: it only finds.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_ROOTS = (_PACKAGE / "resources", _PACKAGE.parent / "resources")


def resource(*parts: str) -> Path:
    """The file or folder at ``parts``, such as ``resource("data", "iris.csv")``. Raises FileNotFoundError."""
    for root in _ROOTS:
        path = root.joinpath(*parts)
        if path.exists():
            return path
    places = " and ".join(map(str, _ROOTS))
    raise FileNotFoundError(f"nnsim's own file {'/'.join(parts)} is missing; looked in {places}")
