"""The declarations that hold where a text declares nothing itself: `notes/0_declarations.md`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from bpderiv.document.document import Document, read_document
from bpderiv.meaning.declarations import Declarations

NAME = "0_declarations.md"


def notes_folder():
    """The notes: inside the package if it was installed, beside it in a checkout."""
    inside = files("bpderiv").joinpath("notes")
    return inside if inside.is_dir() else Path(__file__).parents[2] / "notes"


@cache
def notes_document() -> Document:
    """The page of declarations, as read.

    Errors
    ------
    ReadError
        if the page has a mistake: nothing can be checked then.
    """
    document = read_document([(None, notes_folder().joinpath(NAME).read_text("utf-8"))], NAME)
    for unread in document.errors:
        raise unread.error
    return document


def notes_declarations() -> Declarations:
    """What the notes declare."""
    return notes_document().declarations
