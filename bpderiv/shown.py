"""A counterexample as a notebook shows it: both sides in a small table, then the network's numbers.

Formulas stand outside the table: a browser lays it out before MathJax knows how wide they are.
"""

from __future__ import annotations

import html
import re

from bpderiv.judges.counterexample import Counterexample

_CELL = "style='text-align:left'"
#: How a counterexample calls its numbers: d_k, W^{k,j}, φ_k(x), η; a layer may be "1 after".
_NAME = re.compile(r"(?P<base>[^_^(]+)(?P<mark>[_^]?)\{?(?P<at>[^{}()]*)\}?(?P<rest>(?:\(x\))?)")


def counterexample_html(example: Counterexample) -> str:
    """Both sides, where they differ, the sizes, and what was given, from the input on."""
    sizes = ", ".join(f"{html.escape(layer)}: {size}" for layer, size in example.sizes)
    if example.missing:
        missing = html.escape(example.missing)
        return f"<p>In a network with layers of {sizes} neurons there is no {missing}.</p>"
    sides = {"left side": example.left, "right side": example.right}
    rows = [(side, f"<b>{html.escape(value)}</b>") for side, value in sides.items()]
    rows += [("at", html.escape(", ".join(example.where)))] if example.where else []
    rows += [("neurons", sizes)]
    cells = ((f"<td {_CELL}>{a}</td>", f"<td {_CELL}>{b}</td>") for a, b in rows)
    table = "".join(f"<tr>{a}{b}</tr>" for a, b in cells)
    return f"<table>{table}</table>{_given(example)}"


def _given(example: Counterexample) -> str:
    """The given numbers, quantities before functions."""
    backwards = example.numbers[::-1]
    pairs = sorted(backwards, key=lambda pair: pair[0].endswith("(x)"))
    shown = (f"${_latex_name(name)} = {_latex(value)}$" for name, value in pairs)
    return f"<p>with {', &nbsp; '.join(shown)}</p>" if pairs else ""


def _latex_name(name: str) -> str:
    found = _NAME.fullmatch(name)
    if found is None:
        return rf"\text{{{html.escape(name)}}}"
    at = html.escape(found["at"])
    at = at if re.fullmatch(r"\w(,\w)*", at) else rf"\text{{{at}}}"
    script = f"{found['mark']}{{{at}}}" if found["mark"] else ""
    return found["base"] + script + found["rest"]


def _latex(value: str) -> str:
    """A column (1, 2), a matrix (1, 2; 3, 4) or a number; x² becomes a power."""
    if not value.startswith("("):
        return re.sub("[²³⁴]", lambda power: f"^{'²³⁴'.index(power[0]) + 2}", value)
    rows = [row.split(",") for row in value[1:-1].split(";")]
    if len(rows) == 1:
        rows = [[entry] for entry in rows[0]]
    body = r" \\ ".join(" & ".join(entry.strip() for entry in row) for row in rows)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}".replace("·", r"\cdot")
