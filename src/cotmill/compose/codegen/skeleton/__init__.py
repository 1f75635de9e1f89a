"""Programs <-> skeletons: the sequences of tokens that a small model reads and writes."""
