"""From files to signals: read in bounded batches, scan, score, write, and prove that nothing was left out."""
