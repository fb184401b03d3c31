"""Mutants: the package's own code with one small mistake, put in place while a check looks.

A function is mutated on its syntax tree (sign, transpose, φ for φ′, neighbouring layer,
factor, comparison) and its code object is exchanged, so that every caller sees the mutant. A
definition is mutated on its expression tree.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from sympy.core.cache import clear_cache

from bpderiv.expression import Add, Apply, Entry, Mul, Number, Power, Sum, rewrite


@dataclass(frozen=True)
class Mutant:
    """One planted mistake: a name for people, and how to put it in place (a context manager)."""

    name: str
    planted: Callable


# --- functions ----------------------------------------------------------------------------------


def _sign(node):
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "sign", node.operand
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        yield "sign", ast.BinOp(node.left, ast.Add(), node.right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.MatMult)):
        yield "sign", ast.UnaryOp(ast.USub(), node)


def _transpose(node):
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield "transpose", node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield "transpose", ast.BinOp(node.left, node.op, ast.Attribute(node.right, "T", ast.Load()))


def _phi(node):
    if isinstance(node, ast.Attribute) and node.attr in ("phi", "phi_prime"):
        other = {"phi": "phi_prime", "phi_prime": "phi"}[node.attr]
        yield f"{other} for {node.attr}", ast.Attribute(node.value, other, ast.Load())


def _neighbour(node):
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        text = ast.unparse(node.slice)
        near = {"l + 1": "l", "l - 1": "l", "l": "l - 1", "last": "last - 1", "-1": "-2"}.get(text)
        if near:
            index = ast.parse(near, mode="eval").body
            yield "neighbouring layer", ast.Subscript(node.value, index, ast.Load())


def _factor(node):
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.MatMult)):
        yield "factor 2", ast.BinOp(ast.Constant(2), ast.Mult(), node)
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield "number + 1", ast.Constant(node.value + 1)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        yield "left factor only", node.left
        yield "right factor only", node.right


def _add(node):
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield "left part only", node.left
        yield "right part only", node.right


def _swap(node):
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        opposite = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
                    ast.Is: ast.IsNot, ast.IsNot: ast.Is}.get(type(node.ops[0]))  # fmt: skip
        if opposite:
            yield "condition turned", ast.Compare(node.left, [opposite()], node.comparators)
    if isinstance(node, ast.IfExp):
        yield "other branch", ast.IfExp(node.test, node.orelse, node.body)


OPERATORS = (_sign, _transpose, _phi, _neighbour, _factor, _add, _swap)


def mutants_of(function: Callable) -> Iterator[Mutant]:
    """Every mutant of a function, one change each; two that read the same are made once."""
    function = inspect.unwrap(getattr(function, "__func__", function))
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    tree.body[0].decorator_list = []
    seen, names = {ast.unparse(tree)}, Counter()
    arguments = set(ast.walk(tree.body[0].args))  # defaults are not part of the code object
    for place, node in enumerate(ast.walk(tree)):
        if node in arguments:
            continue
        for operator in OPERATORS:
            for which, (kind, _) in enumerate(operator(node)):
                changed = copy.deepcopy(tree)
                original = list(ast.walk(changed))[place]
                replacement = list(operator(original))[which][1]
                _put(changed, original, replacement)
                text = ast.unparse(changed)
                if text not in seen:
                    seen.add(text)
                    line = ast.unparse(_statement(tree, node)).split("\n")[0]
                    name = f"{function.__qualname__}: {kind} in `{ast.unparse(node)}`; {line}"
                    names[name] += 1
                    if names[name] > 1:
                        name += f" [{names[name]}]"
                    yield Mutant(name, lambda f=function, t=text: _code_exchanged(f, t))


def _statement(tree, node) -> ast.stmt:
    """The innermost statement that a node stands in: two that look alike are told apart."""
    around = [s for s in ast.walk(tree) if isinstance(s, ast.stmt) and node in set(ast.walk(s))]
    return around[-1]  # ast.walk goes from the outside in


def _put(tree, original, replacement) -> None:
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is original:
                setattr(parent, field, replacement)
            elif isinstance(value, list):
                setattr(parent, field, [replacement if x is original else x for x in value])
    ast.fix_missing_locations(tree)


@contextlib.contextmanager
def _code_exchanged(function, text):
    """The function runs other code meanwhile; sympy must forget what it remembers."""
    old = function.__code__
    function.__code__ = _code(function, text)
    clear_cache()
    try:
        yield
    finally:
        function.__code__ = old
        clear_cache()


def _code(function, text):
    """The code object of a function with this text, compiled but not run."""
    closed_over = function.__code__.co_freevars  # such as the cell that super() needs
    if closed_over:
        body = textwrap.indent(text, "    ")
        text = f"def outer():\n    {' = '.join(closed_over)} = None\n{body}"
    codes = [compile(text, f"<mutant of {function.__name__}>", "exec")]
    while codes:
        code = codes.pop()
        if code.co_name == function.__name__:
            return code
        codes += [constant for constant in code.co_consts if inspect.iscode(constant)]
    raise ValueError(f"no function {function.__name__} in the mutant's text")


# --- definitions --------------------------------------------------------------------------------


def _tree_changes(node) -> Iterator[tuple[str, object]]:
    if isinstance(node, Number):
        yield "sign", Number(-node.value)
        yield "factor 2", Number(node.value * 2)
    if isinstance(node, Add):
        yield "first term only", node.terms[0]
        yield "second term only", node.terms[1]
        yield "sign", Add((node.terms[0], Mul((Number(Fraction(-1)), node.terms[1]))))
    if isinstance(node, Mul) and len(node.factors) == 2:
        yield "first factor only", node.factors[0]
        yield "second factor only", node.factors[1]
    if isinstance(node, Power):
        yield "power + 1", Power(node.base, node.exponent + 1)
        yield "no power", node.base
    if isinstance(node, Apply):
        yield "φ′ for φ", replace(node, order=node.order + 1)
        yield "φ of the layer before", replace(node, layer="j")
        yield "no φ", node.argument
    if isinstance(node, Sum):
        yield "first summand only", rewrite(node.body, lambda x: _at_one(x, node.index))
    if isinstance(node, Entry) and len(node.layers) == 2:
        yield "transpose", Entry(node.name, node.layers, node.indices[::-1])
    if isinstance(node, Entry) and node.name == "y" and node.indices != (0,):
        yield "v for y", Entry("v", node.layers, node.indices)


def _at_one(node, letter):
    if isinstance(node, Entry):
        return Entry(node.name, node.layers, tuple(1 if x == letter else x for x in node.indices))
    return node


def mutants_of_definition(definition) -> Iterator[Mutant]:
    """Every mutant of one forward equation."""
    found = []

    def note(node):
        for change in _tree_changes(node):
            found.append((node, *change))
        return node

    rewrite(definition.body, note)
    for old, kind, new in found:
        body = rewrite(definition.body, lambda node, old=old, new=new: new if node == old else node)
        if body != definition.body:
            name = f"definition {definition.target.name} := {_said(definition.body)}: {kind} in "
            yield Mutant(name + _said(old), lambda d=definition, b=body: _body_exchanged(d, b))


def _said(node) -> str:
    """A tree in a few letters, so that two places in it have two names."""
    match node:
        case Number(value):
            return str(value)
        case Entry(name, _, indices):
            return name + "".join(map(str, indices))
        case Add(terms):
            return " + ".join(map(_said, terms))
        case Mul(factors):
            return "·".join(map(_said, factors))
        case Power(base, exponent):
            return f"{_said(base)}^{exponent}"
        case Apply(layer, argument, order):
            return f"φ{order}_{layer}({_said(argument)})"
        case Sum(index, _, body):
            return f"Σ_{index} {_said(body)}"
    raise TypeError(f"no name for {node}")


@contextlib.contextmanager
def _body_exchanged(definition, body):
    old = definition.body
    clear_cache()
    object.__setattr__(definition, "body", body)
    try:
        yield
    finally:
        object.__setattr__(definition, "body", old)
        clear_cache()
