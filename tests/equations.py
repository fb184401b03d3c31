"""Equations typed by hand, in `tests/equations/*.md`: one window line, then T: and F: lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bpderiv.meaning.window import Window, read_window

FOLDER = Path(__file__).parent / "equations"


@dataclass(frozen=True)
class Typed:
    """An equation, whether it is true, and why not."""

    file: str
    line: int
    latex: str
    true: bool
    window: Window
    why: str = ""

    @property
    def name(self) -> str:
        """For pytest."""
        return f"{self.file}:{self.line}"


def typed(pattern: str = "*.md") -> list[Typed]:
    """All equations of the files whose names match."""
    found = []
    for path in sorted(FOLDER.glob(pattern)):
        window = None
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.startswith("**"):
                window = read_window(line)
            elif match := re.match(r"([TF]): (.*)", line):
                latex, _, why = match[2].partition("  %")
                found.append(
                    Typed(path.stem, number, latex.strip(), match[1] == "T", window, why.strip())
                )
    return found
