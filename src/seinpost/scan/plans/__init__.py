"""From patterns to what the kernels look up: plans around anchors, and the bits that say which to try."""
