"""Pin every dependency: `python tools/lock.py write` renews, `python tools/lock.py check` compares.

Two places hold the pins, and the check keeps them equal: `constraint-dependencies` in pyproject.toml (what `uv run`
obeys) and requirements.lock (with hashes, for `pip install --require-hashes`). Neither names a registry.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path("pyproject.toml")
LOCK = Path("requirements.lock")
START, END = "# --- pins: written by tools/lock.py ---\n", "# --- end of pins ---\n"
PIN = re.compile(r"^([A-Za-z0-9_.-]+==[^ ;\\\n]+(?: ; [^\\\n]*[^\\\s])?)", re.MULTILINE)


def pins(text: str) -> set[str]:
    """Read "name==version ; marker" pins from a lock or constraint text."""
    return set(PIN.findall(text))


def project_pins(text: str) -> set[str]:
    """Read the pins that stand in pyproject.toml between the two marks."""
    if START not in text:
        return set()
    block = text.split(START)[1].split(END)[0]
    return pins("\n".join(re.findall(r'^    "(.+)",$', block, re.MULTILINE)))


def without_pins(text: str) -> str:
    """Return pyproject.toml as if no pin had been written."""
    if START not in text:
        return text
    head, rest = text.split(START)
    return head + rest.split(END)[1]


def write() -> int:
    """Resolve anew and write both places."""
    bare = without_pins(PROJECT.read_text(encoding="utf-8"))
    PROJECT.write_text(bare, encoding="utf-8")
    command = ["uv", "pip", "compile", "pyproject.toml", "--group", "dev", "--group", "bench", "--all-extras"]
    command += ["--universal", "--generate-hashes", "--no-annotate", "--no-header", "--upgrade", "--quiet"]
    command += ["--output-file", str(LOCK)]
    subprocess.run(command, check=True)
    rows = "".join(f'    "{pin}",\n' for pin in sorted(pins(LOCK.read_text(encoding="utf-8"))))
    block = f"{START}constraint-dependencies = [\n{rows}]\n{END}"
    PROJECT.write_text(bare.replace("[tool.uv]\n", "[tool.uv]\n" + block, 1), encoding="utf-8")
    return check()


def check() -> int:
    """Tell every pin that differs between the two places; exit 1 if there is one."""
    locked, written = pins(LOCK.read_text(encoding="utf-8")), project_pins(PROJECT.read_text(encoding="utf-8"))
    faults = [f"{pin}: only in requirements.lock" for pin in sorted(locked - written)]
    faults += [f"{pin}: only in pyproject.toml" for pin in sorted(written - locked)]
    if "://" in LOCK.read_text(encoding="utf-8"):
        faults.append("requirements.lock names a host")
    print("\n".join(faults) if faults else f"lock: {len(locked)} pins, the same in both places")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(write() if sys.argv[1:] == ["write"] else check())
