"""From LaTeX to a syntax tree and back. Nothing here knows what a letter means."""
