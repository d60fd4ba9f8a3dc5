"""Bring the vendored front-end files from npm: `python tools/vendor.py write`, or `check` what stands there.

    uv run python tools/vendor.py write     # needs Node.js; installs exactly tools/frontend/package-lock.json
    uv run python tools/vendor.py check     # needs nothing: every file is the one the manifest names

The browser asks no other machine for anything, so all it needs lies in the package. Of the design tokens only the
families that our pages use are kept; the rest is copied byte for byte. The manifest records package, version, licence
and SHA-256 of each file.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "tools" / "frontend"
TARGET = ROOT / "src" / "seinpost" / "web" / "static" / "seinpost" / "vendor"
MANIFEST = TARGET / "manifest.json"
TOKENS = re.compile(r"^\s*--(voorbeeld|basis|utrecht)-")  # the others are for components that we do not use


@dataclass(frozen=True, slots=True)
class Vendored:
    """One file to copy: from a package, to a name of ours."""

    package: str
    path: str
    name: str


FILES = (
    Vendored("@utrecht/component-library-css", "dist/index.css", "utrecht.css"),
    Vendored("@utrecht/component-library-css", "LICENSE.md", "utrecht.LICENSE.md"),
    Vendored("@nl-design-system-unstable/voorbeeld-design-tokens", "dist/theme.css", "tokens.css"),
    Vendored("@nl-design-system-unstable/voorbeeld-design-tokens", "LICENSE.md", "tokens.LICENSE.md"),
    Vendored("@fontsource-variable/source-sans-3", "files/source-sans-3-latin-wght-normal.woff2", "sans.woff2"),
    Vendored("@fontsource-variable/source-sans-3", "files/source-sans-3-latin-ext-wght-normal.woff2", "sans-ext.woff2"),
    Vendored("@fontsource-variable/source-sans-3", "files/source-sans-3-latin-wght-italic.woff2", "sans-italic.woff2"),
    Vendored("@fontsource-variable/source-sans-3", "LICENSE", "sans.LICENSE"),
    Vendored("htmx.org", "dist/htmx.min.js", "htmx.js"),
    Vendored("htmx.org", "LICENSE", "htmx.LICENSE"),
)


def keep_tokens(css: str) -> str:
    """Leave out the tokens of families that no page uses."""
    lines = [line for line in css.splitlines() if not line.lstrip().startswith("--") or TOKENS.match(line)]
    return "\n".join(lines) + "\n"


def content(file: Vendored) -> bytes:
    """Read one file from the installed packages, as it is to be shipped."""
    data = (SOURCE / "node_modules" / file.package / file.path).read_bytes()
    return keep_tokens(data.decode()).encode() if file.name == "tokens.css" else data


def describe(file: Vendored, data: bytes) -> dict[str, str]:
    """Give the manifest's entry of one file."""
    package = json.loads((SOURCE / "node_modules" / file.package / "package.json").read_text())
    return {
        "package": file.package,
        "version": package["version"],
        "licence": package["license"],
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def write() -> int:
    """Install exactly what the lock names and copy it."""
    subprocess.run(["npm", "ci", "--silent"], cwd=SOURCE, check=True)
    TARGET.mkdir(parents=True, exist_ok=True)
    manifest = {}
    for file in FILES:
        data = content(file)
        (TARGET / file.name).write_bytes(data)
        manifest[file.name] = describe(file, data)
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n")
    print(f"{len(FILES)} files written to {TARGET.relative_to(ROOT)}")
    return 0


def check() -> int:
    """Compare the files with the manifest; nothing may be there that it does not name."""
    manifest: dict[str, dict[str, str]] = json.loads(MANIFEST.read_text())
    faults = [f"{name}: not in the manifest" for name in names() - set(manifest)]
    for name, entry in manifest.items():
        path = TARGET / name
        if not path.is_file():
            faults.append(f"{name}: missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            faults.append(f"{name}: not the file of {entry['package']} {entry['version']}")
    for fault in sorted(faults):
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def names() -> set[str]:
    """Names of the files that stand in the folder."""
    return {path.name for path in TARGET.iterdir() if path != MANIFEST}


if __name__ == "__main__":
    sys.exit({"write": write, "check": check}[sys.argv[1]]())
