"""The house rules that a program can check: what may import what, and what may never be called."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import nnsim

PACKAGE = Path(nnsim.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
FORBIDDEN_IMPORTS = {"pickle", "cPickle", "dill", "marshal", "shelve", "joblib", "cloudpickle"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}


def modules_of(*rooms: str) -> list[str]:
    """The importable names of all modules in some rooms of the package."""
    found = []
    for room in rooms:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
            found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def loaded_by(modules: list[str]) -> set[str]:
    """The top-level names of everything that importing ``modules`` in a fresh interpreter loads."""
    code = (f"import importlib, json, sys\nfor name in {modules!r}: importlib.import_module(name)\n"
            "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))")
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("room", ["core", "engine", "picture", "files"])
def test_numbers_time_meaning_and_keeping_load_no_qt(room: str) -> None:
    modules = modules_of(room)
    assert len(modules) > 2
    assert not loaded_by(modules) & {"PySide6", "shiboken6", "pyqtgraph"}


def test_the_core_loads_numpy_and_nothing_else_from_outside() -> None:
    outside = loaded_by(modules_of("core")) - set(sys.stdlib_module_names) - loaded_by(["numpy.random"])
    assert outside == {"nnsim"}


def test_importing_the_package_loads_no_numpy() -> None:
    assert "numpy" not in loaded_by(["nnsim"])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_runs_text_or_unpickles(path: Path) -> None:
    assert forbidden_in(ast.parse(path.read_text("utf-8"))) == []


def forbidden_in(tree: ast.AST) -> list[str]:
    """The names of forbidden imports and calls."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.partition(".")[0] in FORBIDDEN_IMPORTS]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in FORBIDDEN_IMPORTS:
            found.append(str(node.module))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS:
            found.append(node.func.id)
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            # NumPy unpickles only where it is told to
            found += [] if isinstance(node.value, ast.Constant) and node.value.value is False else ["allow_pickle"]
    return found


@pytest.mark.parametrize("source", [
    "import pickle", "from pickle import loads", "import os, shelve", "x = eval('1')", "exec(text)",
    "np.load(f, allow_pickle=True)", "def f():\n    import marshal"])
def test_the_search_finds_what_it_looks_for(source: str) -> None:
    assert forbidden_in(ast.parse(source))


def test_the_search_lets_pass_what_is_harmless() -> None:
    assert forbidden_in(ast.parse("import re\nre.compile('x')\nself.exec()\nnp.load(f, allow_pickle=False)")) == []


@pytest.mark.parametrize("path", [path for path in MODULES if path.read_text("utf-8").strip()],
                         ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_opens_with_a_paragraph_about_itself(path: Path) -> None:
    paragraph = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert paragraph and len(paragraph.split()) >= 5
