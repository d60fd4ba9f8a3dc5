"""Find the patterns of a pack in texts: exact spans, with the context of every hit."""
