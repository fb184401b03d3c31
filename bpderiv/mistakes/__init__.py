"""Mistakes that people make, as rewritings of a tree: to name them, and to plant them in tests."""
