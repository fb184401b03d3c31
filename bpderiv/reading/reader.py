r"""LaTeX → syntax tree. What cannot be read is a `ReadError` that marks the place.

>>> from bpderiv.reading.syntax import latex
>>> latex(read(r"e_k = d_k - y_k")[0])
'e_{k} = d_{k} - y_{k}'
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, VisitError

from bpderiv.reading import syntax as sx
from bpderiv.reading.complaints import complaint
from bpderiv.reading.errors import ReadError
from bpderiv.reading.layout import blank

#: A formula longer than this is not read (a page of LaTeX has about 4,000 characters).
LONGEST = 20_000
#: Brackets, fractions and scripts within one another, at most.
DEEPEST = 60


@cache
def parser() -> Lark:
    """The parser made from `latex.lark`; strict: the grammar has no conflict of any kind."""
    grammar = files("bpderiv.reading").joinpath("latex.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", strict=True, propagate_positions=True)


def read(source: str) -> list[sx.Chain]:
    r"""The statements of a formula: one, or several in an `aligned` one.

    Errors
    ------
    ReadError
        for whatever is not LaTeX, or more of it than we read.
    """
    check_size(source)
    text = blank(source)
    if not text.strip():
        raise ReadError("there is no formula here: type one, such as a = b", source)
    try:
        tree = parser().parse(text)
        return _Build(source).transform(tree)
    except UnexpectedInput as error:
        position = _position(error, text)
        raise ReadError(complaint(error, parser(), text, position), source, position) from None
    except VisitError as error:
        if isinstance(error.orig_exc, ReadError):
            raise error.orig_exc from None
        raise


def check_size(source: str) -> None:
    """Refuse what no reader could check either."""
    if len(source) > LONGEST:
        raise ReadError(
            f"a formula of {len(source)} characters is too long to be read (at most {LONGEST}): "
            "split it", source[:80],
        )  # fmt: skip
    depth = deepest = 0
    for letter in source:
        depth += (letter in "{([") - (letter in "})]")
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise ReadError(f"brackets are nested {deepest} deep (at most {DEEPEST})", source)


def _position(error: UnexpectedInput, text: str) -> int:
    if isinstance(error, UnexpectedCharacters):
        return error.pos_in_stream
    token = error.token
    if token.type == "$END" or token.start_pos is None:
        return len(text.rstrip())
    return token.start_pos


def _inline(method):
    return v_args(inline=True, meta=True)(method)


class _Build(Transformer):
    """lark's parse tree → syntax tree. One method for each rule of the grammar."""

    def __init__(self, source: str):
        super().__init__()
        self.source = source

    # Tokens that are rules of their own: what was typed.
    def _typed(self, children):
        return children[0]

    relation = sign = dot = odot = frac = decoration = open = close = _typed

    @v_args(meta=True)
    def start(self, meta, chains):
        return chains

    @v_args(meta=True)
    def chain(self, meta, parts):
        return sx.Chain(tuple(parts[::2]), tuple(map(str, parts[1::2])), span=_span(meta))

    @v_args(meta=True)
    def sum(self, meta, parts):
        if not isinstance(parts[0], Token):
            parts = [Token("SIGN", ""), *parts]
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
        factors, signs = (left,), ("",)
        if isinstance(left, sx.Product):
            factors, signs = left.factors, left.signs
        joined = None if sign else _joined(factors[-1], right)
        if joined is not None:
            factors, signs = (*factors[:-1], joined), signs
        else:
            factors, signs = (*factors, right), (*signs, sign)
        return factors[0] if len(factors) == 1 else sx.Product(factors, signs, span=_span(meta))

    @v_args(meta=True)
    def summation(self, meta, parts):
        sub, sup, primes = self._scripts(parts[:-1], meta)
        if primes:
            raise ReadError("a Σ with a prime has no meaning here", self.source, meta.start_pos)
        return sx.Summation(sub, sup, parts[-1], span=_span(meta))

    @v_args(meta=True)
    def scripted(self, meta, parts):
        sub, sup, primes = self._scripts(parts[1:], meta)
        return sx.Scripted(parts[0], sub, sup, primes, span=_span(meta))

    def _scripts(self, scripts, meta):
        """What hangs on a base: (below, above, number of primes); each at most once."""
        found = {"sub": None, "sup": None}
        primes = 0
        for kind, value in scripts:
            if kind == "primes":
                primes += value
            elif kind == "sup" and isinstance(value, sx.Name) and value.text == r"\prime":
                primes += 1
            elif found[kind] is not None:
                which = {"sub": "below (_)", "sup": "above (^)"}[kind]
                raise ReadError(
                    f"two things hang {which} one letter: join them in braces, or put the first "
                    "in braces with its letter, as in {W^{k,j}}^T",
                    self.source, value.span[0], value.span[1],
                )  # fmt: skip
            else:
                found[kind] = value
        return found["sub"], found["sup"], primes

    def sub(self, parts):
        return "sub", _bare(parts[0])

    def sup(self, parts):
        return "sup", _bare(parts[0])

    def primes(self, parts):
        return "primes", len(parts[0])

    @v_args(meta=True)
    def digit(self, meta, parts):
        return sx.Number(str(parts[0]), span=_span(meta))

    point = digit

    @v_args(meta=True)
    def name(self, meta, parts):
        return sx.Name(_one_name(str(parts[0])), span=_span(meta))

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
        if {"(": ")", "[": "]", r"\{": r"\}"}[opened] != closed:
            raise ReadError(
                f"{opened} is closed by {closed}", self.source, meta.end_pos - len(closed)
            )
        return sx.Bracket(str(opened), items, str(closed), span=_span(meta))

    @v_args(meta=True)
    def brace(self, meta, parts):
        bracket = sx.Bracket("{", parts[0], "}", span=_span(meta))
        inside = _bare(bracket)
        return inside if isinstance(inside, _ATOMS) else bracket

    def list(self, parts):
        return tuple(parts)

    @v_args(meta=True)
    def fraction(self, meta, parts):
        return sx.Fraction(str(parts[0]), _bare(parts[1]), _bare(parts[2]), span=_span(meta))

    @v_args(meta=True)
    def decorated(self, meta, parts):
        body = parts[1]
        if not isinstance(body, sx.Bracket) or body.open != "{":
            body = sx.Bracket("{", (sx.Chain((body,), span=body.span),), "}", span=body.span)
        return sx.Decorated(str(parts[0]), body, span=_span(meta))

    @v_args(meta=True)
    def matrix(self, meta, parts):
        begin, *rows, end = parts
        kind, closed = (str(x).partition("{")[2][:-1] for x in (begin, end))
        if kind != closed:
            raise ReadError(rf"\begin{{{kind}}} is closed by \end{{{closed}}}",
                            self.source, end.start_pos, end.end_pos)  # fmt: skip
        if rows[-1] == (None,) and len(rows) > 1:
            rows = rows[:-1]  # \\ after the last row
        return sx.Matrix(kind, tuple(rows), span=_span(meta))

    def row(self, parts):
        return tuple(parts)

    def cell(self, parts):
        return parts[0] if parts else None


#: What needs no braces wherever it stands.
_ATOMS = (sx.Name, sx.Number, sx.Scripted, sx.Fraction)


def _span(meta) -> tuple[int, int]:
    return (meta.start_pos, meta.end_pos) if not meta.empty else (0, 0)


def _bare(node: sx.Node) -> sx.Node:
    """A script or a fraction's argument: braces around one formula mean nothing more."""
    if not (isinstance(node, sx.Bracket) and node.open == "{") or len(node.items) > 1:
        return node
    chain = node.items[0]
    return node if chain.relations else chain.sides[0]


def _one_name(text: str) -> str:
    r"""\mathcal E and \mathcal{E} are one name."""
    command, brace, rest = text.partition("{")
    if brace or not text.startswith(r"\math"):
        return text
    head, _, letter = text.rpartition(" ")
    return f"{head.strip()}{{{letter}}}" if letter else text


def _joined(left: sx.Node, right: sx.Node) -> sx.Node | None:
    """Digits side by side are one number; a script hangs on the whole of it."""
    if not isinstance(left, sx.Number):
        return None
    base = right.base if isinstance(right, sx.Scripted) else right
    if not isinstance(base, sx.Number) or "." in left.text and base.text.startswith("."):
        return None
    number = sx.Number(left.text + base.text, span=(left.span[0], base.span[1]))
    if isinstance(right, sx.Scripted):
        return sx.Scripted(number, right.sub, right.sup, right.primes, span=right.span)
    return number
