"""The logs as those who watch over the work read them: what they ask for, and each line in words."""
