"""Exercises with diagnosis: check an answer, ask for a hint, see the solution, see how far one is.

>>> from bpderiv.exercises import check
>>> check("4.1", r"e_{k,b} \\varphi_k'(v_{k,b})").right
True
"""

from bpderiv.exercises.desk import check, hint, progress, solution
from bpderiv.exercises.symbols import symbols

__all__ = ["check", "hint", "progress", "solution", "symbols"]
