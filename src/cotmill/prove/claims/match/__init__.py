"""Holding statements against the run, in order."""
