"""Stage 2: Programs -> new Programs, and new inputs for them."""
