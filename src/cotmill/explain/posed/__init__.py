"""Whether a problem that a model wrote asks what the program works out: every input told, the answer and the code not."""
