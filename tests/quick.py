"""All links of documents, judged by exact numbers alone: where only true claims are wanted.

That all judges agree on them is shown in `test_notes.py`; which mistakes the errata have, too.
"""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from bpderiv.judges import exact
from bpderiv.meaning.claims import Link
from bpderiv.verdict import LinkVerdict


def _judge_link(link: Link, source: str = "") -> LinkVerdict:
    latex = " ".join(source[slice(*link.span)].split()) or link.latex
    if not link.claims:
        return LinkVerdict(latex, None, judged=False, plain=link.plain)
    holds = all(x.problem is None and exact.judge(x).holds for x in link.claims)
    return LinkVerdict(latex, holds, plain=link.plain, claims=link.claims)


@contextmanager
def exact_alone():
    """Within it, `bpderiv.checking` asks no other judge and looks for no mistake."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bpderiv.checking.judge_link", _judge_link)
        patch.setattr("bpderiv.checking.diagnose", lambda claims: ())
        yield
