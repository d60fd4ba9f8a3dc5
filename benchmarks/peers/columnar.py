"""Peers that take a whole column of texts at once. They give less: see `lacks`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from peers import Found, Peer

MANY, SOME = 50_000, 20_000


def polars_find(terms: Sequence[str]) -> Peer:
    """polars `str.find_many`: where in a text any term begins."""
    return _polars(terms, "find_many", "which term, the end, whole words, accents; proximities, contexts")


def polars_extract(terms: Sequence[str]) -> Peer:
    """polars `str.extract_many`: what was found."""
    return _polars(terms, "extract_many", "where, whole words, accents; proximities, contexts")


def _polars(terms: Sequence[str], method: str, lacks: str) -> Peer:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # polars reads it when it is first imported
    import polars as library

    if library.thread_pool_size() != 1:
        raise RuntimeError("polars was imported before with more than one thread")

    def job(texts: pa.Array) -> Any:
        series = library.Series(library.from_arrow(texts))
        return getattr(series.str, method)(list(terms), ascii_case_insensitive=True, overlapping=True)

    def found(texts: pa.Array) -> set[Found]:
        return {(row,) for row, some in enumerate((job(texts).list.len() > 0).to_list()) if some}

    return Peer(f"polars {method}", "polars", lacks, MANY, job, found)


def tantivy(terms: Sequence[str]) -> Peer:
    """tantivy: index the batch in memory, then ask for every term."""
    import tantivy as library

    builder = library.SchemaBuilder()
    builder.add_text_field("text", stored=False)
    builder.add_unsigned_field("row", stored=True)
    schema = builder.build()

    def job(texts: pa.Array) -> tuple[Any, list[Any]]:
        index = library.Index(schema)
        writer = index.writer(heap_size=512 << 20, num_threads=1)
        for row, text in enumerate(texts.to_pylist()):
            writer.add_document(library.Document(text=text, row=row))
        writer.commit()
        index.reload()
        searcher = index.searcher()
        queries = (index.parse_query(f'"{term}"', ["text"]) for term in terms)
        return searcher, [hit for query in queries for hit in searcher.search(query, limit=len(texts)).hits]

    def found(texts: pa.Array) -> set[Found]:
        searcher, hits = job(texts)
        return {(int(searcher.doc(address)["row"][0]),) for _, address in hits}

    return Peer("tantivy (index, then ask)", "tantivy", "spans, accents; proximities, contexts", SOME, job, found)


def duckdb(terms: Sequence[str]) -> Peer:
    """DuckDB: split the texts into words and join them with the terms."""
    import duckdb as library

    connection = library.connect()
    connection.execute("SET threads = 1")
    wanted = pa.table({"word": [term for term in terms if " " not in term]})
    connection.register("wanted", wanted)
    query = (
        "SELECT DISTINCT row, word FROM (SELECT row, unnest(regexp_split_to_array("
        r"strip_accents(lower(text)), '[^\p{L}\p{N}_]+')) AS word FROM texts) JOIN wanted USING (word)"
    )

    def job(texts: pa.Array) -> Any:
        connection.register("texts", pa.table({"row": pa.array(range(len(texts)), pa.int64()), "text": texts}))
        return connection.execute(query).fetchall()

    def found(texts: pa.Array) -> set[Found]:
        return {(row,) for row, _ in job(texts)}

    lacks = "spans, phrases; proximities, contexts"
    return Peer("DuckDB (split, unnest, join)", "duckdb", lacks, SOME, job, found)


BUILDERS = (polars_find, polars_extract, tantivy, duckdb)
