"""Documents, files and commands that bring out what users are told of them; see messages.py."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner

from bpderiv.cli import main

_HEAD = "**Layers** j → k; sizes z, m; neurons a, b; k output\n\n"
_PAIR = "**Layers** j → k; sizes z, m; neurons a, b\n\n"
_V = _HEAD + "**Quantity**: $v_k = [v_{k,b}] \\in \\mathbb{R}^m$\n\n**Definition**: "
_FALSE = "\n\n$$e_k = y_k - d_k$$"
_SMALL = _HEAD + "**Example**: $z := 1$, $m := 1$, $y_j := 2$, $W^{k,j} := 3$\n\n"

MARKDOWN = (
    "It costs $5 and $6.",
    "It costs $5.",
    "It costs $5-$10.",
    "$ a = b $",
    "$$e_k = d_k - y_k",
    "\\[e_k = d_k",
    "\\begin{align} e_k = d_k",
    "a ` b $e_k = d_k$",
    "```\n$e_k = d_k$",
    "<!-- not judged: x",
    "<!--> $e_k = d_k$ -->",
    "\\\\begin{align} e_k = d_k \\end{align}",
    _HEAD + "$e_k = d_k - y_k \\tag{}$",
    _HEAD + "$e_k = d_k - y_k \\tag{1} \\tag{2}$",
    _HEAD + "$$e_k = d_k - y_k \\tag{1}$$\n\n$$e_k = d_k - y_k \\tag{1}$$",
    _HEAD + "so $\\lVert e_k \\rVert$",
    _HEAD + "so $e_k \\bowtie d_k$",
    _HEAD + "so $e_k \\text{ is } d_k$",
)
MARKS = (
    "**Layers** k",
    "**Layers:** j → k",
    "**Short form**; layers j → k",
    "**short form**, layers j → k",
    _HEAD + "**Example:** $z := 3$",
    "Now: **Layers** j → k; sizes z, m; neurons a, b",
    _HEAD + "**Example**: the one above",
    "<!-- not judged -->\n\n$$e_{k,b} = y_{k,b}$$",
    "<!-- not judged: so -->",
    "<!-- not judged: so -->\n\n<!-- not judged: so -->\n$$e_{k,b} = y_{k,b}$$",
    _HEAD + "<!-- not judged: so -->\n**Example**: $z := 1$",
)
ERRATA = (
    _HEAD + "**Erratum**: nothing named\n\n$$e_k = d_k - y_k$$",
    _HEAD + "**Erratum (sign):** bold\n\n$$e_k = d_k - y_k$$",
    _HEAD + "**Erratum** (sign): no display follows",
    _HEAD + "**Erratum** (sign): and\n\n$$e_k$$",
    _HEAD + "**Erratum** (sign): and\n\n**Erratum** (layout): and" + _FALSE,
    _HEAD + "**Erratum** (sign): but it is true\n\n$$e_k = d_k - y_k$$",
    _HEAD + "**Erratum** (layout): another mistake" + _FALSE,
    _HEAD + "**Erratum** (sing): no such mistake" + _FALSE,
    _HEAD + "**Erratum** (xyzzy): nothing like it" + _FALSE,
    _HEAD + "**Erratum** (sign): undecided\n\n$$\\frac{1}{0} = 1$$",
    _HEAD + "**Erratum** (sign): which link?\n\n$$e_k = d_k - y_k = d_k + y_k$$",
    _HEAD + "**Erratum** (sign, link 3): which link?\n\n$$e_k = d_k - y_k = e_k$$",
    _HEAD + "**Erratum** (sign): no equation\n\n$$e_{k,b} \\le d_{k,b}$$",
    _HEAD + "**Erratum** (sign): and\n\n<!-- not judged: so -->\n$$e_k = d_k$$",
    _HEAD + "**Erratum** (sign): and\n\n**Example**: $$z := 1$$",
    _HEAD + "$$e_k = y_k$$",
)
EXAMPLES = (
    _HEAD + "**Example**: $z = 3$",
    "**Example**: $z := 3$",
    _HEAD + "**Example**: $z := 2.5$",
    _HEAD + "**Example**: $z := 2$, $z := 3$",
    _HEAD + "**Example**: $y_j := 1$, $z := 2$, $y_j := 1$, $y_{j,1} := 1$",
    _HEAD + "**Example**: $v_k := \\begin{bmatrix} 1 \\\\ 2 \\end{bmatrix}$, $d_j := 1$",
    _HEAD + "**Example**: $\\varphi_j(v) := v$, $\\varphi_q(v) := v$, $\\varphi_k(v) := y_k$, "
    "$\\varphi_k := 2$",
    _HEAD + "**Example**: $z := 1$\n\n$y_{k,1} = 0.5$",
    _HEAD + "**Example**: $z := 1$, $m := 1$\n\n$v_{k,1} = 0.5$, $y_{k,1} = 0.5$, $\\eta = 0.5$",
    _SMALL + "$v_{k,1} = 6.5$, $v_{k,1} \\approx 6.1$, $v_{k,b} = 6.5$, $v_{k,2} = 6.5$, "
    "$y_{k,1} = 0.5$, $e_j = 0.5$, $v_{k,1} = 2^{65}$, $v_{k,1} = \\frac{1}{0}$",
    _SMALL + "$6.5 \\approx v_{k,1}$, $v_{k,b} \\approx 0.5$, $1 = 2$",
    _SMALL + "**Layers** h → g; sizes q, p; neurons f, c\n\n$v_{g,1} = 0.5$",
    _HEAD + "**Example**: $z := 1$\n\n**Layers** h → g; sizes q, p; neurons f, c\n\n"
    "**Example**: $q := 1$",
    _HEAD + "$v_{k,1} \\approx 0.5$",
)
DECLARATIONS = (
    "**Quantity**: $v_k = [v_{k,b}] \\in \\mathbb{R}^m$",
    "**Quantity**: $q \\in \\mathbb{R}$\n\n$q = q$",
    _HEAD + "**Quantity**: $v_k \\in \\mathbb{R}^m$",
    _HEAD + "**Quantity**: $v_k = [v_{k,b}] \\in \\mathbb{R}^q$",
    _HEAD + "**Quantity**: $v_k = [v_{k,b}] \\in \\mathbb{R}^z$",
    _HEAD + "**Quantity**: $v_k = [v_{k,q}] \\in \\mathbb{R}^m$",
    _HEAD + "**Quantity**: $W^{k,j} = [w_b] \\in \\mathbb{R}^{m \\times z}$",
    _HEAD + "**Quantity**: $q_k \\in \\mathbb{R}$",
    _HEAD + "**Quantity**: $v_k = [v_{k,b}] \\in \\mathbb{R}^m$, "
    "$v_k = [v_{k,b}] \\in \\mathbb{R}^m$, $v_k = [u_{k,b}] \\in \\mathbb{R}^m$",
    _HEAD + "**Function**: $\\varphi_k : \\mathbb{R} \\to v$",
    _HEAD + "**Function**: $\\varphi : \\mathbb{R} \\to \\mathbb{R}$",
    "**Argument**: $(n)$\n\n**Argument**: $(t)$",
    "**Argument**: $(1)$",
    "**Spelling**: $\\phi \\equiv \\varphi$, $\\phi \\equiv \\psi$",
    "**Spelling**: $\\phi \\equiv \\varphi$, $\\psi \\equiv \\phi$",
    "**Spelling**: $\\phi \\equiv \\varphi_k$",
    _V + "$v_k := v_k$",
    _V + "$v_{k,b} = 1$",
    _V + "$v_{k,b} := v_{k,r}$",
    _V + "$v_{k,b} := v_{k,b}$",
    _V + "$v_{k,b} := 1$, $v_{k,b} := 2$",
    _PAIR + "**Quantity**: $v_k = [v_{k,b}] \\in \\mathbb{R}^m$\n\n**Definition**: $v_{j,a} := 1$",
)

DOCUMENTS = (*MARKDOWN, *MARKS, *ERRATA, *EXAMPLES, *DECLARATIONS)

_IDS = _HEAD + (
    "$e_k = d_k - y_k \\tag{a}$, $e_k = d_k^T \\tag{b}$, $e_{k,b} \\le d_{k,b} \\tag{c}$\n\n"
    "<!-- not judged: a condition -->\n$z = m \\tag{d}$\n"
)
_ANOTHER = _HEAD + "$y_k = d_k - e_k \\tag{a}$"
#: (files, command): None is a folder.
COMMANDS = (
    ({}, "check a.md"),
    ({}, "check ."),
    ({"a.txt": "x"}, "check a.txt"),
    ({"a.md": "nothing"}, "check -q a.md"),
    ({"a.md": b"\xff"}, "check -q a.md"),
    ({"a.ipynb": "no JSON"}, "check -q a.ipynb"),
    ({"a.md": _IDS, "b.md": _ANOTHER}, "check -q b.md a.md"),
    ({}, "explain a.md"),
    ({"a.md": _IDS}, "derive q --in a.md"),
    ({"a.md": _IDS}, "derive a#2 --in a.md"),
    ({"a.md": _IDS}, "derive b --in a.md"),
    ({"a.md": _IDS}, "derive c --in a.md"),
    ({"a.md": _IDS}, "derive d --in a.md"),
)


def commands() -> Iterator[tuple[str, str]]:
    """(command, what it says) in folders of their own."""
    before = Path.cwd()
    for files, command in COMMANDS:
        with TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                for name, content in files.items():
                    data = content if isinstance(content, bytes) else content.encode("utf-8")
                    Path(name).write_bytes(data)
                done = CliRunner().invoke(main, command.split(), env={"COLUMNS": "80"})
            finally:
                os.chdir(before)
        yield f"bpderiv {command}", done.output.rstrip()
