"""Rights that were proposed: what is asked, in words, and the answer of a second person."""
