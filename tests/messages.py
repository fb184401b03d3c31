r"""Every message that a user can see, made anew from a table of inputs: `make messages`.

`tests/messages.md` stores what was said; `test_messages.py` compares, and finds every message of
the code that no input here brings out.
"""

from __future__ import annotations

import sys
from pathlib import Path

from messages_documents import DOCUMENTS, commands

from bpderiv.checking import check_document
from bpderiv.document.document import read_document
from bpderiv.document.notes import notes_declarations
from bpderiv.meaning.window import make_window, read_window
from bpderiv.reading.errors import ReadError
from bpderiv.verdict import SECTION_2, diagnosed, judge_statement

STORED = Path(__file__).parent / "messages.md"
SHORT = make_window("i j k", short=True)
OTHER = make_window("r s t", sizes="f g h", neurons="x p q")
DEEP = make_window("h i j k", "k", "q p z m", "f c a b")

#: Equations that are read and refuted: (window, LaTeX).
FALSE = (
    (SECTION_2, r"\delta_{k,b} = -e_{k,b} \varphi_k'(v_{k,b})"),
    (SECTION_2, r"\frac{\partial \mathcal{E}}{\partial y_k} = e_k^T"),
    (SECTION_2, r"\frac{\partial e_k}{\partial y_k} = I"),
    (SECTION_2, r"\delta_{k,b} = e_{k,b}"),
    (SECTION_2, r"\delta_{k,b} = 2 e_{k,b} \varphi_k'(v_{k,b})"),
    (SECTION_2, r"\delta_{k,b} = e_{k,b} \varphi_k(v_{k,b})"),
    (SECTION_2, r"\delta_{k,b} = e_{k,b} \varphi_k'(y_{k,b})"),
    (SECTION_2, r"\delta_{k,b} = e_{k,b} \varphi_j'(v_{k,b})"),
    (SECTION_2, r"\delta_{j,a} = \varphi_j'(v_{j,a}) \sum_b w_{ba} e_{k,b}"),
    (SECTION_2, r"\delta_{j,a} = \varphi_j'(v_{j,a}) w_{ba} \delta_{k,b}"),
    (SECTION_2, r"\delta_{j,a} = \sum_b w_{ba} \delta_{k,b}"),
    (SECTION_2, r"\delta_{j,a} = \varphi_j'(v_{j,a}) \sum_{b=1}^{m} w_{1a} \delta_{k,b}"),
    (SECTION_2, r"\delta_j = \left(W^{k,j} \delta_k\right) \odot \varphi_j'(v_j)"),
    (SECTION_2, r"\delta_j = {W^{k,j}}^T \delta_k \varphi_j'(v_j)"),
    (SECTION_2, r"\Delta W^{k,j} = \eta y_j \delta_k^T"),
    (SECTION_2, r"\Delta w_{ba}^{k,j} = \eta \delta_{k,b} y_{k,b}"),
    (SECTION_2, r"\Delta w_{ba}^{k,j} = \delta_{k,b} y_{j,a}"),
    (SECTION_2, r"\Delta w_{ba}^{k,j} = \eta \delta_{k,b}"),
    (SECTION_2, r"w(n+1) = w(n) - \Delta w"),
    (SECTION_2, r"\frac{\partial y_k}{\partial v_k} = \varphi_k'(v_k)"),
    (SECTION_2, r"v_k = y_j W^{k,j}"),
    (SECTION_2, r"v_k = W^{j,i} y_j"),
    (SECTION_2, r"y_j = \varphi_j(v_k)"),
    (SECTION_2, r"\frac{\partial v_k}{\partial y_j} = {W^{k,j}}^T"),
    (SECTION_2, r"\delta_j(n) = \left[\sum_k \delta_k w_{kj}\right] \varphi_j'(v_j)"),
    (SECTION_2, r"v_k = \begin{bmatrix} v_{k,1} \\ v_{k,1} \\ \vdots \\ v_{k,m} \end{bmatrix}"),
    (SECTION_2, r"\partial y_{k,1} / \partial v_{k,1} = \partial y_{k,2} / \partial v_{k,2}"),
    (SHORT, r"\delta_j = e_j \varphi_j'(v_j)"),
    (SHORT, r"v_i = \sum_j w_{ij} y_j"),
    (SHORT, r"\mathcal{E} = \sum_j \mathcal{E}_j"),
    (DEEP, r"\delta_{i,c} = \varphi_i'(v_{i,c}) \sum_b w_{bc} \delta_{k,b}"),
)  # fmt: skip
#: Readable, but it cannot be: shapes, layers, ranges.
ILL_TYPED = (
    (SECTION_2, r"e_k = d_k^T"),
    (SECTION_2, r"e_k = d_k - y_j"),
    (SECTION_2, r"v_k = W^{k,j} y_k"),
    (SECTION_2, r"e_k \odot y_j = e_k"),
    (SECTION_2, r"v_{k,b} = v_{k,a}"),
    (SECTION_2, r"v_{k,z} = v_{k,b}"),
    (SECTION_2, r"v_{k,0} = 0"),
    (SECTION_2, r"v_{b,k} = 0"),
    (SECTION_2, r"v_{b,1} = 0"),
    (SECTION_2, r"v_{k,j} = 0"),
    (SECTION_2, r"v_{k,y} = 0"),
    (SECTION_2, r"\mathcal{E}_{k,y(n)} = 0"),
    (SECTION_2, r"W^{j,k} = {W^{k,j}}^T"),
    (SECTION_2, r"e_j = d_j - y_j"),
    (SECTION_2, r"[b = a] = 0"),
    (SECTION_2, r"\sum_{r=0}^{m} e_{k,r} = 0"),
    (SECTION_2, r"\sum_{a=1}^{m} w_{ba} y_{j,a} = v_{k,b}"),
    (SECTION_2, r"e_k^2 = \mathcal{E}"),
    (SECTION_2, r"\varphi_b(v_k) = y_k"),
    (SECTION_2, r"\operatorname{diag}(W^{k,j}) = I"),
    (SECTION_2, r"v_k = \begin{bmatrix} v_{k,1} \\ \vdots \\ v_{k,m} \end{bmatrix}_{z \times 1}"),
    (SECTION_2, r"\frac{\partial e_k^T}{\partial y_k} = -I"),
    (SECTION_2, r"\frac{\partial v_k}{\partial W^{k,j}} = y_j"),
    (SECTION_2, r"v_k = \begin{bmatrix} v_k \\ v_k \end{bmatrix}"),
    (SECTION_2, r"v_{k,b} = \begin{bmatrix} v_{k,1} \\ \vdots \\ v_{k,m} \end{bmatrix}"),
    (SECTION_2, r"I_{m \times z} = I"),
    (SECTION_2, r"w_{1b} = 0"),
    (SECTION_2, r"e_k = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"),
    (SECTION_2, r"v_{k,b} = \begin{bmatrix} 0 & \dots & 0 \end{bmatrix}_{m \times m} e_k"),
    (SECTION_2, r"v_k = \begin{bmatrix} 0 & \dots & 1 & \dots & 0 \end{bmatrix} "
                r"(\text{index} = b)"),
)  # fmt: skip
#: LaTeX that says too little, or something with no meaning.
UNCLEAR = (
    (SECTION_2, r"e_k"),
    (SECTION_2, r"q_k = 1"),
    (SECTION_2, r"v_{q,b} = 1"),
    (SECTION_2, r"y_k(n+1) = 1"),
    (SECTION_2, r"\Delta e_k = 1"),
    (SECTION_2, r"\Delta = 1"),
    (SECTION_2, r"\varphi_k = 1"),
    (SECTION_2, r"\varphi_{k,b}(v_k) = 1"),
    (SECTION_2, r"\varphi_k(n)(v_k) = 1"),
    (SECTION_2, r"e_k' = 1"),
    (SECTION_2, r"(e_k)' = 1"),
    (SECTION_2, r"e_{k,b,a} = 1"),
    (SECTION_2, r"e_k^{j} = 1"),
    (SECTION_2, r"(e_k)^{j} = 1"),
    (SECTION_2, r"{\eta e_{k,b}}^2 = 1"),
    (SECTION_2, r"(e_k)_{m} = 1"),
    (SECTION_2, r"\underbrace{e_k}_{y_k} = 1"),
    (SECTION_2, r"v_{k,b+1} = 1"),
    (SECTION_2, r"\sum_{b=1}^{q} e_{k,b} = 1"),
    (SHORT, r"\sum_{j=1}^{m} e_j = 1"),
    (SECTION_2, r"\sum_{b > 1} e_{k,b} = 1"),
    (SECTION_2, r"\sum_r 1 = 1"),
    (SECTION_2, r"w_{rs} = 1"),
    (OTHER, r"w_{12} = 1"),
    (SECTION_2, r"[1 = 2] = 0"),
    (SECTION_2, r"\frac{\partial e_k}{y_k} = 1"),
    (SECTION_2, r"\frac{\partial^2 \mathcal{E}}{\partial y_k} = 1"),
    (SECTION_2, r"\frac{\partial \mathcal{E}}{\partial^2 y_k} = 1"),
    (SECTION_2, r"\frac{\partial \mathcal{E}}{\partial \partial y_k} = 1"),
    (SECTION_2, r"\frac{\partial e_k}{\partial (W^{k,j} y_j)} = 1"),
    (SECTION_2, r"\partial e_k = 1"),
    (SECTION_2, r"\partial \mathcal{E} / \partial = 1"),
    (SECTION_2, r"\partial \mathcal{E} \eta / \partial y_k = 1"),
    (SECTION_2, r"\partial \mathcal{E} / \partial (v_k) = 1"),
    (SECTION_2, r"\partial \mathcal{E} / \partial (2 v_k) = 1"),
    (SECTION_2, r"1 / 2 \eta = 1"),
    (SECTION_2, r"\eta \times \eta = 1"),
    (SECTION_2, r"e_k(n)^T(n) = 1"),
    (SECTION_2, r"e_k^T(n)^T = 1"),
    (SECTION_2, r"\varphi_k'^2(v_k)^2 = 1"),
    (SECTION_2, r"\{e_k, y_k\} = 1"),
    (SECTION_2, r"(e_k, y_k) = 1"),
    (SECTION_2, r"\boxed{e_k = 1} + 1 = 1"),
    (SECTION_2, r"\text{so} = 1"),
    (SECTION_2, r"I^{k} = 1"),
    (SECTION_2, r"I - I = 0 \cdot I"),
    (SECTION_2, r"w_{b1} y_{j,1} - \dots - w_{bz} y_{j,z} = v_{k,b}"),
    (SECTION_2, r"\dots + w_{bz} y_{j,z} = v_{k,b}"),
    (SECTION_2, r"w_{b1} y_{j,1} + \dots + w_{bz} = v_{k,b}"),
    (SECTION_2, r"w_{b1} y_{j,1} + \dots + e_{k,1} + \dots + w_{bz} y_{j,z} = v_{k,b}"),
    (SECTION_2, r"w_{b1} y_{j,1} + \dots + w_{b1} y_{j,1} = v_{k,b}"),
    (SECTION_2, r"e_k = \begin{bmatrix} e_{k,1} \\ \vdots \\ 7 \\ \vdots \\ e_{k,m} \end{bmatrix}"),
    (SECTION_2, r"e_k = \begin{bmatrix} e_{k,1} \\ e_{k,2} \end{bmatrix} (\text{index} = b)"),
    (SECTION_2, r"e_k = \begin{bmatrix} e_{k,1} \\ e_{k,2} \end{bmatrix} (\text{place} = b)"),
    (SECTION_2, r"I = \begin{bmatrix} 1 & \dots & 0 \\ 0 & 1 & 0 \end{bmatrix}"),
    (SECTION_2, r"I = \begin{bmatrix} 1 & 0 \\ 0 \end{bmatrix}"),
    (SECTION_2, r"I = \begin{bmatrix} 1 & \\ 0 & 1 \end{bmatrix}"),
    (SECTION_2, r"e_k = \begin{bmatrix} e_{k,1} \\ 1 e_{k,2} \\ \vdots \\ e_{k,m} \end{bmatrix}"),
    (SECTION_2, r"\frac{1}{e_{k,b} - e_{k,b}} = 1"),
)  # fmt: skip
#: Lines that declare a window.
WINDOWS = (
    "**Layers** k; sizes m; neurons b",
    "**Layers** j → j; sizes z, m; neurons a, b",
    "**Layers** a → b → c → d → e → f → g",
    "**Layers** j → k; sizes m; neurons a, b",
    "**Layers** j → k; sizes z, m; neurons a, b; j output",
    "**Layers** j → k; sizes z, m; neurons a, b; last output",
    "**Layers** j → k; sizes z, k; neurons a, b",
    "**Short form**, layers j",
    "**Short form**, layers i → j, i output",
)


def said_of(window, latex: str, diagnose: bool) -> str:
    """The verdict, or the error."""
    try:
        verdict = judge_statement(latex, window, notes_declarations())
        return repr(diagnosed(verdict) if diagnose else verdict)
    except ReadError as error:
        return str(error)


def said_of_window(line: str) -> str:
    """The error of a window line."""
    try:
        return str(read_window(line))
    except ReadError as error:
        return str(error)


def said_of_document(text: str) -> str:
    """The errors of a document, and what is wrong with its rows."""
    document = read_document([(None, text)], "text.md")
    said = []
    for row in check_document(document):
        if row.error:
            words = row.verdict.words if row.verdict and row.verdict.holds is False else ""
            said.append("\n".join(filter(None, [row.latex, row.error, words])))
    return "\n\n".join(said)


def sections():
    """(heading, [(input, what is said)])."""
    for heading, table in (
        ("False equations", FALSE), ("Equations that cannot be", ILL_TYPED),
        ("Equations that say too little", UNCLEAR),
    ):  # fmt: skip
        yield (
            heading,
            [
                (f"{window}\n{latex}", said_of(window, latex, table is FALSE))
                for window, latex in table
            ],
        )
    yield "Windows", [(line, said_of_window(line)) for line in WINDOWS]
    yield "Documents", [(text, said_of_document(text)) for text in DOCUMENTS]
    yield "Commands", commands()


def text() -> str:
    """The whole file."""
    parts = ["# What users are told\n\nMade by `make messages`; compared in `test_messages.py`.\n"]
    for heading, cases in sections():
        parts.append(f"## {heading}\n")
        for given, said in cases:
            parts.append(f"```\n{given}\n```\n```text\n{said}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    STORED.write_text(text(), encoding="utf-8")
    print(f"{STORED.name}: written", file=sys.stderr)
