"""Who does which work: spreading signals over people."""
