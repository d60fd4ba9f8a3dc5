"""The strict order of signals: no two share a place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


def reading_order(signals: pa.Table) -> npt.NDArray[np.int64]:
    """Row numbers in the order worth reading: layer, score, distinct dimensions and indicators, id, source, row."""
    keys = pa.table(
        {
            "layer": signals["layer"],
            "score": signals["score"],
            "dimensions": pc.list_value_length(signals["dimensions"]),
            "indicators": pc.list_value_length(signals["indicators"]),
            "registration_id": signals["registration_id"],
            "source": signals["source"].cast(pa.string()),
            "row": signals["row"],
        }
    )
    down = ("score", "dimensions", "indicators")
    order = pc.sort_indices(
        keys, sort_keys=[(name, "descending" if name in down else "ascending") for name in keys.column_names]
    )
    return np.asarray(order.to_numpy(), dtype=np.int64)


def ranked(signals: pa.Table) -> pa.Table:
    """Sort signals by `reading_order` and fill `rank` from 1."""
    order = pa.array(reading_order(signals))
    rank = pa.array(np.arange(1, len(signals) + 1, dtype=np.int64))
    place = signals.schema.get_field_index("rank")
    return signals.take(order).set_column(place, signals.schema.field(place), rank)
