"""Wiring only: settings, addresses, the web server, and PostgreSQL by itself."""
