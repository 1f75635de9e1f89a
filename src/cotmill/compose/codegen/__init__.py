"""The code generator: a language model learns the programs that held, and writes more of them (Caco, section 3.2)."""
