"""Verify a chain of events, link by link: from the database, or offline from an exported file. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """One event as it is stored."""

    service: str
    number: int
    body: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a chain does not hold, and how it shows."""

    service: str
    number: int
    problem: str
    what: str = ""  # the day of the view log

    def told(self, language: str) -> str:
        """The break in "nl" or "en"."""
        nl, en = PROBLEMS[self.problem]
        where = f"{self.service} {self.number}" + (f", {self.what}" if self.what else "")
        return f"{where}: {nl if language == 'nl' else en}"


PROBLEMS = {
    "gap": ("een nummer ontbreekt of staat dubbel", "a number is missing or stands twice"),
    "previous": ("sluit niet aan op de vorige", "does not follow from the one before"),
    "changed": ("de inhoud is veranderd", "its content was changed"),
    "columns": ("de kolommen zeggen iets anders dan de inhoud", "its columns say something else than its content"),
    "looks-changed": ("een regel van het inzagelog is veranderd", "a line of the view log was changed"),
    "looks-missing": ("van het inzagelog is iets weggehaald", "something was taken out of the view log"),
    "looks-added": ("in het inzagelog is iets bijgeschreven", "something was put into the view log afterwards"),
    "head": ("de keten eindigt niet waar zij zou moeten", "the chain does not end where it should"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ended when somebody looked; whoever keeps one can prove later that nothing before it changed."""

    service: str
    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.service}:{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found: how many events, where each chain ends, and every break."""

    checked: int
    heads: tuple[Head, ...]
    breaks: tuple[Break, ...]


def start_of(service: str) -> str:
    """What the first event of a chain follows from."""
    return hashlib.sha256(service.encode()).hexdigest()


def hash_of(service: str, number: int, previous: str, body: str) -> str:
    """The hash of one event: the same as the database's trigger makes."""
    covered = bytes.fromhex(previous) + f"{service}\n{number}\n{body}".encode()
    return hashlib.sha256(covered).hexdigest()


def verify(links: Iterable[Link], kept: Iterable[Head] = ()) -> Verdict:
    """Verify the chains of any number of services, each in the order of its numbers.

    `kept` are heads from elsewhere (the database's own, or noted earlier); each must lie on its chain.
    """
    ends: dict[str, Head] = {}
    wanted = {(head.service, head.number): head for head in kept}
    breaks: list[Break] = []
    checked = 0
    for link in links:
        checked += 1
        end = ends.get(link.service, Head(link.service, 0, start_of(link.service)))
        breaks += faults(link, end)
        ends[link.service] = Head(link.service, link.number, link.hash)
        head = wanted.pop((link.service, link.number), None)
        if head is not None and head.hash != link.hash:
            breaks.append(Break(link.service, link.number, "head"))
    breaks += [Break(head.service, head.number, "head") for head in wanted.values() if head.number]
    return Verdict(checked, tuple(ends.values()), tuple(breaks))


def faults(link: Link, end: Head) -> Iterator[Break]:
    """Every way in which one event does not hold."""
    if link.number != end.number + 1:
        yield Break(link.service, link.number, "gap")
    elif link.previous != end.hash:
        yield Break(link.service, link.number, "previous")
    if link.hash != hash_of(link.service, link.number, link.previous, link.body):
        yield Break(link.service, link.number, "changed")


def read_line(line: str) -> Link:
    """One line of an exported file; raises ValueError with what is wrong."""
    try:
        fields = json.loads(line)
        link = Link(**fields)
    except (ValueError, TypeError) as error:
        raise ValueError(f"not a line of an exported log: {error}") from None
    if not all(isinstance(value, str) for value in (link.service, link.body, link.previous, link.hash)):
        raise ValueError("service, body, previous and hash are texts")
    if type(link.number) is not int or len(link.previous) != 64 or len(link.hash) != 64:
        raise ValueError("number is a whole number, previous and hash have 64 signs")
    return link


def write_line(link: Link) -> str:
    """One line of an exported file."""
    fields = {"service": link.service, "number": link.number, "body": link.body}
    return json.dumps({**fields, "previous": link.previous, "hash": link.hash}, ensure_ascii=False)
