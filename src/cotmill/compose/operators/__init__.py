"""Ways of making a new program of old ones, one family per module."""
