"""Two texts held against each other: two versions of one, or those of two signals."""
