"""Machine code from plain Python functions over int64: the scan's kernels, compiled in seconds and kept on disk."""
