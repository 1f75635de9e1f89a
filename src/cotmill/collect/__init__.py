"""Stage 1: outside data -> Seed -> Program."""
