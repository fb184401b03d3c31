"""What users are told is stored, compared, and complete."""

import ast
from pathlib import Path

import messages
import pytest

import bpderiv

CODE = Path(bpderiv.__file__).parent
#: Calls that make a message.
MAKERS = {"ReadError", "fail", "IllTyped", "Unclear", "Undetermined", "Misplaced", "_error"}
#: Where those messages come from that `messages.py` has inputs for. (LaTeX that does not parse has
#: a table of its own, in test_reader_errors.py; paths and files are in test_cli.py.)
FOLDERS = ("meaning", "document")
#: Messages without an input here, each with the reason.
ELSEWHERE = {
    "is defined by way of itself": "a document's declarations: tests/test_documents.py",
}


def test_what_is_said_is_what_is_stored():
    assert messages.text() == messages.STORED.read_text(encoding="utf-8")


def spoken() -> list[tuple[str, int, str]]:
    """(file, line, longest fixed part) of every message in the code."""
    found = []
    for folder in FOLDERS:
        for path in sorted((CODE / folder).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and _name(node.func) in MAKERS and node.args:
                    part = _fixed(node.args[0])
                    if part:
                        found.append((path.name, node.lineno, part))
    return found


def _name(node) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def _fixed(node) -> str:
    """The longest part of a message that is always the same; "" if none is long enough."""
    parts = [part.value for part in ast.walk(node)
             if isinstance(part, ast.Constant) and isinstance(part.value, str)]  # fmt: skip
    longest = max(parts, key=len, default="")
    return longest.strip() if len(longest) > 8 else ""


def test_there_are_many():
    assert len(spoken()) >= 80


@pytest.mark.parametrize("file", sorted({file for file, _, _ in spoken()}))
def test_every_message_of_the_code_is_brought_out(file):
    stored = messages.STORED.read_text(encoding="utf-8")
    missing = [
        f"{name}:{line}: {part}"
        for name, line, part in spoken()
        if name == file and part not in stored and not any(x in part for x in ELSEWHERE)
    ]
    assert missing == []
