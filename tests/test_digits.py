"""The digits that come with the package: all there, as published, split as documented."""

import doctest
import gzip
import hashlib
import tomllib
from pathlib import Path

import numpy as np
import pytest

import bpderiv.digits as module
from bpderiv.digits import FILE, digits

#: How often each digit was written, as the source says.
WRITTEN = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
#: SHA-256 of the text before packing; a new zlib may pack it differently.
TEXT = "69984d7ae5ff799eda41cafcf41fb8888f4ff9939d9598d56b0b3dc1656fa5e0"
ROOT = Path(__file__).parent.parent


def both():
    train, held_out = digits()
    return np.concatenate([train.digit, held_out.digit]), [train, held_out]


def test_all_images_are_there():
    digit, parts = both()
    assert np.bincount(digit).tolist() == WRITTEN
    assert sorted(np.concatenate([part.place for part in parts])) == list(range(1797))
    for part in parts:
        assert part.pixels.shape == (len(part), 64) == (len(part.place), 64)
        assert part.pixels.min() == 0 and part.pixels.max() == 16


def test_the_file_is_the_one_that_was_published():
    assert hashlib.sha256(gzip.decompress(FILE.read_bytes())).hexdigest() == TEXT
    assert FILE.stat().st_size < 60_000


def test_every_fourth_image_of_each_digit_is_held_out():
    train, held_out = digits()
    assert (len(train), len(held_out)) == (1352, 445)
    for one in range(10):
        places = sorted([*train.place[train.digit == one], *held_out.place[held_out.digit == one]])
        assert held_out.place[held_out.digit == one].tolist() == places[3::4]


def test_no_image_is_in_both_parts():
    train, held_out = ({tuple(row) for row in part.pixels} for part in digits())
    assert train.isdisjoint(held_out), "not even a copy"


def test_an_image_is_a_digit_to_the_eye():
    train, _ = digits()
    first = train.pixels[0].reshape(8, 8)
    assert train.place[0] == train.digit[0] == 0
    assert first[2:6, 3:5].max() <= 11 < first[0].max(), "a ring around little"


def test_the_last_ones_can_be_held_out():
    train, held_out = digits(last=450)
    assert train.place.tolist() == list(range(1347))
    assert held_out.place.tolist() == list(range(1347, 1797))


@pytest.mark.parametrize(
    ("last", "kind"), [(0, ValueError), (1797, ValueError), (1.0, TypeError), (True, TypeError)]
)
def test_a_split_that_makes_no_sense_is_refused(last, kind):
    with pytest.raises(kind, match="last"):
        digits(last=last)


def test_what_is_changed_in_a_part_stays_there():
    train, _ = digits()
    train.pixels[:] = 0
    assert digits()[0].pixels.max() == 16


def test_licence_and_source_stand_beside_the_data():
    said = (FILE.parent / "README.md").read_text("utf-8")
    for words in ("CC BY 4.0", "E. Alpaydin and C. Kaynak", "10.24432/C50P49", "**Changes.**"):
        assert words in said
    assert "CC BY 4.0" in gzip.decompress(FILE.read_bytes()).decode("ascii").split("\n")[1]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["tool"]["setuptools"]["package-data"]["bpderiv"] == ["data/*"]


def test_the_example_in_the_docstring():
    found = doctest.testmod(module)
    assert (found.attempted, found.failed) == (2, 0)
