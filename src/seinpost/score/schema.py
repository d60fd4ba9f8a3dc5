"""The Arrow schemas of the three result tables. docs/reference/score.md tells what every column means."""

from __future__ import annotations

import pyarrow as pa

from seinpost.packs.pack import Pack

CODED = pa.dictionary(pa.int32(), pa.string())
TEXTS = pa.list_(pa.string())


def column(name: str, kind: pa.DataType, meaning: str, nullable: bool = False) -> pa.Field:
    """One column with its meaning in the schema itself, so that every Parquet file explains itself."""
    return pa.field(name, kind, nullable=nullable, metadata={"meaning": meaning})


SIGNALS = pa.schema(
    [
        column("registration_id", pa.string(), "id as the source gave it"),
        column("rank", pa.int64(), "place in the strict order of the run, from 1; null: not ranked", nullable=True),
        column("layer", pa.string(), "A, B, C: to a person; D: for linking and control samples"),
        column("score", pa.float64(), "exact sum of the weights in contributions"),
        column("cause", pa.string(), "rule of docs/reference/score.md that made the layer, as C1"),
        column("forms", TEXTS, "likely forms of exploitation, likeliest first; empty: unknown"),
        column("indicators", TEXTS, "standing indicators, most telling first"),
        column("dimensions", TEXTS, "ILO dimensions with a standing indicator"),
        column("positive_dimensions", TEXTS, "ILO dimensions that are positive"),
        column("elements", TEXTS, "elements of art. 273f Sr that the standing indicators point at"),
        column("minor", pa.bool_(), "an affirmed hit says that a minor is concerned"),
        column("already_known", pa.bool_(), "a hit says that the matter is already in the chain"),
        column("resembles", pa.string(), "id of the known situation a sentence resembles", nullable=True),
        column("resemblance", pa.float32(), "how much, 0-1; null: the second eye did not speak", nullable=True),
        column("reason_nl", pa.string(), "one plain Dutch sentence that says why"),
        column("reason_en", pa.string(), "the same in English"),
        column("hits", pa.int32(), "number of rows of this registration in hits"),
        column("source", CODED, "input the registration came from"),
        column("row", pa.int64(), "row in that input, from 0"),
        column("pack_id", CODED, "rule pack"),
        column("pack_version", CODED, "version of the rule pack"),
    ]
)

HITS = pa.schema(
    [
        column("registration_id", pa.string(), "id as the source gave it"),
        column("indicator", CODED, "code of the indicator"),
        column("pattern", CODED, "id of the pattern"),
        column("start", pa.int32(), "first character in the original text, from 0"),
        column("end", pa.int32(), "character after the last"),
        column("context", CODED, "affirmed, negated, template, excluded_by_officer, hypothetical, ..."),
        column("quote", pa.string(), "the words themselves"),
        column("source", CODED, "input the registration came from"),
        column("row", pa.int64(), "row in that input, from 0"),
    ]
)

CONTRIBUTIONS = pa.schema(
    [
        column("registration_id", pa.string(), "id as the source gave it"),
        column("rule", CODED, "indicator code, ILO dimension, combination id or RESEMBLANCE"),
        column("kind", CODED, "indicator, minor, counter, dimension, combination or resemblance"),
        column("weight", pa.float64(), "what it adds; a whole number of 1/1024, so sums are exact in any order"),
        column("context", CODED, "context of the hit; null: no hit", nullable=True),
        column("start", pa.int32(), "first character of the words it rests on; null: none", nullable=True),
        column("end", pa.int32(), "character after the last", nullable=True),
        column("quote", pa.string(), "the words themselves", nullable=True),
        column("sentence", CODED, "key of the sentence"),
        column("sentence_nl", CODED, "what it says, in plain Dutch"),
        column("sentence_en", CODED, "what it says, in English"),
        column("source", CODED, "input the registration came from"),
        column("row", pa.int64(), "row in that input, from 0"),
    ]
)


def contributions_schema(encoder: bool) -> pa.Schema:
    """The schema of contributions; where a third reader may speak, it says so."""
    if not encoder:
        return CONTRIBUTIONS
    rule = column("rule", CODED, "indicator code, ILO dimension, combination id, RESEMBLANCE or ENCODER")
    kind = column("kind", CODED, "indicator, minor, counter, dimension, combination, resemblance or encoder")
    return CONTRIBUTIONS.set(1, rule).set(2, kind)


def stamped(schema: pa.Schema, pack: Pack) -> pa.Schema:
    """The schema with the pack that made the table in its metadata: id, version, digest, date."""
    return schema.with_metadata(
        {
            "seinpost.pack": pack.id,
            "seinpost.pack_version": pack.version,
            "seinpost.pack_digest": pack.digest,
            "seinpost.pack_dated": pack.dated.isoformat(),
        }
    )
