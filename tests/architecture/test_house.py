"""The house rules that a machine can hold: what stands at the top, that every room says what it is, and that README is true."""

import ast
import re
import shlex
from pathlib import Path

import pytest

from nnsim.cli import main
from nnsim.commands.arguments import COMMANDS, window_parser

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(ROOT.glob("nnsim/**/*.py"))
LEFT_BY_TOOLS = {"dist", "build", "__pycache__"}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "base", "misc", "common"}
README = (ROOT / "README.md").read_text("utf-8")


def test_the_top_level_holds_what_it_should_and_nothing_else() -> None:
    seen = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - LEFT_BY_TOOLS
    assert seen == {"pyproject.toml", "nnsim", "resources", "tests", "README.md", "LICENSE"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_opens_with_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {part for path in MODULES for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not {name for name in names if set(name.split("_")) & VAGUE}


def test_nothing_is_left_to_do_later() -> None:
    words = re.compile("TO" + "DO|FIX" + "ME|XX" + "X")
    assert [path.name for path in MODULES if words.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_readme_names_every_command(name: str) -> None:
    assert f"nnsim {name}" in README


def command_lines() -> list[list[str]]:
    """What README's shell examples give to ``nnsim``."""
    lines = [shlex.split(line, comments=True) for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
             for line in block.splitlines()]
    return [words[1:] for words in lines if words[0] == "nnsim"]


@pytest.mark.parametrize("words", command_lines(), ids=" ".join)
def test_every_command_line_in_readme_is_one_that_nnsim_knows(words: list[str]) -> None:
    if words and words[0] in COMMANDS:
        COMMANDS[words[0]].parser().parse_args(words[1:])
    else:
        source = window_parser().parse_args(words).source
        assert source is None or main(["info", source]) == 0


def test_readmes_script_runs_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (script,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(script, "README.md", "exec"), {})  # noqa: S102
    assert (tmp_path / "xor.nnsim").is_file()


def test_ci_runs_the_very_test_command_of_readme() -> None:
    lines = [line for line in README.splitlines() if line.endswith("-m pytest") and line.startswith("python3 ")]
    assert len(lines) == 1
    assert "-m pytest$" in (ROOT / ".ci" / "run").read_text("utf-8")


@pytest.mark.parametrize("page", ["README.md", "nnsim/README.md", ".github/CONTRIBUTING.md", ".github/CHANGELOG.md"])
def test_every_link_on_a_page_leads_to_a_file(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target]
    assert [target for target in targets if not ((ROOT / page).parent / target).exists()] == []
