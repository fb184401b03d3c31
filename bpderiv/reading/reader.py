r"""LaTeX → syntax tree. What cannot be read is a `ReadError` that marks the place.

>>> from bpderiv.reading.syntax import latex
>>> latex(read(r"e_k = d_k - y_k")[0])
'e_{k} = d_{k} - y_{k}'
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from lark import Lark, Token
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer

from bpderiv.reading import complaints
from bpderiv.reading import syntax as sx
from bpderiv.reading.brackets import DEEPEST
from bpderiv.reading.build import build, misplaced_prime
from bpderiv.reading.errors import ReadError
from bpderiv.reading.layout import without_layout
from bpderiv.reading.tokens import tokens

#: A formula longer than this is not read (a page of LaTeX has about 4,000 characters).
LONGEST = 20_000
#: Σ within one another, at most: each multiplies what the judges have to do.
MOST_SUMS = 6


#: What stands deeper in the tree than what it stands in.
_DEEPER = (sx.Summation, sx.Matrix, sx.Bracket, sx.Fraction, sx.Scripted)


class _Ready(Lexer):
    """lark gets the tokens that `tokens.py` made and `layout.py` left."""

    def __init__(self, conf):
        """Nothing to prepare."""

    def lex(self, ready: list[Token]):
        """The tokens, as they are."""
        yield from ready


@cache
def parser() -> Lark:
    """The parser made from `latex.lark`; strict: a conflict in the grammar is an error."""
    grammar = files("bpderiv.reading").joinpath("latex.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer=_Ready, strict=True, propagate_positions=True)


def read(source: str) -> list[sx.Chain]:
    r"""The statements of a formula: one, or several in an `aligned` one.

    Errors
    ------
    ReadError
        for whatever is not LaTeX, or more of it than we read.
    """
    if len(source) > LONGEST:
        raise ReadError(f"a formula of {len(source)} characters is too long to be read: split it, "
                        f"so that no part has more than {LONGEST}", source, LONGEST)  # fmt: skip
    seen = _seen(source)
    if not seen:
        raise ReadError("there is no formula here: type one, such as a = b", source)
    try:
        tree = parser().parse(seen)
    except UnexpectedToken as error:
        raise _syntax_error(error, seen, source) from None
    chains = build(tree, source)
    _check(chains, source)
    return chains


def _syntax_error(error: UnexpectedToken, seen: list[Token], source: str) -> ReadError:
    if error.token.type == "$END":
        at = end = seen[-1].end_pos
        before = seen[-1]
    else:
        at, end = error.token.start_pos, error.token.end_pos
        before = next((x for x in reversed(seen) if x.end_pos <= at), None)
    return ReadError(complaints.complaint(error, before, _table()), source, at, max(end, at + 1))


@cache
def _table() -> dict:
    """What to say in which state of the parser."""
    return complaints.table(
        lambda formula: parser().parse([x for x in tokens(formula) if x.type != "LAYOUT"])
    )


def _seen(source: str) -> list[Token]:
    return without_layout(list(tokens(source)), source)


def _check(chains: list[sx.Chain], source: str) -> None:
    r"""Refuse what is too deep for whoever walks or judges the tree; and a \prime by itself."""
    below: list[tuple[sx.Node, int, int]] = [(chain, 0, 0) for chain in chains]
    while below:
        node, depth, sums = below.pop()
        depth += isinstance(node, _DEEPER)
        sums += isinstance(node, sx.Summation)
        if depth > DEEPEST or sums > MOST_SUMS:
            what = f"{MOST_SUMS} Σ" if sums > MOST_SUMS else f"{DEEPEST} things"
            raise ReadError(
                f"more than {what} stand within one another here: give a part of the formula a "
                "name, and write it by itself", source, *node.span,
            )  # fmt: skip
        below += [(child, depth, sums) for child in sx.children(node)]
    for chain in chains:
        if (prime := misplaced_prime(chain)) is not None:
            raise ReadError(r"\prime stands above its letter: f' or f^\prime", source, *prime.span)
