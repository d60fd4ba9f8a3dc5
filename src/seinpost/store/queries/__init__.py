"""Everything that is read from rows: what an actor may see, each look recorded in the same transaction."""
