"""Plain text with its mathematical letters, such as ``z = Wᵀx + b``, turned into LaTeX for plain pdfLaTeX with amsmath.

It is apart because it knows nothing of networks. Whatever letter it has no command for becomes a question mark in brackets, so that
the document always compiles; it refuses to guess what a formula means.
"""

import re

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀ", "0123456789+-T", strict=True))
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ᵣ", "0123456789+-r", strict=True))
_COMMANDS = {
    "−": "-", "·": r"\cdot ", "×": r"\times ", "∂": r"\partial ", "√": r"\surd ", "∞": r"\infty ", "≥": r"\ge ", "≤": r"\le ",
    "←": r"\leftarrow ", "→": r"\to ", "…": r"\dots ", "′": "'", "½": r"\tfrac{1}{2}", "Σ": r"\sum ", "ℓ": r"\ell ", "±": r"\pm ",
    "ŷ": r"\hat{y}", "α": r"\alpha ", "β": r"\beta ", "δ": r"\delta ", "ε": r"\varepsilon ", "η": r"\eta ", "λ": r"\lambda ",
    "μ": r"\mu ", "ρ": r"\rho ", "σ": r"\sigma ", "φ": r"\varphi ", "Φ": r"\Phi ", "Δ": r"\Delta ", "θ": r"\theta ",
    "≈": r"\approx ", "ã": r"\tilde{a}",
    "\\": r"\backslash ", "{": r"\{", "}": r"\}", "%": r"\%", "#": r"\#", "&": r"\&", "_": r"\_", "$": r"\$", "~": r"\sim ",
    "^": r"\hat{\ }", "’": "'"}
_TEXT_COMMANDS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "#": r"\#", "&": r"\&", "_": r"\_", "$": r"\$",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "’": "'", "‘": "`", "“": "``", "”": "''", "–": "--", "—": "---",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': "''", "\u00a0": "~"}
_FUNCTIONS = {"tanh", "max", "ln", "sin", "cos"}
_UNKNOWN = "[?]"
_ACCENTED = re.compile(r"[À-ÖØ-öø-ÿ]")
_TOKEN = re.compile(
    r"√(?P<root>[A-Za-z]\u0302?)|(?P<hat>[A-Za-z]\u0302)|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀ]+)|(?P<lowered>[₀₁₂₃₄₅₆₇₈₉₊₋ᵣ]+)"
    r"|\^(?P<power>\([^()]*\)|[+−-]?[\d.]+|[A-Za-zŷ])"
    r"|(?P<words>(?<![A-Za-zÀ-ÿ])[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ’]+(?: +[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ’]+)*)"
    r"|(?P<one>.)", re.DOTALL)


def math(text: str) -> str:
    """A formula with words among it, for use between dollar signs."""
    return "".join(_formula(found) for found in _TOKEN.finditer(text)).strip()


def prose(text: str) -> str:
    """Words with mathematical letters among them, for use outside of formulas."""
    return "".join(_letter(letter) for letter in text)


def _formula(found: re.Match[str]) -> str:
    if found["root"]:
        return rf"\sqrt{{{math(found['root'])}}}"
    if found["hat"]:
        return rf"\hat{{{found['hat'][0]}}}"
    if found["raised"]:
        return "^{" + "".join(_SUPERSCRIPTS[letter] for letter in found["raised"]) + "}"
    if found["lowered"]:
        return "_{" + "".join(_SUBSCRIPTS[letter] for letter in found["lowered"]) + "}"
    if found["power"]:
        return f"^{{{math(found['power'])}}}"
    if found["words"]:
        return _words(found["words"], found.string, found.end())
    return _sign(found["one"])


def _words(words: str, whole: str, end: int) -> str:
    if whole[end : end + 1] == "(" and " " not in words:
        return rf"\{words}" if words in _FUNCTIONS else rf"\operatorname{{{prose(words)}}}"
    return "\\ln " if words == "ln" else rf"\text{{ {prose(words)} }}"


def _sign(letter: str) -> str:
    if letter in _COMMANDS:
        return _COMMANDS[letter]
    if letter.isspace():
        return " "
    if letter.isascii():
        return letter if letter.isprintable() else ""
    return rf"\text{{{letter if _ACCENTED.match(letter) else _UNKNOWN}}}"


def _letter(letter: str) -> str:
    if letter in _TEXT_COMMANDS:
        return _TEXT_COMMANDS[letter]
    if letter.isspace():
        return " "
    if letter.isascii():
        return letter if letter.isprintable() else ""
    if _ACCENTED.match(letter):
        return letter
    if letter in _COMMANDS:
        return f"${_COMMANDS[letter].strip()}$"
    for table, sign in ((_SUPERSCRIPTS, "^"), (_SUBSCRIPTS, "_")):
        if letter in table:
            return f"${sign}{{{table[letter]}}}$"
    return _UNKNOWN
