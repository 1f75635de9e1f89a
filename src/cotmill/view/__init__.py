"""Stage 8: look at a run: while it works, in the terminal, as a page."""
