"""How a solution text is read as claims and how each claim is held against the trace (the parts of `prove.ground`)."""
