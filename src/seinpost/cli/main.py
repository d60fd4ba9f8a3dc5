"""Where the command begins.

A plain `seinpost scan` is read here: what reads all other commands and faults (`seinpost.cli.app`) takes longer to
load than a small day takes to scan.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Any

from seinpost.cli.speech import speech
from seinpost.errors import SeinpostError

DEFAULTS: dict[str, Any] = {
    "id_column": None,
    "text_column": None,
    "source": None,
    "format": "jsonl",
    "pack": "nl",
    "no_semantic": False,
    "encoder": False,
    "resume": False,
    "overwrite": False,
    "threads": None,
    "report_limit": 1000,
    "json": False,
}
FLAGS = ("no_semantic", "encoder", "resume", "overwrite", "json")
NUMBERS = {"threads": range(1, 257), "report_limit": range(1_000_000_000)}


def plain_scan(arguments: list[str]) -> dict[str, Any] | None:
    """The parameters of a scan that is asked for without a fault or a rarity; None: let `app` read it.

    They are what `app` would make of it (tests/cli/test_plain.py compares).
    """
    if arguments[:1] != ["scan"]:
        return None
    asked: dict[str, Any] = {"inputs": [], "out": None, **DEFAULTS}
    rest = iter(arguments[1:])
    for argument in rest:
        name = argument.removeprefix("--").replace("-", "_")
        if not argument.startswith("-"):
            asked["inputs"].append(argument)
        elif not argument.startswith("--") or "_" in argument or name not in asked or name == "inputs":
            return None
        else:
            value = True if name in FLAGS else plain_value(name, next(rest, ""))
            if value is None:
                return None
            asked[name] = value
    return asked if asked["inputs"] and asked["out"] is not None else None


def plain_value(name: str, text: str) -> Any:
    """The value of an option; None where it is none that can be taken as it stands."""
    if not text or text.startswith("-"):
        return None
    if name in NUMBERS:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        return number if number in NUMBERS[name] else None
    return Path(text) if name == "out" else text


def main() -> None:
    """Run the command; a fault becomes one message and its documented exit code."""
    try:
        asked = plain_scan(sys.argv[1:])
        if asked is not None:
            from seinpost.cli.warm import warming

            warming.begin()
            gc.disable()  # what is loaded now stays; seinpost.cli.scan begins to collect what does not
            from seinpost.cli.scan import scan_as_asked

            scan_as_asked(**asked)
            sys.exit()
        else:
            from seinpost.cli.app import run

            run(sys.argv[1:])
    except SeinpostError as error:
        speech.say(f"seinpost: {error.told('nl')}", f"seinpost: {error.told('en')}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        speech.say("seinpost: onderbroken", "seinpost: interrupted")
        sys.exit(130)
    except BrokenPipeError:  # whoever read standard output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


if __name__ == "__main__":
    main()
