r"""An answer as it was typed: LaTeX in a string, or an object of sympy's; never evaluated.

A sympy answer is printed as the notes write it and then read like any other: there is one reader.
"""

from __future__ import annotations

import inspect
import re

import sympy

from bpderiv.printing import latex

#: An equation longer than this is no answer.
LONGEST = 4000
_SIGNS = (("$$", "$$"), ("$", "$"), (r"\[", r"\]"), (r"\(", r"\)"))


class Unfit(Exception):
    """An answer that is of the wrong sort; the message says what is wanted."""


def is_empty(answer) -> bool:
    """Whether nothing was answered yet: None, an empty text, dots, a function that is `...`."""
    if answer is None or answer is Ellipsis:
        return True
    if inspect.isfunction(answer):
        return answer.__code__.co_code == _open.__code__.co_code
    return isinstance(answer, str) and not answer.strip(" .…?\n\t")


def _open(): ...


def latex_of(answer) -> str:
    """The answer's LaTeX, without the $ around it.

    Errors
    ------
    Unfit
        for what is neither text nor sympy's, or too long.
    """
    if isinstance(answer, sympy.MatrixBase):
        rows = r" \\ ".join(" & ".join(map(latex, row)) for row in answer.tolist())
        return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"
    if isinstance(answer, sympy.Basic):
        return latex(answer)
    if not isinstance(answer, str):
        raise Unfit(
            "an equation is typed as LaTeX in a string, "
            f'r"…", or is a sympy expression; this is {_kind(answer)}'
        )
    text = answer.strip()
    for start, end in _SIGNS:
        if text.startswith(start) and text.endswith(end) and len(text) >= len(start) + len(end):
            text = text[len(start) : -len(end)].strip()
            break
    if len(text) > LONGEST:
        raise Unfit(f"an answer of {len(text)} letters is too long: at most {LONGEST}")
    return re.sub(r"\s*[.,;]$", "", text)


def _kind(answer) -> str:
    name = type(answer).__name__
    return f"a{'n' if name[0] in 'aeiou' else ''} {name}"
