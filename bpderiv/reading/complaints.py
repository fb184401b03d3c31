r"""What to say of LaTeX that does not parse: a table of malformed examples.

lark's `match_examples` finds the example that fails in the same state of the parser. A new
message needs a new row here, nothing else.
"""

from __future__ import annotations

from lark import Lark
from lark.exceptions import UnexpectedInput

#: (what to say, formulas that deserve it)
EXAMPLES = (
    ("the formula ends before it is complete: a right side, factor or term is missing",
     ("a =", "a +", r"a \cdot", r"a \odot", "-", r"\sum_i", r"a \sum_i", "a = b =", r"a -")),
    ("a bracket or brace is not closed", ("(a", "[a", "{a", "(a + b", "e_{k", r"\frac{a", r"{a = b",
     r"\frac{a}{b", "w_{b,a", "(a, b", "x^{T", r"\{a")),
    ("a closing bracket or brace has no partner before it", ("a)", "a]", "a}", r"a = b\}", "a_k)",
     "a + b)", "a')")),
    ("here stands a relation or sign, with nothing to its left",
     ("= a", "a = = b", "(= a)", ":= a", r"a + = b", r"a \cdot = b", r"\odot a", r"\cdot a", "/ a")),
    ("two signs stand side by side: put the second term in brackets", ("a + + b", "a - - b", "- - a")),
    ("a script (_ or ^) needs something to hang: one letter, one digit, or braces",
     ("a_", "a^", "a_ = b", "a^ = b", r"a_\frac{1}{2}", "a_(k)", "a_-1", "a_[k]", "a^(2)", "a^-1",
      "a^[1]", r"a_\sum", "a__k", "a^^2", "a_^2", "a^_k", "a_'", "a_+", "a^)", "a_)", "a_}", "a^&")),
    ("a script (_ or ^) has no letter that it hangs on",
     ("_k", "^T", "a + _k", "(_k)", "a = ^2", r"\cdot ^2", "a + ^2")),
    (r"\frac takes two arguments: \frac{a}{b}",
     (r"\frac", r"\frac{a}", r"\frac{a} = b", r"\frac = b", r"\frac{a} + b", r"\frac(a)(b)",
      r"\frac12 + \frac1", r"\frac{a}(b)", r"\tfrac{a}", r"\frac{a}]", r"\frac{a})")),
    ("there is nothing between these brackets or braces: () or {}", ("()", "[]", "{}", r"e_{}",
     r"\frac{}{b}", "a ( ) b", r"\frac{a}{}", "(a, )", "(, a)", "e_{k,}", "e_{,k}")),
    (r"a matrix is not closed: \end{bmatrix} is missing",
     (r"\begin{bmatrix} a", r"\begin{bmatrix} a & b \\ c", r"\begin{pmatrix} a \\ b = c",
      r"\begin{bmatrix} a = b \end{bmatrix}", r"\begin{bmatrix}")),
    ("& and \\\\ belong in a matrix or an aligned formula", ("a & b", "a & = b", "(a & b)", r"(a \\ b)",
     r"{a & b}", r"{a \\ b}")),
    (r"\end without its \begin", (r"a \end{bmatrix}", r"a = b \end{pmatrix}", r"\end{bmatrix}")),
    (r"\underbrace and \boxed take braces: \boxed{a = b}", (r"\boxed a", r"\underbrace a", r"\boxed",
     r"\underbrace = b", r"\boxed(a)")),
    ("a comma can only stand between indices or in brackets", ("a, b", "a = b, c", ", a", "a + , b")),
)  # fmt: skip

_WORDS = {"$END": "the formula ends", "COMMAND": "this command"}


def complaint(error: UnexpectedInput, parser: Lark, text: str, position: int) -> str:
    """The message for a syntax error; lark's own list of what it expected, if no row fits."""
    if not parser_knows(text, position):
        return f"{text[position]!r} is no LaTeX that can be read here"
    examples = {message: list(formulas) for message, formulas in EXAMPLES}
    found = error.match_examples(parser.parse, examples, use_accepts=True)
    return found or f"{_found(text, position)} does not fit here: {_expected(error)}"


def parser_knows(text: str, position: int) -> bool:
    """Whether the letter at this place can stand in a formula at all."""
    return position >= len(text) or text[position].isascii() and text[position] not in '%#$@!?"`|;~'


def _found(text: str, position: int) -> str:
    return repr(text[position : position + 12].split(" ")[0]) if text[position:] else "the end"


def _expected(error: UnexpectedInput) -> str:
    accepts = getattr(error, "accepts", None) or getattr(error, "allowed", None) or ()
    signs = {"RPAR": ")", "RSQB": "]", "RBRACE": "}", "END": r"\end{…}", "EQUAL": "="}
    wanted = sorted({signs[name] for name in accepts if name in signs})
    return f"expected {' or '.join(wanted)}" if wanted else "expected a letter, number or bracket"
