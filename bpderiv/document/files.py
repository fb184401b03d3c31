"""Files and folders → the Markdown in them; for notebooks, with the lines where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from json.decoder import scanstring
from json.scanner import py_make_scanner
from pathlib import Path

from bpderiv.document.place import Part
from bpderiv.reading.errors import ReadError

MARKDOWN = {".md", ".markdown"}
NOTEBOOK = ".ipynb"


def find_files(paths: list[str]) -> list[Path]:
    """Markdown files and notebooks in the given files and folders, in order, each once.

    Errors
    ------
    FileNotFoundError
        for a path that does not exist, or a folder without such files.
    """
    found: dict[Path, Path] = {}
    for text in paths:
        for path in _files_at(text):
            found.setdefault(path.resolve(), path)
    return list(found.values())


def _files_at(text: str) -> list[Path]:
    path = Path(text)
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if _is_ours(p) and not _is_hidden(p, path))
        if not files:
            raise FileNotFoundError(f"{text}: no Markdown file and no notebook in this folder")
        return files
    if not path.exists():
        raise FileNotFoundError(f"{text}: there is no such file or folder")
    if not _is_ours(path):
        raise FileNotFoundError(f"{text}: expected a Markdown file (.md) or a notebook (.ipynb)")
    return [path]


def _is_ours(path: Path) -> bool:
    return path.suffix.lower() in {*MARKDOWN, NOTEBOOK} and path.is_file()


def _is_hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def texts_of(path: Path) -> list[Part]:
    """The Markdown of a file: one text, or the Markdown cells of a notebook with their numbers.

    Errors
    ------
    ReadError
        for a file that is no text, or a notebook that is no JSON.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}") from None
    if "\0" in text:
        raise ReadError(f"{path} cannot be read: it is not a text in UTF-8")
    if path.suffix.lower() == NOTEBOOK:
        return _cells(text, path)
    return [Part(None, _one_line_end(text))]


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _cells(text: str, path: Path) -> list[Part]:
    try:
        cells = _Placing(text).decode(text)["cells"]
        return [
            _part(number, cell["source"])
            for number, cell in enumerate(cells, 1)
            if cell["cell_type"] == "markdown"
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ReadError(f"{path} is not a notebook: expected JSON with cells") from None


def _part(number: int, source) -> Part:
    """The Markdown of a cell: a list of lines, or one string with all of them."""
    strings = [source] if isinstance(source, str) else source
    if not all(isinstance(string, _Placed) for string in strings):
        raise TypeError("the source of a cell is text")
    return Part(number, _one_line_end("".join(strings)), tuple(_starts(strings)))


def _starts(strings: list[_Placed]) -> Iterator[int]:
    """For each line of a cell, where the string that it begins in stands in the file."""
    begins = True
    for string in filter(None, strings):
        *whole, rest = _one_line_end(string).split("\n")
        yield from [string.line] * (len(whole) + bool(rest) - (not begins))
        begins = not rest


class _Placed(str):
    """A string of a JSON text that knows in which line it stands."""

    line: int


class _Placing(json.JSONDecoder):
    """Reads JSON; every string in it but the keys is `_Placed`."""

    def __init__(self, text: str):
        """Lines are counted on the way through the text."""
        super().__init__()
        self._text, self._seen, self._line = text, 0, 1
        self.parse_string = self._string
        self.scan_once = py_make_scanner(self)

    def _string(self, text: str, end: int, strict: bool) -> tuple[_Placed, int]:
        value, after = scanstring(text, end, strict)
        self._line += text.count("\n", self._seen, end)
        self._seen = end
        placed = _Placed(value)
        placed.line = self._line
        return placed, after
