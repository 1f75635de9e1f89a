"""Whether a model's problem asks what the program works out: every input is told, the answer and the code are not."""
