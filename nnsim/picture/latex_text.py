r"""A formula as text: one line of plain characters for a sentence or the clipboard, or rich text where it is drawn as text.

LaTeX is the one source of every formula; this reads back the words of it that ``latex_parts`` and its neighbours write, and no
more: it refuses to be a typesetter, and raises ValueError at a command that it does not know.
"""

import re
from functools import lru_cache
from html import escape

_SUBSCRIPTS = str.maketrans("0123456789+−rkji", "₀₁₂₃₄₅₆₇₈₉₊₋ᵣₖⱼᵢ")
_SUPERSCRIPTS = str.maketrans("0123456789+−⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀ")
_WIDE = "\u2003"
_AFTER_OPERATOR = ("=", "≈", "+", "−", "×", "←", "≥", "≤", "<", ">", "(", "[", "|", ",", _WIDE)
_LETTERS = {
    "alpha": "α", "beta": "β", "delta": "δ", "Delta": "Δ", "ell": "ℓ", "eta": "η", "varepsilon": "ε", "lambda": "λ", "mu": "μ",
    "pi": "π", "rho": "ρ", "sigma": "σ", "Phi": "Φ", "varphi": "φ", "partial": "∂",
}  # fmt: skip
_SIGNS = {
    "sum": "Σ", "Vert": "‖", "infty": "∞", "cdots": "⋯", "top": "⊤", ",": " ", "quad": _WIDE,
    "cdot": " × ", "times": "×", "leftarrow": " ← ", "ge": " ≥ ", "le": " ≤ ", "approx": " ≈ ",
    "lfloor": "⌊", "rfloor": "⌋",
}  # fmt: skip
_FUNCTIONS = {"ln", "sin", "cos", "tanh", "max", "min"}
_ACCENTS = {"hat": "\u0302", "tilde": "\u0303", "bar": "\u0304"}
_TOKEN = re.compile(r"\\(?:[A-Za-z]+\s*|.)|[A-Za-z]|[^\\A-Za-z]")


@lru_cache(maxsize=2048)
def plain(latex: str) -> str:
    """One line of plain text, such as ``z₁ = Σᵣ W[r,1] xᵣ + b₁``. Raises ValueError at an unknown command."""
    return _tidy(_Reader(latex, rich=False).read())


@lru_cache(maxsize=2048)
def rich(latex: str) -> str:
    """HTML with letters in italics. Raises ValueError at an unknown command."""
    return _tidy(_Reader(latex, rich=True).read())


def _tidy(written: str) -> str:
    written = re.sub(r"(?<=[(\[|]) +| +(?=[)\],])", "", re.sub(r" +", " ", written))
    return written.strip().replace(" " + _WIDE, _WIDE).replace(_WIDE + " ", _WIDE).replace(_WIDE, "   ")


class _Reader:
    """One formula, token by token."""

    def __init__(self, latex: str, rich: bool) -> None:
        self.tokens, self.at, self.rich = _TOKEN.findall(latex), 0, rich

    def read(self) -> str:
        """All up to the end, or to the brace that closes this group."""
        parts: list[str] = []
        while self.at < len(self.tokens):
            token = self._take()
            if token == "}":
                break
            if token in ("_", "^"):
                parts.append(self._script(token))
            elif token.rstrip() == "\\frac":
                parts.append(self._fraction("".join(parts).rstrip()))
            else:
                parts.append(self._item(token))
        return "".join(parts)

    def _take(self) -> str:
        self.at += 1
        token: str = self.tokens[self.at - 1]
        return token

    def _group(self) -> str:
        """The next group in braces, or the next item alone."""
        token = self._take()
        return self.read() if token == "{" else self._item(token)

    def _item(self, token: str) -> str:
        if token == "{":
            return self.read()
        if token.startswith("\\"):
            spaced = token[-1] == " " and self._following() in ("=", "+", "-", "<", ">", "\\approx")
            return self._command(token[1:].rstrip()) + (" " if spaced else "")
        if token.isalpha():
            return self._italic(token)
        return escape(token.replace("-", "−")) if self.rich else token.replace("-", "−")

    def _command(self, name: str) -> str:
        if name in _LETTERS:
            return self._italic(_LETTERS[name]) if name != "partial" else _LETTERS[name]
        if name in _SIGNS:
            return _SIGNS[name]
        if name in _FUNCTIONS:
            follows = self.tokens[self.at] if self.at < len(self.tokens) else ""
            return name if follows in ("(", "^", "_") else f" {name} "
        if name in _ACCENTS:
            letter = self._group()
            return letter.replace("</i>", f"{_ACCENTS[name]}</i>") if self.rich else letter + _ACCENTS[name]
        if name == "sqrt":
            return f"√{_operand(self._group())}"
        if name in ("text", "mathrm"):
            return self._upright()
        raise ValueError(f"no plain text for \\{name}")

    def _following(self) -> str:
        """The next token that is not a space; empty at the end."""
        return next((token.rstrip() for token in self.tokens[self.at :] if not token.isspace()), "")

    def _fraction(self, before: str) -> str:
        """One over the other, in parentheses where it is multiplied."""
        top, bottom = _operand(self._group()), _operand(self._group())
        written = f"{top}/{bottom}" if " " not in top + bottom else f"{top} / {bottom}"
        alone = not before or before.endswith(_AFTER_OPERATOR)
        is_last = self._following() in ("", "=", "\\approx", "+", "-", ")", "]", "}", ",", "|")
        return written if alone and is_last else f"({written})"

    def _upright(self) -> str:
        self._take()
        words: list[str] = []
        while (token := self._take()) != "}":
            words.append(token)
        return escape("".join(words)) if self.rich else "".join(words)

    def _italic(self, letter: str) -> str:
        return f"<i>{letter}</i>" if self.rich else letter

    def _script(self, token: str) -> str:
        content = self._group()
        if self.rich:
            return f"<{'sub' if token == '_' else 'sup'}>{content}</{'sub' if token == '_' else 'sup'}>"
        if content == "′":
            return content
        small = content.translate(_SUBSCRIPTS if token == "_" else _SUPERSCRIPTS)
        if not any(character in small for character in content if not character.isspace()):
            return small
        if token == "_":
            return f"[{content.replace(' ', ',')}]"
        return f"^{content}" if len(content) == 1 else f"^({content})"


def _operand(written: str) -> str:
    """In parentheses where it is more than one thing."""
    return f"({written.strip()})" if " " in written.strip() else written
