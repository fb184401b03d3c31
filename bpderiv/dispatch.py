"""One rule for each kind of node: a method that chooses by the type of its first argument.

The same as `functools.singledispatchmethod`, without inheritance and several times as fast: the
judges walk trees a million times.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import get_type_hints


def by_type(default: Callable) -> Callable:
    """A method whose rules are registered by type; the decorated one is the rule for the rest.

    A plain function, not an object with `__get__`: Python calls methods quickest if they are that.
    `register` registers a rule, by the annotation of its first argument or by a type that is
    given; `table` has all rules.
    """
    table: dict[type, Callable] = {}

    @wraps(default)
    def call(self, node, *rest):
        return table.get(type(node), default)(self, node, *rest)

    def add(kind: type, rule: Callable) -> Callable:
        table[kind] = rule
        return rule

    def register(what):
        if isinstance(what, type):
            return lambda rule: add(what, rule)
        hints = get_type_hints(what)
        hints.pop("return", None)
        return add(next(iter(hints.values())), what)

    call.table, call.register = table, register
    return call
