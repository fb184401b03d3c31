"""The notes, statement by statement: the verdict that mathematics gives each, by every judge."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bpderiv.checking import check_files, find_files
from bpderiv.document.notes import notes_document

ROOT = Path(__file__).parent.parent

#: id → for each link: "T" true, or the mistake that makes it false.
STATEMENTS = {
    "1.a": ["index of the sum"], "1.a.ok": "T", "1.b": "T", "1.c": "T",
    "2.I.chain": "T", "2.I.i": ["T", "layout"], "2.I.i.ok": "TT",
    "2.I.ii": "T", "2.I.ii.value": "T",
    "2.I.ii.entries": ["neighbouring index"], "2.I.ii.entries.ok": "T",
    "2.I.iii": "T", "2.I.iv": "T", "2.I.iv.size": ["wrong size"], "2.I.iv.size.ok": "T",
    "2.I.iv.row": ["wrong size"], "2.I.iv.row.ok": "T", "2.I.iv.jac": "T",
    "2.I.iv.jac.entry": "T", "2.I.sum": "T", "2.I.sum.scalar": "T",
    "2.I.delta": "T", "2.I.delta.value": "T", "2.I.update": "TT", "2.I.update.matrix": "T",
    "2.II.def": ["sign + y for v"], "2.II.def.ok": "T",
    "2.II.chain": "T", "2.II.chain.delta": "T",
    "2.II.row": ["sign + neighbouring index"], "2.II.row.ok": "T",
    "2.II.W": ["neighbouring index"], "2.II.W.ok": "T",
    "2.II.col": ["φ′ of the wrong layer"], "2.II.col.ok": "T",
    "2.II.sum": "T", "2.II.result": "T", "2.II.matrix": "T",
    "3.update": "T", "3.output": "T", "3.hidden": "T",
    "3.deeper": ["w missing + φ′ missing"], "3.deeper.ok": "T",
}  # fmt: skip
LINKS = [
    (id_ if len(links) == 1 else f"{id_}#{number}", said)
    for id_, links in STATEMENTS.items()
    for number, said in enumerate(links, 1)
]
#: The definitions: a closed list. A new one is a new assumption of the whole course.
DEFINITIONS = ["v_{k,b}", "y_{k,b}", "e_{k,b}", r"\mathcal{E}_{k,b}", r"\mathcal{E}",
               r"\delta_{k,b}", r"\Delta w_{ba}^{k,j}", "w_{ba}^{k,j}(n+1)"]  # fmt: skip


@cache
def rows():
    return check_files(find_files([str(ROOT / "notes"), str(ROOT / "notebooks")]))


@cache
def in_notes():
    return {row.id: row for row in rows() if row.id and "/notes/" in row.file}


def test_every_statement_stands_in_the_notes_and_no_other():
    assert set(in_notes()) == {id_ for id_, _ in LINKS}


@pytest.mark.parametrize(("id_", "said"), LINKS, ids=[id_ for id_, _ in LINKS])
def test_the_verdict_is_that_of_mathematics(id_, said, count):
    row = in_notes()[id_]
    assert row.error is None
    count("equations of the notes", 1)
    if said == "T":
        assert row.kind == "claim" and row.holds is True
        judges = row.verdict.judges
        assert judges["any width"] == "proved for any width"
        assert judges["exact"].startswith("exact on ")
        assert judges["explicit"].startswith("explicit matrices at ")
        assert judges["floating point"].startswith("floating point within 1e-10 on ")
    else:
        assert row.kind == "erratum" and row.holds is False
        assert said in [" + ".join(names) for names in row.verdict.mistake]
        assert row.verdict.counterexample or row.verdict.judges.keys() == {"types"}


def test_a_misread_index_is_ill_typed_and_not_unread():
    verdict = in_notes()["1.a"].verdict
    assert verdict.holds is False and "y(n) is a quantity" in verdict.judges["types"]


def test_all_is_well_in_notes_and_notebooks():
    assert [(row.file, row.line, row.error) for row in rows() if row.error] == []
    kinds = [row.kind for row in rows()]
    assert "unread" not in kinds
    assert kinds.count("claim") >= 86 and kinds.count("erratum") >= 20


def test_the_definitions_are_a_closed_list():
    statements = notes_document().definitions
    defined = [s.latex.partition(":=")[0] for s in statements if ":=" in s.latex]
    assert [text.replace("(n)", "").strip() for text in defined] == DEFINITIONS
