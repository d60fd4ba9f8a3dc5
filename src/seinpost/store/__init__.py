"""Rows, actions, queries and the two logs, on PostgreSQL."""
