"""What a program's inputs look like: shapes that are learned from observed values and draw new ones."""
