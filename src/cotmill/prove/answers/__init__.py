"""How the text of an answer is read, and how what is symbolic in it is compared."""
