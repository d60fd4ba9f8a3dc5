"""Phases, rights, deadlines and the guarantee that no signal disappears: pure decisions on plain values."""
