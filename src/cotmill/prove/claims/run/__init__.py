"""The run that a text speaks of: the program, the trace by what can be asked of it, values of expressions."""
