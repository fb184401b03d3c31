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
#: Words that are commands in LaTeX; and what only a program would write.
_WORDS = re.compile(
    r"(?<![\\A-Za-z{])(varphi|phi|delta|Delta|eta|partial|frac|sum|prod|odot|times)(?![a-z])"
)
_PROGRAM = re.compile(r"\*\*?|@|\bnp\.|\w\[|_[A-Za-z0-9]{2,}")
#: What learners type for LaTeX's own way, where it can only mean one thing.
_SPELLINGS = (
    (re.compile(r"(?<!\\mathcal\{)(?<![\\A-Za-z])E(?![A-Za-z])"), r"\\mathcal{E}"),
    (re.compile(r"(?<![\\A-Za-z{])\\?diag(?![A-Za-z])"), r"\\operatorname{diag}"),
    (re.compile(r"((?:\\[A-Za-z]+|[A-Za-z])(?:[_^](?:\{[^{}]*\}|\w))*)\.T(?![A-Za-z])"), r"{\1}^T"),
    (re.compile(r"\^(?:t(?![A-Za-z])|\{t\})"), "^T"),
    (
        re.compile(r"\(?\s*(?:\\text\s*\{\s*)?index\s*(?:\}\s*)?=?\s*([a-z])\s*\}?\s*\)?\s*$"),
        r"(\\text{index} = \1)",
    ),
)
#: What another book calls it, where an answer could not be read: pattern, and what to say.
_ALIASES = (
    (r"Σ|\\Sigma", r"A sum is typed `\sum_{b=1}^{m}`."),
    (
        r"\\(alpha|mu|lambda|gamma|epsilon)(?![A-Za-z])",
        r"The learning rate is called η here: `\eta`.",
    ),
    (r"\\sigma(?![A-Za-z])|\bf'", r"The activation function is called φ here: `\varphi_k`."),
    (r"\^\{?[a-z],\s*[a-z]\s*\^?\{?T", "The T belongs outside: `(W^{k,j})^T`."),
)
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
    text = re.sub(r"\s*[.,;]$", "", text)
    for pattern, spelled in _SPELLINGS:
        text = pattern.sub(spelled, text)
    return text


def plain_text(answer) -> str:
    """What to say of a text that could not be read, if it looks like no LaTeX; else ""."""
    if not isinstance(answer, str):
        return ""
    for pattern, said in _ALIASES:
        if re.search(pattern, answer):
            return said
    if words := list(dict.fromkeys(_WORDS.findall(answer))):
        said = ", ".join(f"`\\{'varphi' if word == 'phi' else word}`" for word in words)
        return f"In LaTeX such words begin with a backslash: {said}."
    if _PROGRAM.search(answer) or not re.search(r"[\\{_^]", answer):
        return (
            r"This looks like plain text or Python. In LaTeX, several indices stand in braces, "
            r"`y_{j,a}`, `w_{ba}^{k,j}`; a sum is `\sum_{b=1}^{m}`; factors stand side by side."
        )
    return ""


def _kind(answer) -> str:
    name = type(answer).__name__
    return f"a{'n' if name[0] in 'aeiou' else ''} {name}"
