"""The workbench under load: what fills it, and who works at it."""
