"""Fixtures for every room; those of the database load Django only where a test asks for them."""

from hypothesis import HealthCheck, settings
from tests.database import db, instance, raw

# A busy machine must not fail a test: what is asked of a property is that it holds, not that it holds quickly.
settings.register_profile("seinpost", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("seinpost")

__all__ = ["db", "instance", "raw"]
