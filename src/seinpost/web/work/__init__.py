"""Pages for who coordinates the work: what lies with whom, and spreading what lies with nobody."""
