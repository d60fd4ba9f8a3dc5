"""Seinpost finds hidden signals of human trafficking in Dutch registrations, and explains each one."""
