"""A synthetic world of registrations with known truth, for demo, tests and benchmarks.

No evidence of field accuracy: docs/reference/synthetic-world.md says what it can and cannot show.
"""

from seinpost.synth.corpus import frequency, lexicon_corpus
from seinpost.synth.files import write
from seinpost.synth.world import BASE_RATE, BATCH_ROWS, NEAR_MISS_RATE, SCHEMA, Rates, World, generate

__all__ = [
    "BASE_RATE",
    "BATCH_ROWS",
    "NEAR_MISS_RATE",
    "SCHEMA",
    "Rates",
    "World",
    "frequency",
    "generate",
    "lexicon_corpus",
    "write",
]
