"""One colour for each quantity, in pictures and in formulas; and the reader does not mind."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path

import pytest

from bpderiv import check, pencil
from bpderiv.colours import DARKEST, INKS, LIGHTEST, PALETTE, in_colour, luminance, without_colour
from bpderiv.reading.brackets import with_braces

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
#: Notebooks with coloured formulas in their text, at least.
LEAST = 6
#: LaTeX, and what is coloured in it: (letter of the colour, coloured text).
COLOURED = [
    (r"\delta_k = e_k", [("delta", r"\delta_k"), ("e", "e_k")]),
    (r"w_{ba}^{k,j}(n) y_{j,a}", [("w", "w_{ba}^{k,j}"), ("y", "y_{j,a}")]),
    (r"\Delta W^{k,j} = \eta \delta_k y_j^T",
     [("w", "W^{k,j}"), ("delta", r"\delta_k"), ("y", "y_j^T")]),
    (r"\varphi_k'(v_{k,b}(n))", [("v", "v_{k,b}")]),
    (r"\frac{\partial v_k}{\partial y_j}", [("v", "v_k"), ("y", "y_j")]),
    (r"\varphi_j(v) := v^2", []),
    (r"\text{where every one}, \vec{e}, \nu_k, \Delta", []),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "found"), COLOURED)
def test_quantities_with_an_index_are_coloured_and_nothing_else(latex, found):
    shown = in_colour(latex)
    names = {ink: name for name, ink in INKS.items()}
    pieces = re.findall(r"\{\\color\{(#[0-9a-f]{6})\}\{((?:[^{}]|\{[^{}]*\})*)\}\}", shown)
    assert [(names[ink], piece) for ink, piece in pieces] == found
    assert without_colour(shown) == latex


def test_inks_can_be_read_and_told_apart():
    assert set(INKS) == set(PALETTE) and len(set(INKS.values())) == len(INKS)
    for ink in INKS.values():
        light = luminance(ink)
        assert DARKEST <= light <= LIGHTEST
        assert 1.05 / (light + 0.05) > 3.8  # on white
        assert (light + 0.05) / (luminance("#111111") + 0.05) > 3  # on JupyterLab's dark page
    for one, other in combinations(INKS.values(), 2):
        parts = ((int(one[n : n + 2], 16), int(other[n : n + 2], 16)) for n in (1, 3, 5))
        assert sum(abs(a - b) for a, b in parts) > 100


def test_an_ink_is_the_colour_of_the_pictures_only_lighter_or_darker():
    for name, ink in INKS.items():
        order = sorted(range(3), key=lambda n, c=PALETTE[name]: c[1 + 2 * n : 3 + 2 * n].upper())
        assert order == sorted(range(3), key=lambda n, c=ink: c[1 + 2 * n : 3 + 2 * n].upper())


@pytest.mark.parametrize(
    "latex",
    [
        r"\delta_k = e_k \odot \varphi_k'(v_k)",
        r"\Delta w_{ba}^{k,j}(n) = \eta \delta_{k,b}(n) y_{j,a}(n)",
        r"\delta_j(n) = \left({W^{k,j}(n)}^T \delta_k(n)\right) \odot \varphi_j'(v_j(n))",
    ],
)
def test_the_verdict_is_that_of_the_formula_without_colour(latex):
    coloured = check(in_colour(latex))
    assert coloured.holds is True
    assert [x.latex for x in coloured.links] == [in_colour(latex)]
    wrong = in_colour(latex.replace("=", "= -", 1))
    assert check(wrong).holds is False and check(wrong).links[0].mistake == (("sign",),)


@pytest.mark.parametrize(
    ("source", "piece", "whole"),
    [
        ("{a} = b", "a} = b", "{a} = b"),
        (r"{\color{red}{a}} = {b}", "a}} = {b", r"{\color{red}{a}} = {b}"),
        (r"x + \{a\} = {b}", r"\{a\} =", r"\{a\} ="),
        ("{a {b} c}", "b", "b"),
        ("a = {b} c", "= {b", "= {b}"),
    ],
)
def test_a_piece_of_the_source_has_all_its_braces(source, piece, whole):
    start = source.index(piece)
    assert with_braces(source, (start, start + len(piece))) == whole


def formulas(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n\n".join("".join(x["source"]) for x in cells if x["cell_type"] == "markdown")
    return [x for x in re.findall(r"\$\$.+?\$\$|\$[^$\n]+\$", text, flags=re.S) if "color" in x]


def test_formulas_in_the_text_have_the_colours_of_the_pictures():
    coloured = {path.name: formulas(path) for path in NOTEBOOKS}
    for name, found in coloured.items():
        for formula in found:
            assert in_colour(without_colour(formula)) == formula, name
    assert sum(map(bool, coloured.values())) >= LEAST


def test_what_is_shown_is_coloured_too():
    assert rf"{{\color{{{INKS['y']}}}{{y_j}}}}" in pencil().show("y_j")._repr_latex_()
