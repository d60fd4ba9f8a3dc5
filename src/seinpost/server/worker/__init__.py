"""The process that does the timed work by itself, and its edge: the clock, the mail server, the watched folder."""
