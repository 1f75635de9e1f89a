"""Where work runs and who answers; knows nothing of Cotmill's records."""
