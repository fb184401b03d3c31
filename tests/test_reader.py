"""LaTeX → tree → LaTeX: nothing is lost, nothing is misread. Errors: test_reader_errors.py."""

import ast
import re
from collections import Counter
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from lark import Lark
from lark.exceptions import GrammarError
from latex_trees import FORMULAS, printed, statements

from bpderiv.reading import reader
from bpderiv.reading import syntax as sx
from bpderiv.reading.reader import parser, read
from bpderiv.reading.syntax import latex

SETTINGS = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}


# --- round trips --------------------------------------------------------------------------------


def test_the_corpus_is_large():
    assert len(FORMULAS) >= 320
    assert len(set(FORMULAS)) == len(FORMULAS)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_prints_itself_back(formula):
    chains = read(formula)
    again = printed(chains)
    assert read(again) == chains
    assert printed(read(again)) == again, "the printed form must be stable"


@settings(max_examples=200, **SETTINGS)
@given(statements(depth=1))
def test_any_small_tree_prints_itself_back(tree):
    assert read(latex(tree)) == [tree], latex(tree)


@settings(max_examples=40, **SETTINGS)
@given(statements(depth=2))
def test_any_tree_prints_itself_back(tree):
    assert read(latex(tree)) == [tree], latex(tree)


def test_the_random_trees_have_every_kind_of_node():
    kinds = set()

    @settings(max_examples=60, **SETTINGS)
    @given(statements(depth=1))
    def collect(tree):
        kinds.update(type(node) for node in sx.walk(tree))

    collect()
    assert kinds == set(sx.Node.__subclasses__())


# --- nothing is lost ----------------------------------------------------------------------------

# A tokenizer of its own, that shares no code with the reader. What it leaves out is the whole list
# of what may be left out; what it replaces are the documented spellings of one thing.
_FRAMES = r"align\*?|aligned|gather\*?|multline|equation\*?|split|eqnarray"
_SPACES = r"quad|qquad|displaystyle|textstyle|limits|nolimits|nonumber|thinspace|medspace"
_SPELLINGS = (
    (r"\\(tag\*?|label|hspace|hphantom)\{[^{}]*\}|\\text\{\.\}", " "),  # names, blank space
    (r"\\(text)?color(\[[a-z]+\])?\{[^{}]*\}", " "),  # colours
    (r"\\(begin|end) \{", r"\\\1{"),
    (rf"\\(begin|end)\{{({_FRAMES})\}}(\[t\])?", " "),
    (r"\\(left|right|[Bb]igg?[lr]?)(?![A-Za-z])", " "),
    (rf"\\({_SPACES})(?![a-z])", " "),
    (r"(?<!\\)\\[ ,;:!]|~", " "),
    (r"\\coloneqq", ":="), (r"\\colon", ":"), (r"\\rightarrow", r"\\to"),
    (r"\\lbrace", r"\\{"), (r"\\rbrace", r"\\}"),
    (r"\\lt(?![a-z])", "<"), (r"\\gt(?![a-z])", ">"),
    (r"\^\s*(\\prime|\{\s*(\\prime\s*)+\})", lambda match: "'" * match[1].count("prime")),
    (r"\^\s*\{\s*\\prime", "'^{"),
)  # fmt: skip
_WORDS = r"(\\(?:text[a-z]*|mathrm|mbox|operatorname\*?))\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\w))"
_TOKEN = re.compile(
    rf"{_WORDS}|\\(?:begin|end)\{{\w+\}}|\\\\\*?(?:\[[\d. a-z]+\])?|\\[A-Za-z]+|\\.|[^\s{{}}]"
)
_STOP = r"[.,;]\s*$"


def tokens_of(source: str) -> Counter:
    """How often each significant token stands in a formula."""
    for pattern, spelling in _SPELLINGS:
        source = re.sub(pattern, spelling, source)
    if r"\\" in source and "matrix" not in source:
        source = re.sub(r"[.,;](?=\s*\\\\)", " ", source)  # the comma of a line
    source = re.sub(_STOP, " ", source)
    source = re.sub(r"\\\\(\s*\\end\{[bp]matrix\})", r"\1", source)  # behind the last row
    found, inside = Counter(), 0
    for match in _TOKEN.finditer(source):
        token = match[0]
        inside += token.startswith(r"\begin") - token.startswith(r"\end")
        if match[1]:
            token = f"{match[1]}{{{match[2] or match[3]}}}"
        elif token.startswith(r"\\"):
            token = r"\\"
        if inside or token not in {"&", r"\\"}:  # outside of matrices they line formulas up
            found[token] += 1
    return found


def test_the_tokenizer_of_this_test_counts():
    assert tokens_of(r"\mathcal E_k \, \left( x \right)' = \frac{1}{2}, \\ 3.") == Counter(
        [r"\mathcal", "E", "_", "k", "(", "x", ")", "'", "=", r"\frac", "1", "2", "3"]
    )


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_token_is_in_the_tree(formula):
    lines = " ".join(map(latex, read(formula)))
    assert tokens_of(formula) == tokens_of(lines)


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_letter_knows_its_place(formula):
    for node in (node for chain in read(formula) for node in sx.walk(chain)):
        start, end = node.span
        assert 0 <= start < end <= len(formula) or isinstance(node, sx.Chain)
        if isinstance(node, (sx.Name, sx.Dots, sx.Number)):
            typed = re.sub(r"[\s{}]", "", formula[start:end])
            assert typed == re.sub(r"[\s{}]", "", node.text)


# --- what is one formula, and what are two ------------------------------------------------------

SAME = r"""
\frac12 = x             | \frac{1}{2} = x
\frac12                 | \frac 1 2
\frac123                | \frac{1}{2} 3
x^23                    | x^{2} 3
x_12                    | x_{1} 2
x_ij                    | x_{i} j
12^2                    | {12}^2
1 2                     | 12
\mathcal E              | \mathcal{E}
\mathcal {E}_k          | \mathcal E_k
\mathbf x               | \mathbf{ x }
\hat{\mathbf y}         | \hat{\mathbf{y}}
\mathrm T               | \mathrm{T}
f'_k                    | f_k'
f^\prime_k              | f_k'
f^{\prime\prime}        | f''
f^{\prime 2}            | f'^2
w_{ba}^{k,j}            | w^{k,j}_{ba}
{a}{b}                  | a b
{\partial a}/{\partial b} | \partial a / \partial b
\left( a \right)        | \bigl( a \bigr)
\left\{ a \right\}      | \{ a \}
a\,b\;c\quad d          | a b c d
a\ b \;\; c~\:d\phantom{x}e | a b c d e
a = b.                  | a = b
a = b \tag{x.y}         | a = b
\color{red} a = b      | a = b
a = \color{red}{b + c} d | a = b + c d
a \textcolor[rgb]{1,0,0}{-} b | a - b
x_{\color{#0a1b2c}{k}}  | x_k
{\color{#0a1b2c}{x_k}}(n) | x_k(n)
\sum^m_i a              | \sum_i^m a
\sum\limits_i a         | \sum_i a
\begin{bmatrix} a \\ b \\ \end{bmatrix} | \begin{bmatrix} a \\ b \end{bmatrix}
\begin{bmatrix} a \\[2pt] b \end{bmatrix} | \begin{bmatrix} a \\ b \end{bmatrix}
\begin{aligned} a &= b \\ &= c \end{aligned} | a = b = c
\begin{aligned} a &= b \\ &\quad - c \end{aligned} | a = b - c
\begin{aligned} a ={} & b \\ & {} - c \end{aligned} | a = b - c
\begin{aligned} a &= b + \\ & c \end{aligned} | a = b + c
\begin{aligned} a &= (b \\ &\quad + c) \end{aligned} | a = (b + c)
\begin{multline} a = b \\ - c = d \end{multline} | a = b - c = d
"""

DIFFERENT = r"""
\frac12                 | \frac{12}{1}
\frac123                | \frac{1}{23}
\frac12 3               | \frac1{23}
\frac12                 | 12
x^23                    | x^{23}
x^2y                    | x^{2y}
x_12                    | x_{12}
w_{ba}                  | w_{b,a}
w_{ba}                  | w_{ab}
w_ba                    | w_{ba}
f'^2                    | {f'}^2
f'_k                    | f_{k'}
a b                     | a \cdot b
a \cdot b               | a \odot b
a - b                   | a (-b)
a \cdot -b              | a \cdot b
-a b                    | (-a) b
a / b c                 | a / (b c)
(a + b) c               | a + b c
\sum_i a + b            | \sum_i (a + b)
\sum_i a \cdot b        | (\sum_i a) \cdot b
\sum_i a \odot b        | (\sum_i a) \odot b
a \odot \sum_i b c      | a \odot (\sum_i b) c
\sum_i a                | \sum^i a
\sum_{ij} a             | \sum_{i,j} a
\sum_{i=1} a            | \sum_{i:=1} a
a = b                   | a := b
a = b                   | a \equiv b
\mathcal{E}             | E
\mathcal{E}             | \mathbf{E}
\hat{y}                 | \hat{\mathbf{y}}
\hat{x}_k               | \hat{x_k}
\phi                    | \varphi
(a)                     | [a]
(a)                     | ((a))
[a = b]                 | (a = b)
{W^a}^T                 | W^{a T}
{x^a}^b                 | x^{a^b}
{W(n)}^T                | W(n)^T
a^T b                   | (a^T b)
\text{a}                | a
\mathrm{a}              | \text{a}
\dots                   | \vdots
0.5                     | 5
\begin{bmatrix} a & b \end{bmatrix} | \begin{bmatrix} a \\ b \end{bmatrix}
\begin{bmatrix} a \\ [t] b \end{bmatrix} | \begin{bmatrix} a \\ b \end{bmatrix}
\begin{bmatrix} a \\ \\ \end{bmatrix} | \begin{bmatrix} a \\ \end{bmatrix}
\begin{bmatrix} a & \end{bmatrix} | \begin{bmatrix} a \end{bmatrix}
\begin{bmatrix} a \end{bmatrix} | \begin{pmatrix} a \end{pmatrix}
\begin{aligned} a &= b \\ c &= d \end{aligned} | a = b c = d
\begin{aligned} a &= b \\ -c &= d \end{aligned} | a = b - c = d
\begin{gather} a = b \\ -c = d \end{gather} | a = b - c = d
"""


def pairs(text: str) -> list[list[str]]:
    return [[side.strip() for side in line.split(" | ")] for line in text.strip().splitlines()]


@pytest.mark.parametrize(("one", "other"), pairs(SAME))
def test_two_ways_to_type_one_formula(one, other):
    assert read(one) == read(other)


def trees(formula: str):
    """The tree; None for what may be an error (it is not misread then)."""
    try:
        return read(formula)
    except reader.ReadError:
        return None


@pytest.mark.parametrize(("one", "other"), pairs(DIFFERENT))
def test_different_formulas_are_different_trees(one, other):
    found = trees(one), trees(other)
    assert any(found)
    assert found[0] != found[1]


def n(text):
    return sx.Number(text)


def x(text, sub=None, sup=None):
    return sx.Name(text) if sub is sup is None else sx.Scripted(sx.Name(text), sub, sup)


def product(*factors, signs=None):
    return sx.Product(factors, signs or ("",) * len(factors))


TREES = (
    (r"\frac12 3", product(sx.Fraction(r"\frac", n("1"), n("2")), n("3"))),
    (r"x^23", product(x("x", sup=n("2")), n("3"))),
    (r"12.5", n("12.5")),
    (r"a \cdot -b", product(x("a"), x("b"), signs=("", r"\cdot -"))),
    (r"-a b", sx.Sum((product(x("a"), x("b")),), ("-",))),
    (r"a b \odot c", sx.Hadamard((product(x("a"), x("b")), x("c")), ("", r"\odot"))),
    (
        r"\sum_i a \odot b + c",
        sx.Sum(
            (sx.Summation(x("i"), None, sx.Hadamard((x("a"), x("b")), ("", r"\odot"))), x("c")),
            ("", "+"),
        ),
    ),
    (
        r"a \sum_i b \cdot c",
        product(x("a"), sx.Summation(x("i"), None, product(x("b"), x("c"), signs=("", r"\cdot")))),
    ),
    (r"w_{ba}^T", x("w", product(x("b"), x("a")), x("T"))),
    (r"{w_b}^T", sx.Scripted(x("w", x("b")), None, x("T"))),
    (r"f_k''", sx.Scripted(x("f"), x("k"), None, 2)),
    (
        r"\begin{bmatrix} a & \\ \dots & 1 \end{bmatrix}_{m \times 1}",
        sx.Scripted(
            sx.Matrix("bmatrix", ((x("a"), None), (sx.Dots(r"\dots"), n("1")))),
            product(x("m"), n("1"), signs=("", r"\times")),
        ),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("formula", "tree"), TREES)
def test_what_a_formula_is_read_as(formula, tree):
    assert read(formula) == [sx.Chain((tree,))]


def test_a_chain_keeps_its_relations():
    (chain,) = read(r"a := b = c \le d")
    assert chain.relations == (":=", "=", r"\le")
    assert chain.sides == tuple(map(sx.Name, "abcd"))


def test_one_statement_for_each_line_that_begins_one():
    found = read(r"\begin{align} a &= b, \\ &= c. \\ -d &= e \\ \end{align}")
    assert list(map(latex, found)) == ["a = b = c", "-d = e"]


def test_words_are_not_read_as_formulas():
    (chain,) = read(r"\text{a & b \\ (see $x_{1}$)} = c")
    assert chain.sides[0] == sx.Text("text", r"a & b \\ (see $x_{1}$)")


@pytest.mark.parametrize("word", [r"\infty", r"\int", r"\cdotp", r"\inf", r"\topple", r"\sumo"])
def test_a_command_is_not_cut_where_a_shorter_one_ends(word):
    try:
        assert read(word) == [sx.Chain((sx.Name(word),))]
    except reader.ReadError as error:  # \int is refused, as a whole
        assert (error.position, error.end) == (0, len(word))


# --- the parser ---------------------------------------------------------------------------------


def test_the_grammar_is_lalr_and_without_conflicts():
    options = parser().options
    assert (options.parser, options.strict) == ("lalr", True)


def test_strict_means_that_a_conflict_is_an_error():
    grammar = files("bpderiv.reading").joinpath("latex.lark").read_text("utf-8")
    ambiguous = grammar.replace(
        "?factor: atom | scripted", "?factor: atom | scripted | factor factor"
    )
    assert ambiguous != grammar
    with pytest.raises(GrammarError):
        Lark(ambiguous, parser="lalr", lexer=reader._Ready, strict=True)


def test_the_parser_is_built_once():
    assert parser() is parser()


@pytest.mark.parametrize(
    "formula",
    ["a " * 9_000, "a + " * 4_000 + "a", "1" * 19_000, r"a \odot " * 2_000 + "a",
     "a = " * 4_000 + "a", r"\begin{bmatrix}" + "a & " * 4_000 + r"a \end{bmatrix}",
     "a = b" + r" \\ c = d" * 2_000],
    ids=["product", "sum", "number", "hadamard", "chain", "matrix", "lines"],
)  # fmt: skip
def test_long_formulas_are_read_without_recursion(formula):
    assert printed(read(formula))


def test_input_is_never_evaluated():
    modules = [x for x in files("bpderiv.reading").iterdir() if x.name.endswith(".py")]
    assert len(modules) > 5
    for module in modules:
        nodes = ast.walk(ast.parse(module.read_text("utf-8")))
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        assert not names & {"eval", "exec", "compile", "__import__", "sympify", "parse_expr"}
