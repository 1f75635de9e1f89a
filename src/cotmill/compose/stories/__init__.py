"""Word problems: straight-line arithmetic on named quantities, whose names say what may be added to what."""
