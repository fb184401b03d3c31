"""What cannot be read is a ReadError that marks the place and says what to do, and nothing else."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from latex_trees import FORMULAS, printed

from bpderiv.reading import vocabulary
from bpderiv.reading.errors import ReadError
from bpderiv.reading.reader import LONGEST, read

#: A mistake, ⟦the place that is marked⟧, and what is said of it. Every message stands here.
MISTAKES = (
    # Brackets, braces, environments.
    (r"⟦(⟧a + b", "this ( is not closed: ) is missing"),
    (r"a = ⟦[⟧b + c", "this [ is not closed: ] is missing"),
    (r"e_⟦{⟧k", "this { is not closed: } is missing"),
    (r"\frac{\partial a}⟦{⟧\partial b_{k} = c", "this { is not closed: } is missing"),
    (r"\frac{a}⟦}⟧{b}", "nothing was opened that } could close: delete it"),
    (r"e_⟦{⟧k(n) + (b)", "this { is not closed: } is missing"),
    (r"(e_⟦{⟧k + b)", "this { is not closed: } is missing before )"),
    (r"a + b⟦)⟧", "nothing was opened that ) could close: delete it"),
    (r"a⟦}⟧ = b", "nothing was opened that } could close: delete it"),
    (r"a = b⟦\}⟧", r"nothing was opened that \} could close: delete it"),
    (r"(a + b⟦]⟧", "] does not close the ( of column 1: ) does"),
    (r"x = [a, b⟦)⟧", ") does not close the [ of column 5: ] does"),
    (r"⟦\{⟧ a, b", r"this \{ is not closed: \} is missing"),
    (r"⟦\begin{bmatrix}⟧ a & b \\ c",
     r"this \begin{bmatrix} is not closed: \end{bmatrix} is missing"),
    (r"a ⟦\end{bmatrix}⟧", r"nothing was opened that \end{bmatrix} could close: delete it"),
    (r"\begin{bmatrix} a ⟦\end{pmatrix}⟧",
     r"\end{pmatrix} does not close the \begin{bmatrix} of column 1: \end{bmatrix} does"),
    (r"⟦\begin{aligned}⟧ a &= b", r"this \begin{aligned} is not closed: \end{aligned} is missing"),
    (r"\begin{align} a &= b ⟦\end{aligned}⟧",
     r"\end{aligned} does not close the \begin{align} of column 1: \end{align} does"),
    (r"\begin{bmatrix} ⟦(⟧a & b) \end{bmatrix}",
     "this ( is not closed before &: close it in the same entry"),
    (r"\left( a + b ⟦)⟧ c", r"this ) closes a \left(: write \right)"),
    (r"\left⟦(⟧ a + b", "this ( is not closed: ) is missing"),
    (r"( a ⟦\right⟧)", r"this \right) closes a ( that has no \left"),
    (r"⟦\left⟧ a + b \right)", r"\left stands before a bracket, and nowhere else"),
    (r"⟦\left⟧. a \right)", r"\left stands before a bracket, and nowhere else"),
    (r"a ⟦\bigl⟧ b", r"\bigl stands before a bracket, and nowhere else"),
    (r"(a ⟦\left⟧) b", r"\left stands before an opening bracket, not before )"),
    (r"a ⟦\right⟧( b)", r"\right stands before a closing bracket, not before ("),
    # Something is missing, or too much.
    (r"a =⟦⟧", "the formula ends with =: type what belongs behind it"),
    (r"a = b +⟦⟧", "the formula ends with +: type what belongs behind it"),
    (r"a \cdot⟦⟧", r"the formula ends with \cdot: type what belongs behind it"),
    (r"a = b =⟦⟧ .", "the formula ends with =: type what belongs behind it"),
    (r"⟦=⟧ a", "= has nothing to its left: type the term that it follows"),
    (r"⟦\cdot⟧ a", r"\cdot has nothing to its left: type the term that it follows"),
    (r"(⟦\odot⟧ a)", r"\odot has nothing to its left: type the term that it follows"),
    (r"a = ⟦=⟧ b",
     "= and = side by side: a term is missing between them, or one of them is too many"),
    (r"a + ⟦=⟧ b",
     "+ and = side by side: a term is missing between them, or one of them is too many"),
    (r"a \cdot ⟦\odot⟧ b",
     r"\cdot and \odot side by side: a term is missing between them, or one of them is too many"),
    (r"a + ⟦\cdot⟧ b",
     r"+ and \cdot side by side: a term is missing between them, or one of them is too many"),
    (r"a - ⟦-⟧ b",
     "two signs side by side, - and -: put the second into brackets with its term, as in a - (-b)"),
    (r"a \odot ⟦-⟧ b", r"two signs side by side, \odot and -: put the second into brackets with "
     "its term, as in a - (-b)"),
    (r"(a +⟦)⟧ b", "nothing stands between + and ): a term is missing"),
    (r"e_{k,⟦}⟧", "nothing stands between , and }: a term is missing"),
    (r"f(⟦,⟧ a)", "nothing stands between ( and ,: a term is missing"),
    (r"\begin{bmatrix} a + ⟦&⟧ b \end{bmatrix}",
     "nothing stands between + and &: a term is missing"),
    (r"f(⟦)⟧", "there is nothing between ( and ): type what belongs there, or delete both"),
    (r"e_{⟦}⟧", "there is nothing between { and }: type what belongs there, or delete both"),
    (r"e_{⟦}⟧ + b", "there is nothing between { and }: type what belongs there, or delete both"),
    (r"\frac{a}{⟦}⟧", "there is nothing between { and }: type what belongs there, or delete both"),
    (r"a ⟦,⟧ b = c",
     "a comma parts indices, or what stands in brackets; two formulas are written apart"),
    (r"a = b⟦,⟧ \\ + c",
     "a comma parts indices, or what stands in brackets; two formulas are written apart"),
    (r"x = \begin{aligned} a⟦,⟧ \end{aligned} + b",
     "a comma parts indices, or what stands in brackets; two formulas are written apart"),
    (r"a = 1⟦.⟧ b = 2",
     "a full stop or semicolon inside a formula: numbers are written 0.5, formulas one by one"),
    # Fractions, scripts, primes, Σ.
    (r"\frac{a}⟦⟧",
     r"\frac takes two arguments, each in braces: \frac{a}{b}; here stands nothing more"),
    (r"\frac{a} ⟦=⟧ b", r"\frac takes two arguments, each in braces: \frac{a}{b}; here stands ="),
    (r"\frac⟦(⟧a)(b)", r"\frac takes two arguments, each in braces: \frac{a}{b}; here stands ("),
    (r"a_⟦⟧", "behind _ belongs one letter, one digit, or braces, as in a_{b} and a^{-1}; here "
     "stands nothing more"),
    (r"a^⟦-⟧1", "behind ^ belongs one letter, one digit, or braces, as in a_{b} and a^{-1}; here "
     "stands -"),
    (r"a^⟦(⟧l)", "behind ^ belongs one letter, one digit, or braces, as in a_{b} and a^{-1}; here "
     "stands ("),
    (r"a^⟦^⟧2", "behind ^ belongs one letter, one digit, or braces, as in a_{b} and a^{-1}; here "
     "stands ^"),
    (r"e^⟦\frac⟧12", "behind ^ belongs one letter, one digit, or braces, as in a_{b} and a^{-1}; "
     r"here stands \frac"),
    (r"a + ⟦_⟧k", "_ has no letter that it hangs on: type the letter before it"),
    (r"⟦^⟧T W", "^ has no letter that it hangs on: type the letter before it"),
    (r"a + ⟦'⟧", "' has no letter that it hangs on: type the letter before it"),
    (r"x_a⟦_b⟧", "two things hang below (_) one letter: join them in braces, as in w_{ba}"),
    (r"W^{k,j}⟦^T⟧",
     "two things hang above (^) one letter: put the letter with its first script in "
     "braces, as in {W^{a}}^T"),
    (r"x^2⟦'⟧", "a prime stands before what else hangs above: f'^2"),
    (r"(a + b)⟦'⟧", "a prime belongs to a function's letter, as in f'(x), not to brackets or "
     r"numbers; write a derivative as \frac{\partial …}{\partial …}"),
    (r"\sum⟦'⟧_i a", "a prime belongs to a letter, not to a Σ"),
    (r"f ⟦\prime⟧ (x)", r"\prime stands above its letter: f' or f^\prime"),
    (r"\sum_i⟦⟧",
     r"a Σ needs what it sums up, as in \sum_i a_i; a sign goes into brackets, \sum_i (-a_i)"),
    (r"\sum_i ⟦-⟧a",
     r"a Σ needs what it sums up, as in \sum_i a_i; a sign goes into brackets, \sum_i (-a_i)"),
    (r"\boxed ⟦a⟧", r"\boxed takes braces: \boxed{a}; here stands a"),
    (r"\underbrace{a}⟦^b⟧", r"nothing hangs above \underbrace: put what is meant into its braces"),
    (r"\boxed{a}⟦_b⟧", r"nothing hangs below \boxed: put what is meant into its braces"),
    (r"2 ⟦{a + b}⟧ c", "braces are not seen on the page: use ( ) to group what stands here"),
    (r"{⟦W^{k,j} y_j⟧}^T", "braces are not seen on the page: use ( ) to group what stands here"),
    (r"{⟦a \Delta W⟧}^T", "braces are not seen on the page: use ( ) to group what stands here"),
    (r"{⟦W \{n\}⟧}^T", "braces are not seen on the page: use ( ) to group what stands here"),
    (r"⟦{\sum_i a}⟧ b", "braces are not seen on the page: use ( ) to group what stands here"),
    (r"⟦{a \sum_i b}⟧ c", "braces are not seen on the page: use ( ) to group what stands here"),
    (r"⟦{a + b}⟧^2", "braces are not seen on the page: use ( ) to group what stands here"),
    (r"{⟦a \cdot b⟧}^2", "braces are not seen on the page: use ( ) to group what stands here"),
    # Numbers, matrices, lines.
    (r"a = ⟦2 \; 3⟧", r"two numbers side by side: write one number, or \cdot between them"),
    (r"e^2⟦.5⟧ = x", "a number begins with a digit, 0.5; and a script of several signs is put in "
     "braces, x^{1.5}"),
    (r"a = b \qquad ⟦(2.1)⟧", r"the number of a formula is written \tag{3}, not as a factor"),
    (r"a = ⟦1.5.5⟧", r"two numbers side by side: write one number, or \cdot between them"),
    (r"\begin{bmatrix} a ⟦=⟧ b \end{bmatrix}",
     "an entry of a matrix has no relation sign: write = between whole matrices"),
    (r"\begin{bmatrix} a⟦,⟧ b \end{bmatrix}",
     "the entries of a matrix are parted by &, not by commas"),
    (r"⟦\begin{bmatrix} & \\ & \end{bmatrix}⟧", "a matrix without entries"),
    (r"⟦\begin{array}⟧{cc} a & b \end{array}", "the environment array is not read: matrices are "
     "bmatrix or pmatrix, formulas on several lines are aligned"),
    (r"a ⟦&⟧ b", "& parts the entries of a matrix, or the lines of an aligned formula: here it "
     "stands in neither"),
    (r"{a ⟦\\⟧ b}", r"\\ parts the entries of a matrix, or the "
     "lines of an aligned formula: here it stands in neither"),
    (r"a = \left( b ⟦\\⟧ + c \right)", r"\\ parts the entries of a matrix, or the "
     "lines of an aligned formula: here it stands in neither"),
    (r"\begin{bmatrix} a ⟦\\[⟧r = b] \end{bmatrix}",
     r"behind \\ LaTeX takes [ for the beginning of a length: put a blank between them"),
    (r"a = b ⟦\quad⟧ c = d",
     "two formulas side by side: write each by itself, or as lines of aligned"),
    (r"a = b ⟦\color{white}⟧{-} c",
     "the colour white hides what is read here: choose one that can be seen"),
    (r"a = ⟦\textcolor⟧ b", r"what stands in the braces of \textcolor is missing, or has braces of "
     "its own"),
    (r"a = b ⟦\hspace{2em}⟧ c = d",
     "two formulas side by side: write each by itself, or as lines of aligned"),
    (r"a = b ⟦\phantom{x}⟧ c = d",
     "two formulas side by side: write each by itself, or as lines of aligned"),
    (r"a = b \ ⟦~⟧ c = d",
     "two formulas side by side: write each by itself, or as lines of aligned"),
    (r"a = b \; \;⟦\;⟧ c = d",
     "two formulas side by side: write each by itself, or as lines of aligned"),
    (r"a = b \enspace ⟦\:⟧ c = d",
     "two formulas side by side: write each by itself, or as lines of aligned"),
    (r"\underbrace{a}_{⟦\text{ = b}⟧} = a",
     r"= among words: a relation stands outside of \text, to be read"),
    (r"⟦\mbox{so $a \leq b$}⟧ = a",
     r"\leq among words: a relation stands outside of \mbox, to be read"),
    (r"a = b, ⟦\quad⟧ c = d",
     "two formulas side by side: write each by itself, or as lines of aligned"),
    (r"\begin{align} a &= b ⟦&⟧ c &= d \end{align}",
     "a second & begins a second column of formulas: "
     "give each formula a line of its own, and write notes outside"),
    (r"\begin{align} a &= b \\ & ⟦-⟧ c = d \end{align}", "does a statement begin here, or does the "
     "one above go on? Write & before the relation sign of each statement, or write them apart"),
    (r"\begin{align} a = b \\ ⟦-⟧ c = d \end{align}", "does a statement begin here, or does the "
     "one above go on? Write & before the relation sign of each statement, or write them apart"),
    (r"\begin{align} a &= b \\ & ⟦c⟧ \end{align}",
     "this line has no relation sign: begin it with the "
     "sign that joins it to the line above"),
    (r"x = \begin{aligned} a &= b ⟦\\⟧ c &= d \end{aligned}", "a new statement begins within a "
     "formula: begin the lines with a sign if the formula goes on"),
    # What stands in no formula, or in none that is read.
    (r"a ⟦$⟧ b",
     "$ in a formula: it begins or ends a formula, and cannot stand inside one: leave it out"),
    (r"a ⟦#⟧ b", "# in a formula: in LaTeX it belongs to definitions: leave it out"),
    (r"a ⟦%⟧ b", "% in a formula: in LaTeX it begins a comment: leave it out"),
    (r"⟦|⟧x| = y",
     "| in a formula: absolute values, norms and evaluation bars are not read: write it "
     "without"),
    (r"n⟦!⟧ = 6", "! in a formula: factorials are not read"),
    (r"a = ⟦?⟧", "? in a formula: it is no mathematics: what is unknown needs a letter"),
    ("f⟦\"⟧",
     "\" in a formula: words stand in \\text{…}, and a second derivative has two primes ''"),
    (r"⟦φ⟧ = 1", r"φ (greek small letter phi) is no LaTeX: type \phi"),
    (r"⟦Δ⟧w = 1", r"Δ (greek capital letter delta) is no LaTeX: type \Delta"),
    (r"⟦λ⟧ = 1", r"λ (greek small letter lamda) is no LaTeX: type \lambda"),
    (r"⟦𝑤⟧ = 1", "𝑤 (mathematical italic small w) is no LaTeX: type w"),
    (r"a ⟦−⟧ b", "− (minus sign) is no LaTeX: type -"),
    (r"⟦½⟧ a", r"½ (vulgar fraction one half) is no LaTeX: type \tfrac12"),
    (r"a ⟦·⟧ b", r"· (middle dot) is no LaTeX: type \cdot"),
    (r"x⟦²⟧", "² (superscript two) is no LaTeX: type ^2"),
    (r"f⟦’⟧(x)", "’ (right single quotation mark) is no LaTeX: type '"),
    ("a⟦\u00a0⟧= b", "an invisible character (no-break space) stands here: delete it"),
    ("a⟦\u200b⟧= b", "an invisible character (zero width space) stands here: delete it"),
    (r"a ⟦é⟧", "é (latin small letter e with acute) is no LaTeX that can be read here"),
    (r"a ⟦->⟧ b", r"-> is no LaTeX: type \to"),
    (r"a ⟦<=⟧ b", r"<= is no LaTeX: type \le"),
    (r"a, b, ⟦...⟧, c", r"... is no LaTeX: type \dots"),
    (r"a ⟦=:⟧ b", "=: is no LaTeX: write new := known"),
    (r"a = b ⟦\⟧", r"\ in a formula: a command is missing behind it"),
    (r"a ⟦\over⟧ b", r"\over is not read: write \frac{a}{b}"),
    (r"⟦\sqrt⟧2", "there are no roots here; give the root a name and declare it"),
    (r"⟦\lim⟧_{h \to 0} f",
     r"limits, integrals and products over an index are not read, only sums: \sum"),
    (r"⟦\int⟧ f \, dx",
     r"limits, integrals and products over an index are not read, only sums: \sum"),
    (r"⟦\langle⟧ a, b \rangle", r"\langle is no bracket that is read: write ( ), [ ] or \{ \}"),
    (r"a = b ⟦\Rightarrow⟧ c = d", r"\Rightarrow joins two formulas: write each by itself"),
    (r"w ⟦\leftarrow⟧ w + a",
     "an assignment is written with := or =, the value after the step has a name of its own"),
    (r"a ⟦\otimes⟧ b", r"\otimes is not read: a product is \cdot, entry by entry \odot"),
    (r"a ⟦\pm⟧ b", r"\pm says two things at once: write + or -"),
    (r"⟦\overbrace⟧{a}^b", r"notes stand below a brace: \underbrace{a}_{\text{note}}"),
    (r"⟦\rm⟧ a", r"\rm is old style: \mathbf{x} for one letter, \text{…} for words"),
    (r"⟦\newcommand⟧{\a}{b}", "commands of your own are not read: write the formula out"),
    (r"⟦\text⟧", r"\text takes its words in braces, and no braces within braces within them: "
     r"\text{words}"),
    (r"⟦\mathcal{a b + c}⟧", r"\mathcal takes one letter: \mathcal{X}"),
    (r"⟦\begin⟧ bmatrix", r"\begin takes a name in braces: \begin{bmatrix}"),
    (r"⟦\tag⟧ 3", r"what stands in the braces of \tag is missing, or has braces of its own"),
    (r"3 ⟦\%⟧", "write % and its like in words, outside the formula"),
)  # fmt: skip


def unmarked(marked: str) -> tuple[str, int, int]:
    """The formula, and where the marked place begins and ends."""
    start, end = marked.index("⟦"), marked.index("⟧") - 1
    return marked.replace("⟦", "").replace("⟧", ""), start, max(end, start + 1)


def error_of(formula: str) -> ReadError:
    with pytest.raises(ReadError) as caught:
        read(formula)
    return caught.value


@pytest.mark.parametrize(("marked", "message"), MISTAKES, ids=[marked for marked, _ in MISTAKES])
def test_a_mistake_is_marked_and_named(marked, message):
    formula, start, end = unmarked(marked)
    error = error_of(formula)
    assert error.message == message
    assert (error.position, error.end) == (start, end)
    assert (error.line, error.column) == (1, start + 1)


def test_there_are_enough_mistakes():
    assert len({message for _, message in MISTAKES}) >= 60


@pytest.mark.parametrize("lines", [0, 2])
@pytest.mark.parametrize(("marked", "message"), MISTAKES, ids=[marked for marked, _ in MISTAKES])
def test_the_caret_stands_under_the_mistake(marked, message, lines):
    """In the first line, and in the third: what is shown is that line and carets below it."""
    formula, start, end = unmarked(marked)
    error = error_of(r"\displaystyle" "\n \\,\n" * (lines // 2) + formula)
    head, shown, carets = str(error).split("\n")
    assert (error.line, error.column) == (1 + lines, 1 + start)
    assert head.startswith(f"line {1 + lines}, column {1 + start}: ")
    assert shown == "".join(sign if sign.isprintable() else " " for sign in formula)
    assert carets == " " * start + "^" * (end - start)


def test_a_mistake_in_a_display_of_several_lines():
    display = "\\begin{aligned}\n  a &= b \\\\\n    &= e_{k \\\\\n    &= c\n\\end{aligned}"
    assert str(error_of(display)) == (
        "line 3, column 10: this { is not closed: } is missing before \\end{aligned}\n"
        "    &= e_{k \\\\\n"
        "         ^"
    )


def test_an_error_far_to_the_right_is_shown():
    error = error_of("a + " * 40 + "?" + " + a" * 40)
    _, shown, carets = str(error).split("\n")
    assert shown[carets.index("^")] == "?"
    assert shown.startswith("…") and shown.endswith("…") and len(shown) < 110


def test_tabs_do_not_shift_the_caret():
    _, shown, carets = str(error_of("\ta +\t? = b")).split("\n")
    assert shown[carets.index("^")] == "?" and "\t" not in shown


def test_an_error_knows_its_place_in_a_document():
    error = error_of("a = b\n + ?").at("notes.md", 12, 5)
    assert (error.file, error.line, error.column) == ("notes.md", 13, 4)
    assert str(error).startswith("notes.md, line 13, column 4: ? in a formula")
    first = error_of("?").at("notes.md", 12, 5)
    assert (first.line, first.column) == (12, 5)


@pytest.mark.parametrize(
    "nothing",
    ["", " ", "\n", r"\,", "~", r"\quad", r"\tag{1}", ".", r"\\", r"\text{ }"]
    + [r"\begin{aligned} \end{aligned}"],
)
def test_an_empty_formula_is_said_to_be_one(nothing):
    assert error_of(nothing).message == "there is no formula here: type one, such as a = b"


def test_a_closing_bracket_on_another_line_is_told_by_line_and_column():
    error = error_of("a = \n  (b \n + c]")
    assert error.message == "] does not close the ( of line 2, column 3: ) does"
    assert (error.line, error.column) == (3, 5)


def test_every_command_that_is_not_read_says_what_to_do():
    for command, message in vocabulary.NOT_READ.items():
        if command.lstrip("\\").isalpha() and command not in (r"\begin", r"\end"):
            error = error_of(f"a {command} + b")
            assert error.message == message
            assert (error.position, error.end) == (2, 2 + len(command))


def test_no_command_is_in_two_tables():
    tables = (vocabulary.KIND, vocabulary.SAME, vocabulary.LAYOUT, vocabulary.WIDE,
              vocabulary.SIZES, vocabulary.NOT_READ)  # fmt: skip
    words = [word for table in tables for word in table]
    assert sorted(words) == sorted(set(words))


def test_what_unicode_characters_are_called_can_be_typed():
    for sign, typed in vocabulary.UNICODE.items():
        assert f"type {typed}" in error_of(f"a {sign} b").message
        assert typed.isascii() or "…" in typed


# --- too much -----------------------------------------------------------------------------------


def test_100_kb_of_one_formula():
    error = error_of("a + " * 25_000)
    assert error.message == (
        "a formula of 100000 characters is too long to be read: split it, so that no part has "
        "more than 20000"
    )
    assert error.position == LONGEST
    assert len(str(error)) < 400


@pytest.mark.parametrize(
    ("opened", "closed"),
    [("(", ")"), ("{", "}"), ("[", "]"), (r"\left(", r"\right)"), ("x_{", "}"),
     (r"\frac{a}{", "}"), (r"\boxed{", "}"), (r"\begin{bmatrix}", r"\end{bmatrix}"),
     (r"\begin{aligned}", r"\end{aligned}")],
)  # fmt: skip
@pytest.mark.parametrize("times", [25, 500, 10_000])
def test_too_many_brackets_within_one_another(opened, closed, times):
    formula = opened * times + "a" + closed * times
    error = error_of(formula)
    if len(formula) > LONGEST:
        assert "too long" in error.message
    else:
        assert error.message.startswith("more than 24 brackets are open here")
        assert (
            error.position == len(opened * 25) - len(opened.lstrip(r"\left")) or error.position > 0
        )


def test_10_000_brackets_that_are_never_closed():
    error = error_of("(" * 10_000)
    assert error.message.startswith("more than 24 brackets are open here")
    assert error.column == 25


def test_too_many_things_within_one_another():
    """Few brackets, but each opens two levels of the tree: the letter's script, and the list."""
    error = error_of("x_{a, " * 13 + "a" + "}" * 13)
    assert error.message == (
        "more than 24 things stand within one another here: give a part of the formula a name, "
        "and write it by itself"
    )
    assert read("x_{a, " * 12 + "a" + "}" * 12)


def test_too_many_sums_within_one_another():
    error = error_of(r"\sum_i " * 7 + "a")
    assert error.message == (
        "more than 6 Σ stand within one another here: give a part of the formula a name, and "
        "write it by itself"
    )
    assert read(r"\sum_i " * 6 + "a")


def test_what_is_just_not_too_deep_is_read_and_printed():
    for opened, closed in (("(", ")"), (r"\frac{1}{2 + ", "}"), ("x^{", "}"), (r"\boxed{", "}")):
        chains = read(opened * 24 + "a" + closed * 24)
        assert read(printed(chains)) == chains


# --- mutilated formulas -------------------------------------------------------------------------

_PIECE = re.compile(r"\\(?:begin|end)\{\w+\*?\}|\\[A-Za-z]+|\\.|\s+|.", re.S)
_PIECES = [_PIECE.findall(formula) for formula in FORMULAS]
_KNOWN = sorted(
    {*vocabulary.KIND, *vocabulary.SAME, *vocabulary.LAYOUT, *vocabulary.SIZES, *vocabulary.WIDE}
    | set(vocabulary.UNICODE) | set(vocabulary.ASCII) | set(vocabulary.DIGRAPHS)
    | {r"\\", "'", "''", r"\text{a}", r"\text{", r"\mathcal", r"\hat", r"\tag{1}", r"\prime"}
    | {"12", ".5", r"\\[2pt]", r"\text{.}", "{}"}
    | {rf"\{side}{{{name}}}" for side in ("begin", "end")
       for name in ("bmatrix", "pmatrix", "aligned", "gather", "equation", "array")}
)  # fmt: skip
_BROKEN = sorted(vocabulary.NOT_READ)


@st.composite
def mutilated(draw) -> str:
    """A formula of the corpus with tokens deleted, doubled, swapped, or put in."""
    pieces = list(draw(st.sampled_from(_PIECES)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(pieces) - 1, 0)))
        what = draw(
            st.sampled_from(["delete", "double", "swap", "insert", "insert", "cut", "letter"])
        )
        if what == "insert":
            pieces.insert(at, draw(st.sampled_from(_KNOWN) | st.sampled_from(_BROKEN)))
        elif what == "letter":
            pieces.insert(at, draw(st.characters() | st.characters(codec="ascii")))
        elif what == "delete":
            del pieces[at : at + 1]
        elif what == "double":
            pieces[at:at] = pieces[at : at + draw(st.integers(1, 5))]
        elif what == "cut":
            del pieces[at:]
        else:
            pieces[at : at + 2] = reversed(pieces[at : at + 2])
    return "".join(pieces)


def check_that_it_is_read_or_refused(formula: str) -> None:
    try:
        chains = read(formula)
    except ReadError as error:
        assert 0 <= error.position <= len(formula)
        assert error.position < error.end
        assert "cannot stand here" not in error.message, "a mistake without a message of its own"
        assert str(error)
    else:
        assert read(printed(chains)) == chains


SETTINGS = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}


@settings(max_examples=1500, **SETTINGS)
@given(mutilated())
def test_a_mutilated_formula_is_read_or_refused(formula):
    check_that_it_is_read_or_refused(formula)


@settings(max_examples=500, **SETTINGS)
@given(st.lists(st.sampled_from(_KNOWN) | st.sampled_from("abc123 "), max_size=12).map(" ".join))
def test_any_row_of_tokens_is_read_or_refused(formula):
    check_that_it_is_read_or_refused(formula)


@settings(max_examples=300, **SETTINGS)
@given(st.text(max_size=30) | st.text("\\{}()[]_^&'.,;abc12 =+-\n$%", max_size=30))
def test_any_text_is_read_or_refused(formula):
    check_that_it_is_read_or_refused(formula)


@pytest.mark.parametrize("formula", FORMULAS[::7])
def test_a_formula_cut_off_anywhere_is_read_or_refused(formula):
    for end in range(len(formula)):
        check_that_it_is_read_or_refused(formula[:end])
        check_that_it_is_read_or_refused(formula[end:])
