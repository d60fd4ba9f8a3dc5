"""Count the words of registration-like text into the pack: `python tools/make_frequency.py [write|check]`.

The scanner anchors a pattern at its rarest word; this table says which word is rare. Half of it is the training part of
the casebook, half the synthetic world: all our own text. It changes speed, never results. `check` exits 1 if the table
is not what data and casebook say now.
"""

from __future__ import annotations

import sys
from pathlib import Path

from seinpost.scan.text import fold_text
from seinpost.synth import frequency, lexicon_corpus

TABLE = Path(__file__).parent.parent / "src/seinpost/packs/nl/frequency.tsv"


def table() -> str:
    """The table: a word, a tab and its count per million on each line, commonest first."""
    counts = frequency(lexicon_corpus(), fold_text)
    return "".join(f"{word}\t{count}\n" for word, count in counts.items())


def main(argument: str) -> int:
    """Write the table or compare it with what is there."""
    made = table()
    if argument == "check":
        same = TABLE.exists() and TABLE.read_text(encoding="utf-8") == made
        print(f"{TABLE.name} is {'up to date' if same else 'out of date: run tools/make_frequency.py write'}")
        return 0 if same else 1
    TABLE.write_text(made, encoding="utf-8", newline="\n")
    print(f"{made.count(chr(10))} words in {TABLE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "write"))
