"""Figures about the work, from plain rows: what registrations leave out, and whether the bar creeps up."""
