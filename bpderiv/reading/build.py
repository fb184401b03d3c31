r"""lark's parse tree → syntax tree: one method for each rule of the grammar.

What the grammar cannot say is refused here: two scripts at one place, a prime on a bracket, and
braces that would group what the eye sees apart ({a + b} c looks like a + b c).
"""

from __future__ import annotations

import re

from lark import Token, Tree, v_args
from lark.exceptions import VisitError
from lark.visitors import Transformer_NonRecursive

from bpderiv.reading import syntax as sx
from bpderiv.reading.errors import ReadError


def build(tree: Tree, source: str) -> list[sx.Chain]:
    """The statements that lark's parse tree says.

    Errors
    ------
    ReadError
        for what the grammar lets through, but the eye does not.
    """
    try:
        return _Build(source).transform(tree)
    except VisitError as error:
        if isinstance(error.orig_exc, ReadError):
            raise error.orig_exc from None
        raise


class _Build(Transformer_NonRecursive):
    """Without recursion: a product of a thousand factors is a parse tree a thousand deep."""

    def __init__(self, source: str):
        super().__init__()
        self.source = source

    def fail(self, message: str, span: tuple[int, int]) -> ReadError:
        return ReadError(message, self.source, *span)

    # --- statements, sums and products --------------------------------------------------------

    def start(self, chains):
        return chains

    @v_args(meta=True)
    def chain(self, meta, parts):
        return sx.Chain(tuple(parts[::2]), tuple(map(str, parts[1::2])), span=_span(meta))

    @v_args(meta=True)
    def sum(self, meta, parts):
        if not isinstance(parts[0], Token):
            parts = ["", *parts]
        signs, terms = tuple(map(str, parts[::2])), tuple(parts[1::2])
        return terms[0] if signs == ("",) else sx.Sum(terms, signs, span=_span(meta))

    @v_args(meta=True)
    def hadamard(self, meta, parts):
        left, sign, right = parts
        factors, signs = (left,), ("",)
        if isinstance(left, sx.Hadamard):
            factors, signs = left.factors, left.signs
        return sx.Hadamard((*factors, right), (*signs, str(sign)), span=_span(meta))

    @v_args(meta=True)
    def times(self, meta, parts):
        left, right = parts[0], parts[-1]
        sign = " ".join(map(str, parts[1:-1]))
        factors, signs = _factors(left)
        more, their_signs = _factors(right)
        if not sign and (joined := self._joined(factors[-1], more[0])) is not None:
            factors, more, their_signs = [*factors[:-1], joined], more[1:], their_signs[1:]
        elif more:
            their_signs = [sign, *their_signs[1:]]
        factors, signs = (*factors, *more), (*signs, *their_signs)
        return factors[0] if len(factors) == 1 else sx.Product(factors, signs, span=_span(meta))

    def _joined(self, left: sx.Node, right: sx.Node) -> sx.Node | None:
        """Digits side by side are one number; a script hangs on the whole of it."""
        base = right.base if isinstance(right, sx.Scripted) else right
        if not isinstance(base, sx.Number):
            return None
        if not isinstance(left, sx.Number):
            if base.text.startswith("."):
                raise self.fail("a number begins with a digit, 0.5; and a script of several signs "
                                "is put in braces, x^{1.5}", base.span)  # fmt: skip
            return None
        between = self.source[left.span[1] : base.span[0]]
        if re.sub(r"[\s{}]", "", between) or "." in left.text and "." in base.text:
            raise self.fail(r"two numbers side by side: write one number, or \cdot between them",
                            (left.span[0], base.span[1]))  # fmt: skip
        number = sx.Number(left.text + base.text, span=(left.span[0], base.span[1]))
        if isinstance(right, sx.Scripted):
            span = left.span[0], right.span[1]
            return sx.Scripted(number, right.sub, right.sup, right.primes, span=span)
        return number

    @v_args(meta=True)
    def summation(self, meta, parts):
        sub, sup, primes = self._scripts(parts[:-1])
        if primes:
            raise self.fail("a prime belongs to a letter, not to a Σ", _span_of_primes(parts[:-1]))
        return sx.Summation(sub, sup, parts[-1], span=_span(meta))

    # --- scripts ------------------------------------------------------------------------------

    @v_args(meta=True)
    def scripted(self, meta, parts):
        base, *scripts = parts
        sub, sup, primes = self._scripts(scripts)
        if primes and not isinstance(base, (sx.Name, sx.Text, sx.Scripted)):
            raise self.fail(
                "a prime belongs to a function's letter, as in f'(x), not to brackets or numbers; "
                r"write a derivative as \frac{\partial …}{\partial …}",
                _span_of_primes(scripts),
            )
        if isinstance(base, sx.Decorated):
            self._check_note(base, scripts)
        if isinstance(base, sx.Product):  # it stands in braces
            base = self._one_name(base)
        return sx.Scripted(base, sub, sup, primes, span=_span(meta))

    def _scripts(self, scripts):
        """What hangs on a base: (below, above, number of primes); each place is taken once."""
        below = above = None
        primes, above_taken = 0, False
        for kind, value, span in scripts:
            if kind == "sub":
                if below is not None:
                    raise self.fail("two things hang below (_) one letter: join them in braces, as "
                                    "in w_{ba}", span)  # fmt: skip
                below = value
                continue
            if above_taken or kind == "primes" and primes:
                raise self._two_above(kind, span)
            if kind == "primes":
                primes = value
                continue
            more, above = _primes_of(value)
            primes, above_taken = primes + more, True
        return below, above, primes

    def _two_above(self, kind: str, span) -> ReadError:
        if kind == "primes":
            return self.fail("a prime stands before what else hangs above: f'^2", span)
        return self.fail("two things hang above (^) one letter: put the letter with its first "
                         "script in braces, as in {W^{a}}^T", span)  # fmt: skip

    def _check_note(self, base: sx.Decorated, scripts) -> None:
        r"""\underbrace has its note below, \boxed has none."""
        for kind, _, span in scripts:
            if (base.command == r"\boxed") == (kind == "sub"):
                where = "below" if kind == "sub" else "above"
                raise self.fail(f"nothing hangs {where} {base.command}: put what is meant into its "
                                "braces", span)  # fmt: skip

    def _one_name(self, base: sx.Product) -> sx.Bracket:
        r"""{\Delta W}^T, {W(n)}^T: in braces, what may be one name; the declarations tell."""
        names = list(base.factors)
        if isinstance(names[-1], sx.Bracket) and names[-1].open in "([":
            names.pop()
        *before, letter = names
        fits = _is_name(letter) and len(before) <= 1 and all(map(_is_word, before))
        if any(base.signs) or not fits:
            raise self._invisible(base.span)
        return sx.Bracket("{", (sx.Chain((base,), span=base.span),), "}", span=base.span)

    def _invisible(self, span) -> ReadError:
        return self.fail("braces are not seen on the page: use ( ) to group what stands here", span)

    @v_args(meta=True)
    def sub(self, meta, parts):
        return "sub", _bare(parts[0]), _span(meta)

    @v_args(meta=True)
    def sup(self, meta, parts):
        return "sup", _bare(parts[0]), _span(meta)

    @v_args(meta=True)
    def primes(self, meta, parts):
        return "primes", len(parts[0]), _span(meta)

    # --- atoms --------------------------------------------------------------------------------

    @v_args(meta=True)
    def number(self, meta, parts):
        return sx.Number(str(parts[0]), span=_span(meta))

    @v_args(meta=True)
    def name(self, meta, parts):
        return sx.Name(str(parts[0]), span=_span(meta))

    @v_args(meta=True)
    def text(self, meta, parts):
        command, _, words = str(parts[0])[1:-1].partition("{")
        return sx.Text(command, words, span=_span(meta))

    @v_args(meta=True)
    def dots(self, meta, parts):
        return sx.Dots(str(parts[0]), span=_span(meta))

    @v_args(meta=True)
    def partial(self, meta, parts):
        return sx.Partial(span=_span(meta))

    @v_args(meta=True)
    def bracket(self, meta, parts):
        opened, items, closed = parts
        return sx.Bracket(str(opened), items, str(closed), span=_span(meta))

    @v_args(meta=True)
    def brace(self, meta, parts):
        return sx.Bracket("{", parts[0], "}", span=_span(meta))

    @v_args(meta=True)
    def group(self, meta, parts):
        """Braces that are no argument; the eye does not see them, so they may not matter."""
        inside = _bare(parts[0])
        last = _factors(inside)[0][-1]
        if inside is parts[0] or isinstance(last, (sx.Sum, sx.Hadamard, sx.Summation)):
            raise self._invisible(_span(meta))
        return inside

    def list(self, parts):
        return tuple(parts)

    @v_args(meta=True)
    def fraction(self, meta, parts):
        return sx.Fraction(str(parts[0]), _bare(parts[1]), _bare(parts[2]), span=_span(meta))

    @v_args(meta=True)
    def decorated(self, meta, parts):
        return sx.Decorated(str(parts[0]), parts[1], span=_span(meta))

    @v_args(meta=True)
    def matrix(self, meta, parts):
        begin, *rows, _ = parts
        if rows[-1] == (None,) and len(rows) > 1:
            rows = rows[:-1]  # \\ after the last row
        if all(cell is None for row in rows for cell in row):
            raise self.fail("a matrix without entries", _span(meta))
        return sx.Matrix(str(begin), tuple(rows), span=_span(meta))

    def row(self, parts):
        return tuple(parts)

    def cell(self, parts):
        return parts[0] if parts else None


def _span(meta) -> tuple[int, int]:
    return (meta.start_pos, meta.end_pos) if not meta.empty else (0, 0)


def _factors(node: sx.Node) -> tuple[list, list]:
    """The factors of a product and their signs; of anything else, itself."""
    if isinstance(node, sx.Product):
        return list(node.factors), list(node.signs)
    return [node], [""]


def _bare(node: sx.Node) -> sx.Node:
    """An argument: braces around one formula mean nothing more."""
    if not (isinstance(node, sx.Bracket) and node.open == "{") or len(node.items) > 1:
        return node
    chain = node.items[0]
    return node if chain.relations else chain.sides[0]


def _is_name(node: sx.Node) -> bool:
    base = node.base if isinstance(node, sx.Scripted) else node
    return isinstance(base, (sx.Name, sx.Text))


def _is_word(node: sx.Node) -> bool:
    r"""A command such as \Delta, that may be the first part of a name."""
    return isinstance(node, sx.Name) and node.text.startswith("\\")


def _span_of_primes(scripts) -> tuple[int, int]:
    return next(
        span
        for kind, value, span in scripts
        if kind == "primes" or kind == "sup" and _primes_of(value)[0]
    )


def _primes_of(above: sx.Node) -> tuple[int, sx.Node | None]:
    r"""^{\prime\prime T} is '' and ^T: the number of primes, and the rest."""
    factors, signs = _factors(above)
    number = 0
    while number < len(factors) and not signs[number] and _is_prime(factors[number]):
        number += 1
    rest, signs = factors[number:], signs[number:]
    if not number or not rest:
        return number, None if number else above
    if len(rest) == 1:
        return number, rest[0]
    return number, sx.Product(tuple(rest), ("", *signs[1:]), span=above.span)


def _is_prime(node: sx.Node) -> bool:
    return isinstance(node, sx.Name) and node.text == r"\prime"


def misplaced_prime(node: sx.Node) -> sx.Node | None:
    r"""A \prime that does not stand above a letter."""
    return next((x for x in sx.walk(node) if _is_prime(x)), None)
