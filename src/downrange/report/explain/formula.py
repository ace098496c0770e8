"""Formulas that are written once: shown to a reader, shown with numbers in them, and computed.

A formula is text in a small part of Python's grammar: names, numbers, `+ - * / **`, and the functions of `FUNCTIONS`. Angles
under `sin`, `cos` and `tan` are degrees, as a pocket calculator has them; `arctan` gives radians.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from functools import cache

__all__ = ["FUNCTIONS", "computed", "names_in", "shown", "shown_number", "worked"]

FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt, "ln": math.log, "exp": math.exp, "tanh": math.tanh, "cosh": math.cosh, "sinh": math.sinh, "arctan": math.atan,
    "sin": lambda x: math.sin(math.radians(x)), "cos": lambda x: math.cos(math.radians(x)), "tan": lambda x: math.tan(math.radians(x)),
    "degrees": math.degrees,
}  # fmt: skip
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 3, 4  # how strongly a piece of a formula holds together
_DIGITS = 5  # of the numbers put into a formula: enough that the result by hand is the one printed


@cache
def _tree(formula: str) -> ast.expr:
    return ast.parse(formula, mode="eval").body


def computed(formula: str, values: Mapping[str, float]) -> float:
    """The value of a formula.

    >>> computed("m * v**2 / 2", {"m": 2.0, "v": 3.0})
    9.0
    """
    return _compute(_tree(formula), values)


def _compute(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.Constant():
            return float(node.value)  # type: ignore[arg-type]
        case ast.Name():
            return float(values[node.id])
        case ast.UnaryOp(op=ast.USub()):
            return -_compute(node.operand, values)
        case ast.Call(func=ast.Name(id=name)):
            return FUNCTIONS[name](_compute(node.args[0], values))
        case ast.BinOp():
            a, b = _compute(node.left, values), _compute(node.right, values)
            return float(_OPERATIONS[type(node.op)](a, b))
    raise ValueError(f"not a formula: {ast.dump(node)}")


_OPERATIONS: dict[type, Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b, ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
}  # fmt: skip


def names_in(formula: str) -> tuple[str, ...]:
    """The names of a formula's quantities, in the order in which they first stand in it."""
    functions = {
        n.func.id for n in ast.walk(_tree(formula)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    found = [n for n in ast.walk(_tree(formula)) if isinstance(n, ast.Name) and n.id not in functions]
    return tuple(dict.fromkeys(n.id for n in sorted(found, key=lambda n: n.col_offset)))


def shown(formula: str) -> str:
    """A formula as one reads it.

    >>> shown("sqrt(2 * m * g / (rho * S))"), shown("m * v**2 / 2")
    ('√(2 · m · g / (rho · S))', 'm · v² / 2')
    """
    return _show(_tree(formula), lambda name: name, " · ")[0]


def worked(formula: str, values: Mapping[str, float]) -> str:
    """A formula with numbers in the place of names.

    >>> worked("m * v**2 / 2", {"m": 2.0, "v": 3.21987})
    '2 × 3.2199² / 2'
    """
    return _show(_tree(formula), lambda name: shown_number(values[name]), " × ")[0]


def shown_number(value: float, digits: int = _DIGITS) -> str:
    """A number as it is put into a formula: five digits, no powers of ten where a reader would not use them.

    >>> shown_number(101325.0), shown_number(0.0520649), shown_number(4.2e-7)
    ('101325', '0.052065', '4.2e-07')
    """
    if 10 ** (digits - 1) <= abs(value) < 1e7:
        return f"{value:.0f}"
    return f"{value:.{digits}g}"


def _show(node: ast.expr, name: Callable[[str], str], times: str) -> tuple[str, int]:
    """A piece of a formula, and how strongly it holds together."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return f"{number:g}", _ATOM
        case ast.Name():
            text = name(node.id)
            return text, _SUM if text.startswith("-") else _ATOM
        case ast.UnaryOp():
            return f"-{_held(node.operand, _PRODUCT, name, times)}", _SUM
        case ast.Call(func=ast.Name(id=function)):
            inside = _show(node.args[0], name, times)[0]
            return ("√" if function == "sqrt" else function) + f"({inside})", _ATOM
        case ast.BinOp():
            return _pair(node, name, times)
    raise ValueError(f"not a formula: {ast.dump(node)}")


def _pair(node: ast.BinOp, name: Callable[[str], str], times: str) -> tuple[str, int]:
    match node.op:
        case ast.Pow():
            base = _held(node.left, _ATOM, name, times)
            if isinstance(node.right, ast.Constant) and isinstance(node.right.value, int):
                return base + str(node.right.value).translate(_RAISED), _POWER
            return f"{base}^{_held(node.right, _ATOM, name, times)}", _POWER
        case ast.Mult():
            first, second = _held(node.left, _PRODUCT, name, times), _held(node.right, _PRODUCT, name, times)
            return first + times + second, _PRODUCT
        case ast.Div():
            return f"{_held(node.left, _PRODUCT, name, times)} / {_held(node.right, _POWER, name, times)}", _PRODUCT
        case ast.Add():
            return f"{_held(node.left, _SUM, name, times)} + {_held(node.right, _PRODUCT, name, times)}", _SUM
    return f"{_held(node.left, _SUM, name, times)} - {_held(node.right, _PRODUCT, name, times)}", _SUM


def _held(node: ast.expr, least: int, name: Callable[[str], str], times: str) -> str:
    text, strength = _show(node, name, times)
    return text if strength >= least else f"({text})"
