"""Peers that search one text at a time from Python. Each builder raises ImportError when its package is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from peers import Peer
from peers.folding import Match, per_document, whole_words

SOME, FEW, LEAST = 10_000, 1_000, 30
Find = Callable[[str], Iterable[Match]]


def _peer(
    name: str, package: str, find: Find, *, lacks: str = "", count: int = SOME, raw: Callable[[str], object]
) -> Peer:
    job = per_document(find)

    def bare(folded: list[str]) -> None:
        for text in folded:
            raw(text)

    lacking = f"{lacks}; proximities, contexts" if lacks else "proximities, contexts"
    return Peer(name, package, lacking, count, job, lambda texts: set(job(texts)), bare)


def hyperscan(terms: Sequence[str]) -> Peer:
    """Hyperscan with a Python callback per match."""
    import hyperscan as hs

    database = hs.Database(mode=hs.HS_MODE_BLOCK)
    count = len(terms)
    expressions = [re.escape(term).encode() for term in terms]
    flags = [hs.HS_FLAG_SOM_LEFTMOST] * count
    database.compile(expressions=expressions, ids=list(range(count)), elements=count, flags=flags)

    def find(folded: str) -> list[Match]:
        data = folded.encode()
        found: list[Match] = []
        database.scan(data, match_event_handler=lambda term, start, end, *_: found.append((term, start, end)))
        if found and len(data) != len(folded):
            found = [(term, len(data[:start].decode()), len(data[:end].decode())) for term, start, end in found]
        return whole_words(folded, found)

    def raw(folded: str) -> None:
        database.scan(folded.encode(), match_event_handler=lambda *_: None)

    return _peer("hyperscan", "hyperscan", find, raw=raw)


def ahocorasick_rs(terms: Sequence[str]) -> Peer:
    """The Rust aho-corasick crate, as a DFA."""
    import ahocorasick_rs as library

    machine = library.AhoCorasick(list(terms), implementation=library.Implementation.DFA)

    def raw(folded: str) -> Any:
        return machine.find_matches_as_indexes(folded, overlapping=True)

    return _peer("ahocorasick_rs (DFA)", "ahocorasick-rs", lambda f: whole_words(f, raw(f)), raw=raw)


def daachorse(terms: Sequence[str]) -> Peer:
    """Double-array Aho-Corasick over characters."""
    import daachorse as library

    machine = library.CharwiseDoubleArrayAhoCorasick(list(terms))

    def find(folded: str) -> list[Match]:
        return whole_words(folded, ((term, start, end) for start, end, term in machine.find_overlapping(folded)))

    return _peer("daachorse (charwise)", "daachorse", find, raw=machine.find_overlapping)


def google_re2(terms: Sequence[str]) -> Peer:
    """RE2 as a set that says which terms occur, then `re` for where."""
    import re2

    options = re2.Options()
    options.max_mem = 4 << 30
    machine = re2.Set.SearchSet(options)
    for term in terms:
        machine.Add(rf"\b{re2.escape(term)}\b")
    machine.Compile()
    each = [re.compile(rf"(?<!\w){re.escape(term)}(?!\w)") for term in terms]

    def find(folded: str) -> list[Match]:
        there = machine.Match(folded) or ()
        return [(term, *match.span()) for term in there for match in each[term].finditer(folded)]

    return _peer("google-re2 (set, then re per hit)", "google-re2", find, raw=machine.Match)


def pyahocorasick(terms: Sequence[str]) -> Peer:
    """Aho-Corasick in C."""
    import ahocorasick as library

    machine = library.Automaton()
    for number, term in enumerate(terms):
        machine.add_word(term, (number, len(term)))
    machine.make_automaton()

    def find(folded: str) -> list[Match]:
        return whole_words(folded, ((term, last - size + 1, last + 1) for last, (term, size) in machine.iter(folded)))

    return _peer("pyahocorasick", "pyahocorasick", find, raw=lambda folded: list(machine.iter(folded)))


def flashtext2(terms: Sequence[str]) -> Peer:
    """A trie of words."""
    from flashtext2 import KeywordProcessor

    machine = KeywordProcessor(case_sensitive=True)
    for number, term in enumerate(terms):
        machine.add_keyword(term, str(number))

    def find(folded: str) -> list[Match]:
        return [(int(term), start, end) for term, start, end in machine.extract_keywords_with_span(folded)]

    lacks = "overlapping hits (longest only), the right end in some texts beyond ASCII (one character too far)"
    return _peer("flashtext2", "flashtext2", find, lacks=lacks, raw=machine.extract_keywords_with_span)


def spacy(terms: Sequence[str]) -> Peer:
    """The PhraseMatcher of an empty Dutch pipeline."""
    import spacy as library
    from spacy.matcher import PhraseMatcher

    pipeline = library.blank("nl")
    matcher = PhraseMatcher(pipeline.vocab)
    for number, term in enumerate(terms):
        matcher.add(str(number), [pipeline.make_doc(term)])
    names = pipeline.vocab.strings

    def find(folded: str) -> list[Match]:
        document = pipeline.make_doc(folded)
        spans = ((int(names[key]), document[start:end]) for key, start, end in matcher(document))
        return [(term, span.start_char, span.end_char) for term, span in spans]

    return _peer("spaCy PhraseMatcher", "spacy", find, count=FEW, raw=lambda text: matcher(pipeline.make_doc(text)))


def presidio(terms: Sequence[str]) -> Peer:
    """A Presidio recogniser with a deny list."""
    from presidio_analyzer import PatternRecognizer

    recogniser = PatternRecognizer(supported_entity="TERM", deny_list=list(terms), supported_language="nl")
    number = {term: place for place, term in enumerate(terms)}

    def search(folded: str) -> Any:
        return recogniser.analyze(folded, entities=["TERM"])

    def find(folded: str) -> list[Match]:
        return [(number[folded[hit.start : hit.end]], hit.start, hit.end) for hit in search(folded)]

    lacks = "overlapping hits"
    return _peer("Presidio deny list", "presidio-analyzer", find, lacks=lacks, count=LEAST, raw=search)


BUILDERS = (hyperscan, ahocorasick_rs, daachorse, google_re2, pyahocorasick, flashtext2, spacy, presidio)
