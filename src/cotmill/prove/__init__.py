"""Evidence: is the answer right, is every claim in the trace? A check that cannot run says no."""
