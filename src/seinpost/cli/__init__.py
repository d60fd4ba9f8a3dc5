"""The command `seinpost`: the outermost room, the only one that knows a terminal, a clock and the environment."""
