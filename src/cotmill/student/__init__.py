"""Students: training on what was proven, and measurement."""
