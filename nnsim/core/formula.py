"""Formulas that users type, such as ``sin(3*x) + x**2``: parsed, checked against a short list of what may stand in one, evaluated.

Python's own parser reads them, but nothing of Python is run: a tree that holds only numbers, known names, arithmetic and a dozen
functions is walked, each node one call of NumPy. It refuses everything else, with the place of it.
"""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from nnsim.core.activations import Array

LONGEST = 200
DEEPEST = 40


class FormulaError(ValueError):
    """Why a formula cannot be understood, in one sentence."""


FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "abs": np.abs, "sign": np.sign,
    "tanh": np.tanh, "floor": np.floor, "round": np.rint,
}
"""What may be called, each with one argument."""
CONSTANTS: dict[str, float] = {"pi": np.pi, "π": np.pi, "e": np.e}
_BINARY: dict[type[ast.operator], Callable[[Array, Array], Array]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide, ast.Pow: np.power, ast.Mod: np.mod,
}
_SIGNS = str.maketrans({"−": "-", "·": "*", "×": "*", "^": "**"})
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_POWERS = re.compile(f"⁻?[{_RAISED}]+")
_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "01234567890123456789-")
_UNSAID_PRODUCT = re.compile(rf"[\d){_RAISED}]\s*[^\W\d_{_RAISED}]|[){_RAISED}]\s*[\d(]")
"""As in 2x, (x+1)x, (x+1)(x-1), x²y and x²3."""
_PRODUCT = "a product is written with *, as in 2*x"


@dataclass(frozen=True)
class Formula:
    """A checked formula of some of the ``variables`` it was parsed with."""

    text: str
    variables: tuple[str, ...]
    """Those that occur in it, in the order they were allowed in."""
    tree: ast.expr

    def __call__(self, values: Mapping[str, Array]) -> Array:
        """The formula's values (n,) for the variables' (n,) each. Where it is not defined they are NaN or infinite."""
        count = len(next(iter(values.values())))
        with np.errstate(all="ignore"):
            result: Array = np.asarray(_evaluate(self.tree, values), np.float64)
        return np.broadcast_to(result, (count,)).copy()


def parse_formula(text: str, variables: tuple[str, ...]) -> Formula:
    """The formula in ``text``; ``x²``, ``x⁻¹``, ``x^2``, ``x₁`` and ``·`` are read as people write them. Raises FormulaError."""
    plain = text.strip()
    if not plain:
        raise FormulaError("there is no formula: type one such as sin(x) + x²")
    if len(plain) > LONGEST:
        raise FormulaError(f"the formula has {len(plain)} characters, and {LONGEST} is the most")
    if "#" in plain:
        raise FormulaError("# may not stand in a formula")  # to Python the rest would be a comment, and left out in silence
    python = _POWERS.sub(lambda power: f"**({power[0]})", plain).translate(_DIGITS).translate(_SIGNS)
    try:
        tree = ast.parse(python, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(f"{plain!r} is not a formula{_why(error, plain, python)}: write one such as sin(x) + x²") from error
    found: set[str] = set()
    _check(tree, variables, found, 0)
    return Formula(plain, tuple(name for name in variables if name in found), tree)


def _why(error: Exception, plain: str, python: str) -> str:
    if _UNSAID_PRODUCT.search(plain):
        return f", since {_PRODUCT}"
    # the place is known in what Python read, which is what was typed only where all signs have kept their places
    told = isinstance(error, SyntaxError) and error.offset and len(python) == len(plain)
    return f" at character {error.offset}" if told and isinstance(error, SyntaxError) else ""


def _check(node: ast.expr, variables: tuple[str, ...], found: set[str], depth: int) -> None:
    if depth > DEEPEST:
        raise FormulaError("the formula has too many brackets within brackets")
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            # Python's whole numbers have no end, and NumPy's numbers have
            if not abs(number) <= 1e300:
                raise FormulaError("a number in the formula is too large")
        case ast.Name(id=name):
            if name in variables:
                found.add(name)
            elif name in FUNCTIONS:
                raise FormulaError(f"{name} needs brackets: write {name}({variables[0] if variables else '1'})")
            elif name not in CONSTANTS:
                known = ", ".join(variables[:6]) + (" …" if len(variables) > 6 else "")
                raise FormulaError(f"{name!r} means nothing here: the variables are {known}")
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            _check(operand, variables, found, depth + 1)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            _check(left, variables, found, depth + 1)
            _check(right, variables, found, depth + 1)
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            _check(argument, variables, found, depth + 1)
        case ast.Call(func=ast.Name(id=name)):
            if name in variables:
                raise FormulaError(f"{name} is no function: write {name}*( … ) to multiply")
            raise FormulaError(f"there is no function {name!r} of one number: known are {', '.join(FUNCTIONS)}")
        case ast.Call(func=ast.Constant() | ast.BinOp() | ast.UnaryOp()):
            raise FormulaError(f"{ast.unparse(node)!r} is no function of a number: {_PRODUCT}")
        case _:
            raise FormulaError(f"{ast.unparse(node)!r} may not stand in a formula: use + - * / ^, numbers, "
                               f"and {', '.join(FUNCTIONS)} with brackets")


def _evaluate(node: ast.expr, values: Mapping[str, Array]) -> Array:
    match node:
        case ast.Constant(value=int() | float() as number):
            return np.asarray(float(number))
        case ast.Name(id=name):
            return values[name] if name in values else np.asarray(CONSTANTS[name])
        case ast.UnaryOp(op=op, operand=operand):
            value = _evaluate(operand, values)
            return -value if isinstance(op, ast.USub) else value
        case ast.BinOp(left=left, op=op, right=right):
            return _BINARY[type(op)](_evaluate(left, values), _evaluate(right, values))
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return FUNCTIONS[name](_evaluate(argument, values))
    raise AssertionError("checked when it was parsed")
