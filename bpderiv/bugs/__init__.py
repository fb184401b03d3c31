"""Wrong backward passes: a bank of the mistakes that learners make, and a finder that names them.

A backward pass is six small steps, done layer by layer (`bpderiv.bugs.steps`). Each wrong pass of
the bank (`bpderiv.bugs.bank`) has one of them replaced, and is otherwise right. `find_bug` runs
somebody's own pass on random networks and says which of all these passes it is.
"""

from bpderiv.bugs.bank import BANK, Bug, bug
from bpderiv.bugs.finder import Finding, find_bug
from bpderiv.bugs.steps import STAGES, Trial, backward, descend, differ, fits

__all__ = [
    "BANK",
    "STAGES",
    "Bug",
    "Finding",
    "Trial",
    "backward",
    "bug",
    "descend",
    "differ",
    "find_bug",
    "fits",
]
