"""What people fill in: one form per verb, made from the procedure, that becomes one command."""
