"""Draw the README's picture from real output: `python tools/picture.py DEMO.txt docs/images/demo.svg`.

Run the demo in a terminal of 100 columns with its colours kept, for example
`COLUMNS=100 FORCE_COLOR=1 uv run seinpost demo > DEMO.txt 2>&1`. The picture names no font to fetch.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

COLUMNS = 100
MOST_LINES = 46


def draw(output: str) -> str:
    """Make an SVG of terminal output, cut to its first lines."""
    lines = output.splitlines()[:MOST_LINES]
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi("\n".join(lines)))
    svg = console.export_svg(title="seinpost demo")
    return re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)


def main() -> None:
    """Read the output, write the picture."""
    source, target = map(Path, sys.argv[1:3])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(draw(source.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
