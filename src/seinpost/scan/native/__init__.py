"""Machine code from plain Python functions: the scan's kernels, compiled in seconds and kept on disk."""
