"""What the system watches for by itself: what is due or late, and what asks for a second look."""
