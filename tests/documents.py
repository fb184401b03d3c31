"""Short documents for tests, and what the checker says of them."""

from __future__ import annotations

from bpderiv.checking import Row, check_document
from bpderiv.document.document import Document, read_document

#: The layers of the notes' section 2, and any two layers.
LAYERS = "**Layers** i → j → k; sizes p, z, m; neurons c, a, b; k output\n\n"
PAIR = "**Layers** j → k; sizes z, m; neurons a, b\n\n"
#: Quantities of a text of its own: x into u, and u through σ into x.
DECLARED = PAIR + (
    "**Quantities**: $x_j = [x_{j,a}] \\in \\mathbb{R}^z$, $x_k = [x_{k,b}] \\in \\mathbb{R}^m$, "
    "$u_k = [u_{k,b}] \\in \\mathbb{R}^m$, "
    "$M^{k,j} = [m_{ba}^{k,j}] \\in \\mathbb{R}^{m \\times z}$\n\n"
    "**Function**: $\\sigma_k : \\mathbb{R} \\to \\mathbb{R}$\n\n"
)
DEFINED = DECLARED + (
    "**Definition**: $u_{k,b} := \\sum_{a=1}^{z} m_{ba}^{k,j} x_{j,a}$\n\n"
    "**Definition**: $x_{k,b} := \\sigma_k(u_{k,b})$\n\n"
)


def document(text: str) -> Document:
    return read_document([(None, text)], "text.md")


def rows(text: str) -> list[Row]:
    return list(check_document(document(text)))


def errors(text: str) -> list[str]:
    """What is wrong with a document: the first line of each message, without its place."""
    found = (row.error.split("\n")[0] for row in rows(text) if row.error)
    return [x.partition(": ")[2] if x.startswith("text.md, ") else x for x in found]


def claims(text: str) -> list[tuple[str, bool | None]]:
    """(LaTeX, verdict) of all claims."""
    return [(row.latex, row.holds) for row in rows(text) if row.kind == "claim"]
