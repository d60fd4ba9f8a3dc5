"""Gate 4: the examples of a pack, run as tests.

Scanning and scoring are higher rooms, so they come in as functions; nothing here knows how they work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from seinpost.errors import Fault
from seinpost.packs.build import ReadPack
from seinpost.packs.pack import ExampleRegistration, Indicator
from seinpost.types import Context, Layer

Scan = Callable[[list[str]], list[list[tuple[str, Context]]]]
LayerOf = Callable[[list[str]], list[Layer]]

# A hit in one of these contexts does not count as found: the words around it say that it did not happen.
SET_ASIDE = frozenset(
    (Context.NEGATED, Context.TEMPLATE, Context.EXCLUDED_BY_OFFICER, Context.HYPOTHETICAL, Context.OTHER_MEANING)
)
TO_A_PERSON = frozenset((Layer.A, Layer.B, Layer.C))
_SHEET = "examples/registrations.yaml"


def check_examples(read: ReadPack, scan: Scan, layer_of: LayerOf) -> tuple[Fault, ...]:
    """Run every example of a pack and give a fault for each that does not do what it says.

    `scan` gives per text the (indicator code, context) of its hits; `layer_of` the layer of whole registrations.
    """
    return (*_sentences(read, scan), *_registrations(read, scan, layer_of))


def _sentences(read: ReadPack, scan: Scan) -> Iterator[Fault]:
    cases = [case for indicator in read.pack.indicators for case in _cases(indicator)]
    results = scan([sentence for *_, sentence in cases])
    for (code, kind, number, sentence), hits in zip(cases, results, strict=True):
        own = [context for hit, context in hits if hit == code]
        live = [context for context in own if context not in SET_ASIDE]
        place = read.place_of_indicator(code, "examples", kind, number)
        if kind == "hit" and not live:
            found = _names(own)
            yield Fault(place, f"is not found by {code}{f' ({found})' if found else ''}", sentence)
        if kind == "miss" and live:
            yield Fault(place, f"is found by {code} ({_names(live)})", sentence, "no hit, or one set aside")


def _cases(indicator: Indicator) -> Iterator[tuple[str, str, int, str]]:
    for kind, sentences in (("hit", indicator.examples_hit), ("miss", indicator.examples_miss)):
        for number, sentence in enumerate(sentences):
            yield indicator.code, kind, number, sentence


def _registrations(read: ReadPack, scan: Scan, layer_of: LayerOf) -> Iterator[Fault]:
    registrations = read.pack.registrations
    texts = [registration.text for registration in registrations]
    numbers = {part["id"]: number for number, part in enumerate(read.sheets[_SHEET].data)}
    for registration, layer, hits in zip(registrations, layer_of(texts), scan(texts), strict=True):
        if registration.signal == (layer in TO_A_PERSON):
            continue
        place = read.place(_SHEET, numbers[registration.id], "expect")
        yield Fault(place, f"{_expected(registration)}, but comes in layer {layer.name}", _found(hits))


def _expected(registration: ExampleRegistration) -> str:
    return "must reach a person" if registration.signal else "must not reach a person"


def _found(hits: list[tuple[str, Context]]) -> str:
    return ", ".join(sorted({f"{code} {context.name.lower()}" for code, context in hits})) or "no hits"


def _names(contexts: list[Context]) -> str:
    return ", ".join(sorted({context.name.lower() for context in contexts}))
