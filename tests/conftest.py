"""Fixtures for every room; those of the database load Django only where a test asks for them."""

from tests.database import db, instance, raw

__all__ = ["db", "instance", "raw"]
