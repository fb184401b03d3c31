r"""What to say of LaTeX that does not parse: a table of malformed examples.

The idea is lark's `match_examples`: a formula that fails like an example gets the example's
message. "Like" means in the same state of the parser, at the same kind of token. A new message
needs a new row here, nothing else.

Brackets that are not closed, unknown signs, and & in a wrong place never come here: `brackets.py`,
`tokens.py` and `layout.py` say more about them than the grammar could.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from lark import Token
from lark.exceptions import UnexpectedToken

from bpderiv.reading.brackets import typed


def _list(formulas: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in formulas.split(";"))


#: Beginnings of formulas, by what must come next: a term …
_AFTER_SIGN = _list(r"a +; -; a + b -; a \cdot -; a \cdot b \cdot +")
_AFTER_JOINT = _list(r"a =; a = b =; a \cdot; a \odot; (a =")
_AFTER_OPEN = _list("(; {")
_AFTER_COMMA = _list("(a,; (a, b,; a_{b,; a_{b, c,")
_AT_LINE = _list(r"; a \\; a \\ b \\")
_AT_ENTRY = _list(r"""\begin{bmatrix}; \begin{bmatrix} a &; \begin{bmatrix} a & b &;
                      \begin{bmatrix} a \\; \begin{bmatrix} a \\ b \\""")
_AFTER_SUM = _list(r"\sum; \sum_a; \sum_a^b; \sum^a; \sum'")
#: … an argument …
_AFTER_SCRIPT = _list(r"a_; a^; \sum_; a_b^")
_AFTER_FRAC = _list(r"\frac; \frac a; \frac{a}; \frac1; \frac\text{a}; \frac\partial")
#: … or nothing that is needed.
_AFTER_TERM = _list(
    r"""a; 2; .5; a'; a_b; a^2; a_{b}; a_b'; a^\partial; a b; a \cdot b; a \odot b; - a;
        a \odot b c; a \cdot - b; a + b; a = b; (a); \text{a}; \dots; \partial; {a}; \boxed{a};
        \frac{a}{b}; \frac ab; \frac1a; \frac12; \frac\text{a}\text{b}; \frac\partial\partial;
        \sum_i a; \sum_i^m a; a \sum_i b; a \cdot \sum b; a \odot \sum b; a \\ b; a \\ b \\ c;
        \begin{bmatrix} a \end{bmatrix}; \begin{bmatrix} a \\ b \end{bmatrix}"""
)
_IN_BRACKETS = tuple(f"({x}" for x in _AFTER_TERM)
_IN_A_MATRIX = tuple(rf"\begin{{bmatrix}} {x}" for x in _AFTER_TERM)

_JOINTS = _list(r"=; \cdot; \odot")
_SCRIPTS = _list("_; ^; '")
_CLOSERS = _list(r"); }; \end{bmatrix}; &; \\")
_ANY = (*_list(r"""a; 2; .5; \text{a}; \dots; \partial; (; \frac; \sum; \boxed; \begin{bmatrix}; +;
                   ,; ."""), *_JOINTS, *_SCRIPTS, *_CLOSERS, "")  # fmt: skip

#: (what to say, beginnings of formulas, tokens that must not follow; "" is the end). {found} is
#: what stands at the place, {before} what stands before it. The first row that fits counts.
EXAMPLES = (
    (
        "behind {before} belongs one letter, one digit, or braces, as in a_{b} and a^{-1}; here "
        "stands {found}",
        _AFTER_SCRIPT, _ANY,
    ),
    (
        r"\frac takes two arguments, each in braces: \frac{a}{b}; here stands {found}",
        _AFTER_FRAC, _ANY,
    ),
    (
        "{before} takes braces: {before}{a}; here stands {found}",
        (r"\boxed",), _ANY,
    ),
    (
        "a full stop or semicolon inside a formula: numbers are written 0.5, formulas one by one",
        (*_AFTER_TERM, *_IN_BRACKETS, *_IN_A_MATRIX, *_AFTER_SIGN, *_AFTER_JOINT, *_AFTER_OPEN,
         *_AFTER_COMMA, *_AFTER_SUM, *_AT_ENTRY, *_AT_LINE),
        (".",),
    ),
    (
        r"a Σ needs what it sums up, as in \sum_i a_i; a sign goes into brackets, \sum_i (-a_i)",
        _AFTER_SUM, (*_JOINTS, *_CLOSERS, "+", ",", ""),
    ),
    (
        "the formula ends with {before}: type what belongs behind it",
        (*_AFTER_SIGN, *_AFTER_JOINT), ("",),
    ),
    (
        "two signs side by side, {before} and {found}: put the second into brackets with its "
        "term, as in a - (-b)",
        (*_AFTER_SIGN, r"a \odot"), ("+",),
    ),
    (
        "{before} and {found} side by side: a term is missing between them, or one of them is too "
        "many",
        (*_AFTER_SIGN, *_AFTER_JOINT), _JOINTS,
    ),
    (
        "{found} has nothing to its left: type the term that it follows",
        (*_AT_LINE, *_AFTER_OPEN, *_AFTER_COMMA, *_AT_ENTRY), _JOINTS,
    ),
    (
        "{found} has no letter that it hangs on: type the letter before it",
        (*_AFTER_SIGN, *_AFTER_JOINT, *_AT_LINE, *_AFTER_OPEN, *_AFTER_COMMA, *_AT_ENTRY),
        _SCRIPTS,
    ),
    (
        "there is nothing between {before} and {found}: type what belongs there, or delete both",
        _AFTER_OPEN, (")", "}"),
    ),
    (
        "nothing stands between {before} and {found}: a term is missing",
        (*_AFTER_SIGN, *_AFTER_JOINT, *_AFTER_COMMA, *_AFTER_OPEN), (*_CLOSERS, ","),
    ),
    (
        "an entry of a matrix has no relation sign: write {found} between whole matrices",
        _IN_A_MATRIX, ("=",),
    ),
    (
        "the entries of a matrix are parted by &, not by commas",
        (*_AT_ENTRY, *_IN_A_MATRIX), (",",),
    ),
    (
        "a comma parts indices, or what stands in brackets; two formulas are written apart",
        (*_AFTER_TERM, *_AT_LINE), (",",),
    ),
)  # fmt: skip


def table(parse: Callable[[str], object]) -> dict[tuple, str]:
    """(state of the parser, kind of token) → message, from the examples."""
    found: dict[tuple, str] = {}
    for message, beginnings, ends in EXAMPLES:
        for beginning, end in product(beginnings, ends):
            try:
                parse(f"{beginning} {end}")
            except UnexpectedToken as error:
                at_the_end = error.token.type == "$END" or error.token.start_pos >= len(beginning)
                if at_the_end and (error.token.type == "$END") == (end == ""):
                    found.setdefault(_key(error), message)
    return found


def complaint(error: UnexpectedToken, before: Token | None, known: dict[tuple, str]) -> str:
    """The message for a syntax error."""
    found = "nothing more" if error.token.type == "$END" else typed(error.token)
    after = typed(before) if before is not None else "the beginning"
    message = known.get(_key(error), "{found} cannot stand here, behind {before}")
    return message.replace("{found}", found).replace("{before}", after)


def _key(error: UnexpectedToken) -> tuple:
    return error.state.position, error.token.type
