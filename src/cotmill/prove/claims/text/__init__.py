"""Reading: a solution text as statements, before anything is checked."""
