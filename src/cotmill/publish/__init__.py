"""Stage 6: proven samples -> a data set."""
