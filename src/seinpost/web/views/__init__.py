"""One function per address: who asks, what the store says, which page."""
