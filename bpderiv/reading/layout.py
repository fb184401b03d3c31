r"""What in LaTeX only concerns the looks: blanked before reading, character by character.

Blanks take the place of what is blanked, so every position in the text stays what it was.
This is the whole list of what the reader does not see.
"""

from __future__ import annotations

import re

#: Spacing, sizes of brackets, style: seen by the eye only.
LAYOUT = {
    *(r"\,", r"\;", r"\:", r"\!", r"\>", r"\ ", "~"),
    *(r"\quad", r"\qquad", r"\thinspace", r"\medspace", r"\thickspace", r"\enspace"),
    *(r"\left", r"\right", r"\middle"),
    *(rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")),
    *(r"\displaystyle", r"\textstyle", r"\limits", r"\nolimits", r"\nonumber", r"\notag"),
}
#: Environments that only line formulas up: their frame, & and line breaks are layout.
ALIGNED = {"align", "align*", "aligned", "equation", "equation*", "gather", "gather*", "gathered",
           "split", "multline", "multline*"}  # fmt: skip

_TOKEN = re.compile(
    r"\\(?:begin|end)\{(?P<env>[A-Za-z]*\*?)\}|\\(?:tag\*?|label)\{[^{}]*\}|\\\\|\\[A-Za-z]+|\\.|.",
    re.S,
)
#: After a line break in an aligned formula these go on with the formula before.
_GOES_ON = re.compile(r"[\s&]*(?:=|:=|\+|-|<|>|\\(?:equiv|approx|cdot|times|le|ge|odot|circ)\b)")


def blank(source: str) -> str:
    """The formula with its layout blanked, of the same length.

    A line break in an aligned formula stays where a new statement begins.
    """
    out, inside = [], []
    for match in _TOKEN.finditer(source):
        token, env = match[0], match["env"]
        if env is not None:
            opened = token.startswith(r"\begin")
            if opened:
                inside.append(env)
            elif inside and inside[-1] == env:
                inside.pop()
            keep = env not in ALIGNED
        elif token == r"\\" and _lines_up(inside):
            keep = _begins_a_statement(source[match.end() :])
        elif token == "&" and _lines_up(inside):
            keep = not inside
        else:
            keep = token not in LAYOUT and not token.startswith((r"\tag{", r"\tag*{", r"\label{"))
        out.append(token if keep else re.sub(r"[^\n]", " ", token))
    return _without_last_stop("".join(out))


def _lines_up(inside: list[str]) -> bool:
    """Whether the innermost environment is one of layout (or there is none)."""
    return not inside or inside[-1] in ALIGNED


def _begins_a_statement(rest: str) -> bool:
    ended = re.match(r"[\s&]*(\\end\{|$)", rest)
    return not ended and not _GOES_ON.match(rest)


def _without_last_stop(text: str) -> str:
    """Without the full stop or comma of the sentence around the formula."""
    match = re.search(r"[.,;]\s*$", text)
    if not match or text[: match.start()].rstrip().endswith("\\"):
        return text
    return text[: match.start()] + " " + text[match.start() + 1 :]
