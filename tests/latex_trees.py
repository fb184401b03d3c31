"""Formulas to test the reader with: the corpus typed by hand, and syntax trees drawn at random."""

import re
from functools import cache
from pathlib import Path
from string import ascii_letters, ascii_lowercase

from hypothesis import strategies as st

from bpderiv.reading import syntax as sx
from bpderiv.reading import vocabulary as words
from bpderiv.reading.syntax import latex

_CORPUS = Path(__file__).with_name("latex_corpus.md")


def _corpus() -> list[str]:
    blocks = re.findall(r"^```(latex|tex)\n(.*?)^```$", _CORPUS.read_text("utf-8"), re.S | re.M)
    return [
        formula
        for kind, block in blocks
        for formula in (block.splitlines() if kind == "latex" else [block])
    ]


#: The formulas of latex_corpus.md.
FORMULAS = _corpus()


def printed(chains: list[sx.Chain]) -> str:
    """Statements as LaTeX: each on its own line, if there are several."""
    lines = [latex(chain) for chain in chains]
    if len(lines) == 1:
        return lines[0]
    return r"\begin{gather} " + r" \\ ".join(lines) + r" \end{gather}"


@st.composite
def statements(draw, depth: int = 2) -> sx.Chain:
    """Any tree that the grammar can express, of every kind of node."""
    return _Grow(draw).chain(depth)


_LETTERS = st.sampled_from(
    [*"abcxyzWEI", r"\alpha", r"\varphi", r"\Delta", r"\top", r"\infty", r"\ell", r"\eta"]
    + [r"\mathcal{E}", r"\mathbb{R}", r"\boldsymbol{\delta}", r"\hat{y}", r"\hat{\mathbf{y}}"]
)
_DIGITS = st.text("0123456789", min_size=1, max_size=3)
_WORDS = st.tuples(
    st.text(" ,;.(&", max_size=2),
    st.text(ascii_letters, min_size=1, max_size=5),
    st.just("")
    | st.text(ascii_lowercase + "$_^", max_size=4).map(" {}".format)
    | st.text(ascii_lowercase + " ", max_size=3).map("{{{}}}".format),
).map("".join)
_FLAGS = st.booleans()
_BRACKETS = st.sampled_from([("(", ")"), ("[", "]"), (r"\{", r"\}")])
_PRODUCT_SIGNS = st.sampled_from(["", "", "", *words.KINDS["DOT"], r"\cdot -", r"\times +"])


# Made once: to make a strategy takes longer than to draw from it.


@cache
def _between(least: int, most: int):
    return st.integers(least, most)


@cache
def _words(kind: str):
    return st.sampled_from(words.KINDS[kind])


class _Grow:
    """Draws a tree from the top down: one method for each thing that the grammar asks for.

    A Σ takes the rest of its term, so it only ever stands last (`open` says that it may).
    """

    def __init__(self, draw):
        self.draw = draw

    def any(self, *makers):
        return makers[self.draw(_between(0, len(makers) - 1))]()

    def number_of(self, least, most=2) -> range:
        return range(self.draw(_between(least, most)))

    def word(self, kind: str) -> str:
        return self.draw(_words(kind))

    # --- chains, sums, products ---------------------------------------------------------------

    def chain(self, depth) -> sx.Chain:
        sides = tuple(self.side(depth) for _ in self.number_of(1))
        return sx.Chain(sides, tuple(self.word("RELATION") for _ in sides[1:]))

    def side(self, depth) -> sx.Node:
        return self.any(lambda: self.term(depth), lambda: self.term(depth), lambda: self.sum(depth))

    def sum(self, depth) -> sx.Sum:
        terms = tuple(self.term(depth) for _ in self.number_of(1))
        first = self.draw(st.sampled_from(["-", "+"] if len(terms) == 1 else ["", "-", "+"]))
        return sx.Sum(terms, (first, *(self.word("SIGN") for _ in terms[1:])))

    def term(self, depth) -> sx.Node:
        if depth == 0:
            return self.leaf()
        return self.any(
            lambda: self.factor(depth),
            lambda: self.product(depth, self.draw(_FLAGS)),
            lambda: self.hadamard(depth),
            lambda: self.summation(depth),
        )

    def hadamard(self, depth) -> sx.Hadamard:
        factors = [self.any(lambda: self.factor(depth), lambda: self.product(depth, False))
                   for _ in self.number_of(1)]  # fmt: skip
        factors.append(
            self.any(
                lambda: self.factor(depth),
                lambda: self.product(depth, True),
                lambda: self.summation(depth),
            )
        )
        return sx.Hadamard(tuple(factors), ("", *(self.word("ODOT") for _ in factors[1:])))

    def product(self, depth, open: bool) -> sx.Product:
        factors, signs = [self.factor(depth)], [""]
        for _ in self.number_of(1):
            factor, sign = self.factor(depth), self.draw(_PRODUCT_SIGNS)
            if (
                not sign
                and _is_number(factor)
                and (isinstance(factors[-1], sx.Number) or latex(factor).startswith("."))
            ):
                sign = r"\cdot"  # side by side they would be one number, or look like one
            factors.append(factor)
            signs.append(sign)
        if open:
            factors[-1] = self.summation(depth)
        return sx.Product(tuple(factors), tuple(signs))

    def summation(self, depth) -> sx.Summation:
        return sx.Summation(self.perhaps(depth), self.perhaps(depth), self.term(depth - 1))

    # --- factors ------------------------------------------------------------------------------

    def factor(self, depth) -> sx.Node:
        if depth == 0:
            return self.leaf()
        return self.any(
            self.leaf,
            self.name,
            lambda: self.bracket(depth),
            lambda: self.fraction(depth),
            lambda: self.matrix(depth),
            lambda: sx.Decorated(self.word("DECORATION"), self.braces(depth)),
            lambda: self.letter_with_scripts(depth),
            lambda: self.base_with_scripts(depth),
            lambda: self.decorated_with_script(depth),
        )

    def leaf(self) -> sx.Node:
        return self.any(
            self.name, self.number, self.text, sx.Partial, lambda: sx.Dots(self.word("DOTS"))
        )

    def name(self) -> sx.Name:
        return sx.Name(self.draw(_LETTERS))

    def number(self) -> sx.Number:
        digits, point = self.draw(_DIGITS), "." + self.draw(_DIGITS)
        return sx.Number(self.draw(st.sampled_from([digits, point, digits + point])))

    def text(self) -> sx.Text:
        return sx.Text(self.draw(st.sampled_from(words.WORDS)), self.draw(_WORDS))

    def bracket(self, depth, kinds=_BRACKETS) -> sx.Bracket:
        opened, closed = self.draw(kinds)
        return sx.Bracket(opened, tuple(self.chain(depth - 1) for _ in self.number_of(1)), closed)

    def braces(self, depth, least=1) -> sx.Bracket:
        return sx.Bracket("{", tuple(self.chain(depth - 1) for _ in self.number_of(least)), "}")

    def fraction(self, depth) -> sx.Fraction:
        return sx.Fraction(self.word("FRAC"), self.argument(depth), self.argument(depth))

    def matrix(self, depth) -> sx.Matrix:
        rows = [[self.any(lambda: None, lambda: self.side(depth - 1)) for _ in self.number_of(1)]
                for _ in self.number_of(1)]  # fmt: skip
        if all(cell is None for row in rows for cell in row):
            rows[0][0] = self.name()
        return sx.Matrix(
            self.draw(st.sampled_from(["bmatrix", "pmatrix"])), tuple(map(tuple, rows))
        )

    # --- scripts ------------------------------------------------------------------------------

    def argument(self, depth) -> sx.Node:
        r"""What stands in the braces of _, ^ and \frac: a side, a list, or a relation."""
        if depth == 0:
            return self.leaf()
        relation = sx.Chain((self.side(depth - 1), self.side(depth - 1)), (self.word("RELATION"),))
        return self.any(
            lambda: self.side(depth - 1),
            lambda: self.braces(depth, least=2),
            lambda: sx.Bracket("{", (relation,), "}"),
        )

    def perhaps(self, depth) -> sx.Node | None:
        return self.any(lambda: None, lambda: self.argument(depth))

    def letter_with_scripts(self, depth) -> sx.Scripted:
        """Only letters have primes; a letter with scripts may have more of them."""
        base = self.any(self.name, self.text)
        if depth > 1 and self.draw(_FLAGS):
            base = self.letter_with_scripts(depth - 1)
        sub, sup, primes = self.perhaps(depth), self.perhaps(depth), self.draw(_between(0, 3))
        if sub is None and sup is None:
            primes = max(primes, 1)
        return sx.Scripted(base, sub, sup, primes)

    def base_with_scripts(self, depth) -> sx.Scripted:
        base = self.any(
            self.number, sx.Partial, lambda: sx.Dots(self.word("DOTS")),
            lambda: self.bracket(depth), lambda: self.fraction(depth), lambda: self.matrix(depth),
            lambda: self.two_in_braces(depth),
        )  # fmt: skip
        sub, sup = self.perhaps(depth), self.perhaps(depth)
        return sx.Scripted(base, sub, self.argument(depth) if sub is sup is None else sup)

    def two_in_braces(self, depth) -> sx.Bracket:
        r"""{\Delta w}, {W(n)}: what may look like one name."""
        parts = [self.any(self.name, self.text, lambda: self.letter_with_scripts(depth))]
        argument = self.draw(_FLAGS)
        if not argument or self.draw(_FLAGS):
            parts.insert(0, sx.Name(r"\Delta"))
        if argument:
            parts.append(self.bracket(depth, st.sampled_from([("(", ")"), ("[", "]")])))
        product = sx.Product(tuple(parts), ("",) * len(parts))
        return sx.Bracket("{", (sx.Chain((product,)),), "}")

    def decorated_with_script(self, depth) -> sx.Scripted:
        """A note hangs below a brace; a box has a power at most."""
        note, power = sx.Decorated(r"\underbrace", self.braces(depth)), self.argument(depth)
        box = sx.Decorated(r"\boxed", self.braces(depth))
        return self.any(lambda: sx.Scripted(note, sub=power), lambda: sx.Scripted(box, sup=power))


def _is_number(node: sx.Node) -> bool:
    return isinstance(node.base if isinstance(node, sx.Scripted) else node, sx.Number)
