"""PostgreSQL by itself: the programs, one instance per data folder, and its keeper."""
