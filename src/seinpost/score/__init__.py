"""Hits to contributions, score and layer, with the sentences that say why."""
