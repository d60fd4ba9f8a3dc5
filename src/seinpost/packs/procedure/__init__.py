"""Read, check and freeze the procedure of a pack: moves, deadlines, enrichment, criteria, reasons, sentences."""
