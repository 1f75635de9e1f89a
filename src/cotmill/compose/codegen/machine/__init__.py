"""Which token may follow in a skeleton: what is bound, which kinds of values fit, what is still to be read."""
