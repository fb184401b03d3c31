"""Right answers in sympy, typed by hand: what `symbols` gives goes in, an equal form comes out.

A whole column has no word in sympy: those exercises stand in `tests/forms` alone.
"""

from __future__ import annotations

from sympy import Derivative, Matrix, Rational, Sum, diag, symbols

#: For sums of one's own: any index will do.
R, S = symbols("r s", integer=True, positive=True)

SYMPY = {
    "0.3": [
        lambda x: x.w_ji[x.a, x.c],
        lambda x: Rational(1, 2) * (x.w_ji[x.a, x.c] * 2),
    ],
    "0.6": [
        lambda x: Sum(
            x.w_kj[x.b, x.a] * x.phi_j(Sum(x.w_ji[x.a, x.c] * x.y_i[x.c], (x.c, 1, x.p))),
            (x.a, 1, x.z),
        ),
        lambda x: Sum(
            x.phi_j(Sum(x.y_i[S] * x.w_ji[R, S], (S, 1, x.p))) * x.w_kj[x.b, R], (R, 1, x.z)
        ),
    ],
    "1.2": [
        lambda x: Sum(x.E_k[x.b], (x.b, 1, x.m)),
        lambda x: Sum(2 * x.E_k[R], (R, 1, x.m)) / 2,
    ],
    "1.4": [
        lambda x: x.w_kj[x.b, x.a] - x.eta * Derivative(x.E, x.w_kj[x.b, x.a]),
        lambda x: -(x.eta * Derivative(x.E, x.w_kj[x.b, x.a]) - x.w_kj[x.b, x.a]),
    ],
    "2.2": [lambda x: x.y_j[x.a], lambda x: (x.w_kj[x.b, x.a] * x.y_j[x.a]) / x.w_kj[x.b, x.a]],
    "2.3": [lambda x: x.e_k[x.b], lambda x: -(x.y_k[x.b] - x.d_k[x.b])],
    "2.8": [
        lambda x: Sum(Derivative(x.E, x.v_k[x.b]) * x.w_kj[x.b, x.a], (x.b, 1, x.m)),
        lambda x: Sum(x.w_kj[R, x.a] * Derivative(x.E, x.v_k[R]), (R, 1, x.m)),
    ],
    "3.2": [
        lambda x: Matrix([[-x.e_k[1], -x.e_k[2], -x.e_k[3], -x.e_k[4]]]),
        lambda x: -(Matrix([x.e_k[r] for r in range(1, 5)]).T),
    ],
    "3.4": [lambda x: Matrix([0, x.y_i[1], 0])],
    "3.5": [
        lambda x: -diag(*[x.phi_k.prime(x.v_k[r]) for r in range(1, 5)]),
        lambda x: diag(-1, -1, -1, -1) * diag(*[x.phi_k.prime(x.v_k[r]) for r in range(1, 5)]),
    ],
    "3.7": [
        lambda x: -x.phi_k.prime(x.v_k[x.b]) * x.y_j[x.a],
        lambda x: x.y_j[x.a] * (-1) * x.phi_k.prime(Sum(x.w_kj[x.b, R] * x.y_j[R], (R, 1, x.z))),
    ],
    "4.1": [
        lambda x: x.e_k[x.b] * x.phi_k.prime(x.v_k[x.b]),
        lambda x: -x.phi_k.prime(x.v_k[x.b]) * (-x.e_k[x.b]),
    ],
    "4.2": [
        lambda x: -x.e_k[x.b] * x.phi_k.prime(x.v_k[x.b]) * x.y_j[x.a],
        lambda x: -x.delta_k[x.b] * x.y_j[x.a],
    ],
    "4.3": [
        lambda x: x.eta * x.delta_k[x.b] * x.y_j[x.a],
        lambda x: x.eta * x.y_j[x.a] * (x.delta_k[x.b] + 1) - x.eta * x.y_j[x.a],
    ],
    "5.2": [
        lambda x: -Sum(x.delta_k[x.b] * x.w_kj[x.b, x.a], (x.b, 1, x.m)),
        lambda x: Sum(-x.w_kj[R, x.a] * x.delta_k[R], (R, 1, x.m)),
    ],
    "5.3": [
        lambda x: x.phi_j.prime(x.v_j[x.a]) * Sum(x.delta_k[x.b] * x.w_kj[x.b, x.a], (x.b, 1, x.m)),
        lambda x: Sum(x.delta_k[R] * x.w_kj[R, x.a] * x.phi_j.prime(x.v_j[x.a]), (R, 1, x.m)),
    ],
    "5.5": [lambda x: Matrix([0, x.phi_j.prime(x.v_j[2]), 0])],
    "5.8": [
        lambda x: (
            x.eta
            * x.phi_j.prime(x.v_j[x.a])
            * x.y_i[x.c]
            * Sum(x.delta_k[x.b] * x.w_kj[x.b, x.a], (x.b, 1, x.m))
        ),
    ],
    "6.2": [
        lambda x: (
            x.phi_i.prime(x.v_i[x.c])
            * Sum(
                x.w_ji[x.a, x.c]
                * x.phi_j.prime(x.v_j[x.a])
                * Sum(x.delta_k[x.b] * x.w_kj[x.b, x.a], (x.b, 1, x.m)),
                (x.a, 1, x.z),
            )
        ),
    ],
    "8.6": [lambda x: Matrix(4, 3, lambda r, c: x.w_kj[r + 1, c + 1])],
    "9.5": [
        lambda x: -x.eta * (x.delta_k[x.b] * x.y_j[x.a]) ** 2,
        lambda x: -x.delta_k[x.b] * x.y_j[x.a] * x.eta * x.delta_k[x.b] * x.y_j[x.a],
    ],
}
