"""Everything that changes a row: one function per change, one transaction each, its events in it."""
