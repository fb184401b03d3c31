"""Comparisons: the same numbers by roads that share as little as possible."""
