"""A service's own identity provider over OpenID Connect, believed only as far as it is checked."""
