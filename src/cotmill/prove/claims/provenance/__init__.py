"""Solutions written independently of the program: where every number comes from, and whether every identity holds."""
