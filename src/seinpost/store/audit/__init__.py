"""The proof that nothing in the log was changed, left out or put in between."""
