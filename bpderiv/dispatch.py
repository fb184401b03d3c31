"""One rule for each kind of node: a method that chooses by the type of its first argument.

The same as `functools.singledispatchmethod`, without inheritance and several times as fast: the
judges walk trees a million times.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import get_type_hints


class by_type:  # noqa: N801 - a decorator
    """A method whose rules are registered by type; the decorated one is the rule for the rest."""

    def __init__(self, default: Callable):
        """`default` takes what has no rule of its own."""
        self.default = default
        self.table: dict[type, Callable] = {}
        self.__doc__ = default.__doc__

    def register(self, what):
        """Register a rule: by the annotation of its first argument, or by a type that is given."""
        if isinstance(what, type):
            return lambda rule: self._add(what, rule)
        hints = get_type_hints(what)
        hints.pop("return", None)
        return self._add(next(iter(hints.values())), what)

    def _add(self, kind: type, rule: Callable) -> Callable:
        self.table[kind] = rule
        return rule

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        table, default = self.table, self.default

        def call(node, *rest):
            return table.get(type(node), default)(instance, node, *rest)

        return call
