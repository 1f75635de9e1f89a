"""Stage 3: Program -> Execution and Trace, in a sandbox."""
