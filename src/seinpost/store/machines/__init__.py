"""Actions of machines: a key is made, let in, renewed and ended; what it hands in is filed."""
