"""Documents: the formulas in Markdown and notebooks, and what is said about them."""
