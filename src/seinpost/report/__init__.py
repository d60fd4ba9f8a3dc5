"""What people read: the HTML report and the terminal, from plain values and Arrow tables."""
