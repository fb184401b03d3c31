r"""A statement's links as claims: left = right, in a window, ready to be judged.

A chain a = b = c is two claims. A bare w stands for any weight: then a link is one claim for each
pair of successive layers in the window, and holds if all of them do.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bpderiv import expression as ex
from bpderiv.meaning.declarations import Declarations
from bpderiv.meaning.resolve import Resolver
from bpderiv.meaning.shapes import IllTyped, Shapes, Unclear
from bpderiv.meaning.window import Window
from bpderiv.reading import syntax as sx
from bpderiv.reading.errors import ReadError
from bpderiv.reading.plain import plain

#: These are judged; all other relations are listed as not judged.
JUDGED = {"=", ":=", r"\equiv"}


@dataclass(frozen=True)
class Claim:
    """left = right for all values of the free `letters` (letter, layer).

    `problem` says why it cannot be, if types alone refute it: then the sides are as they were
    read, not settled. `as_read` are the sides before sizes were filled in. `guess` says
    that dots were read by a guess: then the claim can only be refuted.
    """

    left: ex.Expression
    right: ex.Expression
    letters: tuple[tuple[str, str], ...]
    window: Window
    declarations: Declarations = field(compare=False, repr=False)
    problem: str | None = field(default=None, compare=False)
    place: tuple[int, int] = field(default=(0, 0), compare=False)
    as_read: tuple[ex.Expression, ...] = field(default=(), compare=False, repr=False)
    guess: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Link:
    """One relation of a chain: its LaTeX and its claims (several for a bare w)."""

    latex: str
    relation: str
    claims: tuple[Claim, ...]
    span: tuple[int, int] = (0, 0)
    plain: str = ""


def unboxed(chain: sx.Chain) -> sx.Chain:
    r"""\boxed{a = b} is a = b."""
    while len(chain.sides) == 1 and isinstance(chain.sides[0], sx.Decorated):
        items = chain.sides[0].body.items
        if len(items) != 1:
            break
        chain = items[0]
    return chain


def links(chain: sx.Chain, window: Window, declarations: Declarations, source: str) -> list[Link]:
    """The links of a chain; those that are not judged have no claims.

    Errors
    ------
    ReadError
        for undeclared letters, and for what does not say enough.
    """
    chain = unboxed(chain)
    if not chain.relations:
        raise ReadError("there is no relation sign: a statement is written a = b", source,
                        chain.span[0], chain.span[1])  # fmt: skip
    if not any(relation in JUDGED for relation in chain.relations):
        return [_link(chain, i, ()) for i in range(len(chain.relations))]
    cases = _cases(chain, window, declarations, source)

    def claims(i: int):
        for sides, letters in cases if chain.relations[i] in JUDGED else ():
            place = _span(chain, i)
            yield _claim(sides[i], sides[i + 1], letters, window, declarations, source, place)

    return [_link(chain, i, tuple(claims(i))) for i in range(len(chain.relations))]


def _link(chain: sx.Chain, i: int, claims: tuple[Claim, ...]) -> Link:
    pair = sx.Chain(chain.sides[i : i + 2], chain.relations[i : i + 1])
    return Link(sx.latex(pair), chain.relations[i], claims, _span(chain, i), plain(pair))


def _span(chain: sx.Chain, i: int) -> tuple[int, int]:
    return chain.sides[i].span[0], chain.sides[i + 1].span[1]


def _cases(chain, window, declarations, source):
    """(sides, letters) for each pair of layers that a bare weight may belong to; else one."""
    first = Resolver(declarations, window, source)
    cases = [(first.sides(list(chain.sides)), _letters(first))]
    if first.bare:
        pairs = list(zip(window.layers[1:], window.layers, strict=False))
        cases = []
        for pair in pairs:
            resolver = Resolver(declarations, window, source, pair)
            cases.append((resolver.sides(list(chain.sides)), _letters(resolver)))
    return cases


def _letters(resolver: Resolver) -> tuple[tuple[str, str], ...]:
    return tuple((x.name, x.layer) for x in resolver.free.values() if x.layer)


def _claim(left, right, letters, window, declarations, source, span) -> Claim:
    try:
        return claim_of(left, right, letters, window, declarations, span)
    except Unclear as error:
        raise ReadError(error.reason, source, *error.span) from None


def claim_of(left, right, letters, window, declarations, span=(0, 0)) -> Claim:
    """The claim that two sides, as read, make.

    Errors
    ------
    Unclear
        if nothing tells the size of a side, or what dots stand for.
    """
    shapes = Shapes(declarations, window, dict(letters))
    read = (left, right)
    try:
        settled = shapes.both(left, right)
    except IllTyped as error:
        return Claim(left, right, letters, window, declarations, error.reason, error.span, read)
    guess = shapes.guesses[0].why if shapes.guesses else None
    used = _used(settled, letters)
    return Claim(*settled, used, window, declarations, None, span, read, guess)


def _used(sides, letters):
    """Only the letters that these two sides have; also those that only a place in a matrix tells.

    (The r of (index = r) has the layer along which that column runs.)
    """
    seen, bound = {}, set()
    for side in sides:
        for node in ex.walk(side):
            if isinstance(node, ex.Entry):
                seen.update(zip(node.indices, node.layers, strict=True))
            elif isinstance(node, ex.Equal):
                seen.update({node.left: node.layer, node.right: node.layer})
            elif isinstance(node, ex.Sum):
                bound.add(node.index)
            elif isinstance(node, ex.Display):
                bound.update(node.letters)
    known = {letter for letter, _ in letters}
    more = [
        (letter, layer)
        for letter, layer in seen.items()
        if isinstance(letter, str) and letter not in known | bound
    ]
    return (*((letter, layer) for letter, layer in letters if letter in seen), *more)
