r"""LaTeX cut into tokens, each of a kind that the grammar knows; nothing is dropped yet.

One token is what the eye sees as one thing: `\mathcal E` is a letter, `\text{index}` a word,
`\\[2pt]` a line break. Digits stay apart, because `\frac12` is one half. Every token knows its
place in the source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lark import Token

from bpderiv.reading import vocabulary as words
from bpderiv.reading.errors import ReadError


def _any(names) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


#: Braces with at most one pair of braces within them.
_BRACES = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_LENGTH = r"\[\s*[-+]?[\d.]+\s*(?:pt|em|ex|mm|cm|in|bp|pc|sp|dd|cc|mu)\s*\]"
_LETTER = r"([A-Za-z0-9]|\\[A-Za-z]+)"
_STYLED = re.compile(rf"\\({_any(words.STYLES)})(?![A-Za-z])\s*(?:{_BRACES}|{_LETTER})", re.A)
_WORDS = re.compile(rf"\\({_any(words.WORDS)})(?![A-Za-z])\s*(?:{_BRACES}|([A-Za-z]))", re.A)
_TOKEN = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<frame>\\(?:begin|end)\s*\{{\s*[A-Za-z]+\*?\s*\}})
  | (?P<aside>\\(?:{_any(words.ASIDES)})\s*\{{[^{{}}]*\}})
  | (?P<colour>\\(?:{_any(words.COLOURS)})(?![A-Za-z])\s*(?:\[[^]]*\])?\s*\{{[^{{}}]*\}})
  | (?P<words>{_WORDS.pattern})
  | (?P<styled>{_STYLED.pattern})
  | (?P<break>\\\\\*?(?:{_LENGTH})?)
  | (?P<command>\\[A-Za-z]+|\\.|~)
  | (?P<point>\.[0-9]+)
  | (?P<primes>'+)
  | (?P<digraph>{_any(words.DIGRAPHS)})
  | (?P<sign>:=|.)
    """,
    re.X | re.S | re.A,
)
#: What may follow \left, \bigl and their kin.
_DELIMITER = re.compile(
    r"\s*([()\[\]/|]|\\[{}|]|\\[lr]?(?:vert|Vert|brace|brack|angle|paren))", re.A
)
_GREEK = re.compile(
    r"(?:GREEK|MATHEMATICAL) (?:[\w-]+ )*?(SMALL |CAPITAL )?(?:LETTER )?(?:FINAL )?(\w+)"
    r"(?: SYMBOL)?"
)
#: What words must not hide.
_HIDDEN = re.compile(r"[=<>≈≠≡≤≥≔]|\\(?:approx|equiv|leq?|geq?|neq?)(?![A-Za-z])")
_POSITION = re.compile(r"\s*\[[tbc]\]", re.A)


def tokens(source: str) -> Iterator[Token]:
    """All tokens of a formula, layout too.

    Errors
    ------
    ReadError
        at the first thing that is not LaTeX, or LaTeX that is not read.
    """
    at = 0
    unseen: set[int] = set()
    while at < len(source):
        match = _TOKEN.match(source, at)
        kind, text, end = _RULES[match.lastgroup](source, match)
        if match.lastgroup == "colour":
            unseen.update(_coloured(source, end))
        yield Token("LAYOUT" if at in unseen else kind, text, start_pos=at, end_pos=end)
        at = end


def _coloured(source: str, at: int) -> tuple[int, ...]:
    """The places of the braces around what is coloured: they group nothing that is seen."""
    opened = at + len(source[at:]) - len(source[at:].lstrip())
    depth = 0
    for brace in re.finditer(r"\\.|([{}])", source[opened:] if source[opened:][:1] == "{" else ""):
        depth += {"{": 1, "}": -1}.get(brace[1], 0)
        if depth == 0:
            return opened, opened + brace.start()
    return ()


def _space(source: str, match):
    return "LAYOUT", " ", match.end()


def _frame(source: str, match):
    r"""\begin{…} and \end{…}; behind the first, where an aligned block hangs ([t])."""
    side, name = re.match(r"\\(begin|end)\s*\{\s*([A-Za-z]+\*?)", match[0]).groups()
    end = match.end()
    if name in words.ALIGNING | words.STACKING:
        position = _POSITION.match(source, end) if side == "begin" else None
        end = position.end() if position else end
    elif name not in words.MATRICES:
        raise ReadError(
            f"the environment {name} is not read: matrices are bmatrix or pmatrix, formulas on "
            "several lines are aligned", source, match.start(), end,
        )  # fmt: skip
    return side.upper(), name, end


def _aside(source: str, match):
    name = match[0].partition("{")[0].strip().lstrip("\\")
    return "WIDE" if name in words.SPACING else "LAYOUT", match[0], match.end()


def _colour(source: str, match):
    colour = match[0].partition("{")[2].rstrip("}").strip().lower()
    if colour in words.INVISIBLE:
        raise ReadError(
            f"the colour {colour} hides what is read here: choose one that can be seen",
            source, match.start(), match.end(),
        )  # fmt: skip
    return "LAYOUT", match[0], match.end()


def _words(source: str, match):
    command, inside, one = _WORDS.match(source, match.start()).groups()
    text = inside if one is None else one
    if not text.strip():
        return "LAYOUT", match[0], match.end()
    if hidden := _HIDDEN.search(text):
        raise ReadError(
            rf"{hidden[0]} among words: a relation stands outside of \{command}, to be read",
            source, match.start(), match.end(),
        )  # fmt: skip
    if text.strip() in {".", ",", ";"}:
        return "STOP", text.strip(), match.end()
    return "TEXT", rf"\{command}{{{text}}}", match.end()


def _styled(source: str, match):
    name = _one_letter(match[0])
    if name is None:
        command = re.match(r"\\[A-Za-z]+", match[0])[0]
        raise ReadError(words.NOT_READ[command], source, match.start(), match.end())
    return "NAME", name, match.end()


def _one_letter(text: str) -> str | None:
    r"""The letter that this is, with its style: `\mathcal{E}` for `\mathcal E`."""
    text = text.strip()
    match = _STYLED.fullmatch(text)
    if match:
        style, inside, bare = match.groups()
        letter = _one_letter(inside if bare is None else bare)
        return letter and rf"\{style}{{{letter}}}"
    plain = re.fullmatch(r"[A-Za-z]+|[0-9]", text) or _is_name(text)
    return text if plain else None


def _is_name(command: str) -> bool:
    known = words.KIND, words.SAME, words.LAYOUT, words.WIDE, words.SIZES, words.NOT_READ
    return re.fullmatch(r"\\[A-Za-z]+", command) is not None and not any(
        command in table for table in known
    )


def _break(source: str, match):
    if source[match.end() : match.end() + 1] == "[":
        raise ReadError(
            r"behind \\ LaTeX takes [ for the beginning of a length: put a blank between them",
            source, match.start(), match.end() + 1,
        )  # fmt: skip
    return "_BREAK", r"\\", match.end()


def _command(source: str, match):
    text, end = words.SAME.get(match[0], match[0]), match.end()
    if text in words.LAYOUT:
        return "LAYOUT", text, end
    if text in words.WIDE:
        return "WIDE", text, end
    if text in words.SIZES:
        if not _DELIMITER.match(source, end):
            raise ReadError(f"{text} stands before a bracket, and nowhere else", source,
                            match.start(), end)  # fmt: skip
        return "SIZE", text, end
    if text in words.NOT_READ:
        raise ReadError(words.NOT_READ[text], source, match.start(), end)
    if text in words.KIND:
        return words.KIND[text], text, end
    if not text[1].isalpha():
        raise ReadError(f"{text} is no command of LaTeX's mathematics", source, match.start(), end)
    return "NAME", text, end


def _point(source: str, match):
    return "POINT", match[0], match.end()


def _primes(source: str, match):
    return "PRIMES", match[0], match.end()


def _digraph(source: str, match):
    message = f"{match[0]} is no LaTeX: {words.DIGRAPHS[match[0]]}"
    raise ReadError(message, source, match.start(), match.end())


def _sign(source: str, match):
    text = match[0]
    if text in words.KIND:
        return words.KIND[text], text, match.end()
    if text.isascii() and text.isalpha():
        return "NAME", text, match.end()
    if text.isascii() and text.isdigit():
        return "DIGIT", text, match.end()
    raise ReadError(_foreign(text), source, match.start(), match.end())


def _foreign(sign: str) -> str:
    """What to say of a character that no formula has."""
    if sign in words.ASCII:
        return f"{sign} in a formula: {words.ASCII[sign]}"
    name = unicodedata.name(sign, f"U+{ord(sign):04X}")
    if sign in words.UNICODE:
        return f"{sign} ({name.lower()}) is no LaTeX: type {words.UNICODE[sign]}"
    if greek := _GREEK.fullmatch(name):
        letter = greek[2].lower().replace("lamda", "lambda")
        letter = letter.capitalize() if greek[1] == "CAPITAL " else letter
        command = letter if len(letter) == 1 else rf"\{letter}"
        return f"{sign} ({name.lower()}) is no LaTeX: type {command}"
    if not sign.isprintable() or sign.isspace():
        return f"an invisible character ({name.lower()}) stands here: delete it"
    return f"{sign} ({name.lower()}) is no LaTeX that can be read here"


_RULES = {
    "space": _space, "frame": _frame, "aside": _aside, "colour": _colour, "words": _words,
    "styled": _styled, "break": _break, "command": _command, "point": _point, "primes": _primes,
    "digraph": _digraph, "sign": _sign,
}  # fmt: skip
