"""Sentences of docs/reference/pattern-language.md with answers written by hand: both readers must give them."""

from __future__ import annotations

import pyarrow as pa
import pytest
from tests.scan import builder, reference

from seinpost.scan.scanner import Scanner
from seinpost.types import Context

CUES = {
    "negation_before": builder.patterns(["geen sprake van"]),
    "negation_bare": builder.patterns(["niet"]),
    "negation_after": builder.patterns(["ongegrond"]),
    "pseudo": builder.patterns(["zeker"]),
    "excluded_by_officer": builder.patterns(["akkoord"]),
    "template": builder.patterns(["training"]),
    "denied_by_person": builder.patterns(["ontkent"]),
}
PACK = builder.pack(
    [builder.patterns(["dwang", "x [a] ~3 [b] c", "x ~3 [a] [b] d"])],
    CUES,
    terminators=["maar"],
    abbreviations=["dhr"],
    scope=(6, 3, 6),
)
SCANNER = Scanner(PACK)


def contexts(text: str) -> list[Context]:
    """Contexts of the hits of one text, on which both readers must agree."""
    found = builder.rows(SCANNER, pa.array([text]))
    assert found == reference.scan(PACK, [text])
    return [Context(row[6]) for row in found]


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("er is niet w w dwang", Context.NEGATED),
        ("er is niet w w w dwang", Context.AFFIRMED),  # beyond the 3 tokens of a bare word
        ("geen sprake van w w w dwang", Context.NEGATED),
        ("geen sprake van w w w w dwang", Context.AFFIRMED),  # the cue does not lie wholly within 6 tokens
        ("niet maar dwang", Context.AFFIRMED),  # a terminator before
        ("niet, dwang", Context.AFFIRMED),  # a comma before
        ("dwang w w w w w ongegrond", Context.NEGATED),
        ("dwang w w w w w w ongegrond", Context.AFFIRMED),
        ("dwang maar ongegrond", Context.AFFIRMED),  # a terminator after
        ("dwang, ongegrond", Context.AFFIRMED),
        ("zeker w w niet dwang", Context.AFFIRMED),  # a pseudo cue 4 tokens before
        ("zeker w w w niet dwang", Context.NEGATED),  # 5 tokens before
        ("zeker maar niet dwang", Context.NEGATED),  # the range of the pseudo cue is cut too
        ("dwang. akkoord", Context.EXCLUDED_BY_OFFICER),
        ("dwang. ww. w. w. akkoord", Context.EXCLUDED_BY_OFFICER),  # a full stop after one letter ends no sentence
        ("dwang. ww. akkoord", Context.EXCLUDED_BY_OFFICER),
        ("dwang. ww. ww. akkoord", Context.AFFIRMED),
        ("akkoord! ww! dwang", Context.EXCLUDED_BY_OFFICER),
        ("akkoord! ww! ww! dwang", Context.AFFIRMED),
        ("training! ww! ww! dwang", Context.TEMPLATE),
        ("ww! training! ww! dwang", Context.AFFIRMED),
        ("dwang dhr. ontkent", Context.DENIED_BY_PERSON),
        ("dwang ww. ontkent", Context.AFFIRMED),
    ],
)
def test_contexts(text: str, context: Context) -> None:
    assert contexts(text) == [context]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("x w w w c", 1),  # the gap before the absent item goes to the next
        ("x w w w w c", 0),
        ("x a w w w b c", 1),
        ("x a w w w c", 1),
        ("x b c", 1),
        ("x w w w d", 1),  # the gap outlives two absent items
        ("x w w w b d", 1),
        ("x w a d", 1),
        ("x a w d", 1),  # `a` may be one of the tokens in the gap: the item is then absent
        ("x w w w a w d", 0),  # as an item `a` uses the gap up, and as a token it is one too many
        ("x w, w, w d", 1),  # a gap passes over commas
        ("x w w w a, d", 0),  # without a gap a comma parts
        ("x w. ww d", 1),  # one letter before the full stop
        ("x ww. ww d", 0),
    ],
)
def test_gaps_and_optional_items(text: str, hits: int) -> None:
    assert len(contexts(text)) == hits
