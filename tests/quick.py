"""All links of documents, judged by exact numbers alone: where only true claims are wanted.

That all judges agree on them is shown in `test_notes.py`; which mistakes the errata have, too.
"""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from bpderiv.judges import exact
from bpderiv.meaning.claims import Claim
from bpderiv.verdict import LinkVerdict


def _by_exact_numbers(claim: Claim) -> LinkVerdict:
    return LinkVerdict("", exact.holds(claim))


@contextmanager
def exact_alone():
    """Within it, `bpderiv.checking` asks no other judge and looks for no mistake."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bpderiv.verdict.judge_claim", _by_exact_numbers)
        patch.setattr("bpderiv.checking.diagnose", lambda claims: ())
        yield
