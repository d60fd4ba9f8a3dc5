"""Commands of whoever sets a server up and keeps it."""
