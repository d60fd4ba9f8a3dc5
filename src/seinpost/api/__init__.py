"""The public HTTP API: machines hand in registrations with a key. Django views, pydantic for what comes in."""
