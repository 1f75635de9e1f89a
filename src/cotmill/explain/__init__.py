"""From an execution and its trace to a problem in words and a chain of thought."""
