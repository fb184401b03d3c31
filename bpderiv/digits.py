"""Handwritten digits, shipped with the package: real data, small, and no network needed.

Optical Recognition of Handwritten Digits, by E. Alpaydin and C. Kaynak (UCI Machine Learning
Repository, 1998, doi:10.24432/C50P49), the test part; licence CC BY 4.0. `bpderiv/data/README.md`
tells more.

>>> train, held_out = digits()
>>> train.pixels.shape, held_out.pixels.shape
((1352, 64), (445, 64))
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from bpderiv.inputs import check_count

FILE = Path(__file__).parent / "data" / "digits.csv.gz"
COUNT, SIDE, BLACK = 1797, 8, 16


@dataclass(frozen=True)
class Images:
    """Some of the images, in the order of the file.

    `pixels` is B × 64, whole numbers from 0 (white) to 16 (black), row by row from the top left;
    `digit` says for each of the B images which digit was written, 0 to 9; `place` is where in the
    file it stands, counted from 0.
    """

    pixels: np.ndarray
    digit: np.ndarray
    place: np.ndarray

    def __len__(self) -> int:
        """How many."""
        return len(self.digit)


def digits(*, last: int | None = None) -> tuple[Images, Images]:
    """Images to learn from, and images that are held out to judge what was learned.

    Held out is every fourth image of each digit, in the order of the file: 445 images, and 1352
    are left. Nothing is drawn at random, so the parts are the same everywhere. The same 13 people
    wrote both parts. With `last`, the last so many images of the file are held out instead.

    Errors
    ------
    TypeError, ValueError
        if `last` is no whole number, or leaves nothing on one side.
    """
    pixels, digit = _file()
    out = np.zeros(COUNT, dtype=bool)
    if last is None:
        for one in range(10):
            out[np.flatnonzero(digit == one)[3::4]] = True
    else:
        check_count(last, "last", least=1)
        if last >= COUNT:
            raise ValueError(f"last is {last}: of {COUNT} images some must be left to learn from")
        out[COUNT - last :] = True
    place = np.arange(COUNT)
    parts = [Images(pixels[part], digit[part], place[part]) for part in (~out, out)]
    return parts[0], parts[1]


@lru_cache(maxsize=1)
def _file() -> tuple[np.ndarray, np.ndarray]:
    """All pixels and all digits."""
    with gzip.open(FILE, "rt", encoding="ascii") as lines:
        table = np.loadtxt(lines, delimiter=",", comments="#", dtype=np.int64)
    return table[:, :-1], table[:, -1]
