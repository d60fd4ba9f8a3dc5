"""A process that uses the instance in a folder: says so, then waits for the end of its standard input."""

import sys
from pathlib import Path

from seinpost.server.instance.postgres import FAST, lease

if __name__ == "__main__":
    with lease(Path(sys.argv[1]), FAST) as used:
        print("using", used.url(), flush=True)
        sys.stdin.read()
