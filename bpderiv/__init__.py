"""bpderiv: backpropagation, derived and machine-checked.

>>> from bpderiv import jacobian, prove, OUTPUT_WEIGHT
>>> print(prove(OUTPUT_WEIGHT))
E → e_k → y_k → v_k → w_{ba}^{k,j}
    proved for any sizes p, z, m: direct derivative − product = 0
"""

from bpderiv.checks.comparison import compare
from bpderiv.checks.gradients import compare_gradients
from bpderiv.checks.perturb import central_difference, complex_step
from bpderiv.checks.point import Point, random_point
from bpderiv.checks.roads import compare_jacobian
from bpderiv.definitions import NETWORK, Definitions, Layers
from bpderiv.directions import prove_along
from bpderiv.example import pencil
from bpderiv.jacobians import TABLE, jacobian
from bpderiv.network import Network
from bpderiv.proofs import (
    HIDDEN_NEURON,
    HIDDEN_WEIGHT,
    OUTPUT_WEIGHT,
    Chain,
    induction,
    prove,
)
from bpderiv.reading.errors import ReadError
from bpderiv.slips import as_written, both_sides, errata, judged_lines
from bpderiv.statements import local_gradient, matrix_at, weight_change
from bpderiv.verdict import check
from bpderiv.verdicts import verdicts

__version__ = "0.1.0"

__all__ = [
    "HIDDEN_NEURON",
    "HIDDEN_WEIGHT",
    "NETWORK",
    "OUTPUT_WEIGHT",
    "TABLE",
    "Chain",
    "Definitions",
    "Layers",
    "Network",
    "Point",
    "ReadError",
    "as_written",
    "both_sides",
    "central_difference",
    "check",
    "compare",
    "compare_gradients",
    "compare_jacobian",
    "complex_step",
    "errata",
    "induction",
    "jacobian",
    "judged_lines",
    "local_gradient",
    "matrix_at",
    "pencil",
    "prove",
    "prove_along",
    "random_point",
    "verdicts",
    "weight_change",
]
