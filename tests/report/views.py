"""A few signals for the tests of the reports, hostile text among them."""

from __future__ import annotations

from seinpost.report.view import Bar, LedgerView, Mark, SignalView

HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)> \x1b[31m\x00 \u202egnirts &amp; paspoort afgepakt"
NAMES = {
    "indicator": {"DOC-01": ("Paspoort ingenomen", "Passport taken"), "SCH-02": ("Loon niet betaald", "Wages unpaid")},
    "form": {"ARB": ("arbeidsuitbuiting", "labour exploitation")},
    "dimension": {"CD": ("dwang ter plaatse", "coercion at destination")},
    "element": {"dwangmiddel": ("dwangmiddel", "means of coercion")},
    "context": {"negated": ("ontkend in de tekst", "negated")},
    "cause": {"C1": ("Eén sterke aanwijzing is genoeg om te lezen.", "One strong indicator is enough to be read.")},
}
LEDGER = LedgerView(
    1234567, {"A": 1, "B": 0, "C": 1, "D": 3}, 1234560, 2, ("dag<1>.parquet",), "nl", "1", "ab" * 32, "nu"
)


def signal(
    text: str = "Haar paspoort afgepakt. Geen loon ingehouden.",
    marks: tuple[Mark, ...] = (
        Mark(5, 22, "evidence", "DOC-01", "affirmed"),
        Mark(29, 44, "counter", "SCH-02", "negated"),
        Mark(0, 23, "likeness", "ARB-0002", ""),
    ),
    **changes: object,
) -> SignalView:
    """One signal, with changes."""
    values: dict[str, object] = {
        "registration_id": "R-1",
        "rank": 1,
        "layer": "C",
        "score": 5.5,
        "cause": "C1",
        "reason_nl": "Gevonden: iemand anders houdt het paspoort.",
        "reason_en": "Found: someone else holds the passport.",
        "forms": ("ARB",),
        "indicators": ("DOC-01",),
        "dimensions": ("CD",),
        "positive_dimensions": ("CD",),
        "elements": ("dwangmiddel",),
        "minor": True,
        "already_known": True,
        "resembles": "ARB-0002",
        "resemblance": 0.75,
        "text": text,
        "marks": marks,
        "bars": (
            Bar("DOC-01", "indicator", 4.0, "paspoort afgepakt", "Iemand houdt het paspoort.", "Someone holds it."),
            Bar("SCH-02", "indicator", 2.0, "loon ingehouden", "Loon ingehouden.", "Wages kept."),
            Bar("SCH-02", "counter", -2.0, "loon ingehouden", "De tekst zegt van niet.", "The text says not."),
            Bar("AFH-06", "indicator", 0.0, "17", "Er is een minderjarige bij.", "A minor is involved."),
            Bar("RESEMBLANCE", "resemblance", 1.5, None, "Een zin lijkt.", "A sentence resembles."),
        ),
        **changes,
    }
    return SignalView(**values)  # type: ignore[arg-type]


def hostile() -> SignalView:
    """A signal whose every string attacks the page."""
    bad = Bar(HOSTILE, "indicator", 1.0, HOSTILE, HOSTILE, HOSTILE)
    at = HOSTILE.index("paspoort")
    return signal(
        HOSTILE,
        (Mark(at, at + 17, "evidence", "<b>", "affirmed"), Mark(0, 8, "counter", '"x', "negated")),
        registration_id=HOSTILE,
        reason_nl=HOSTILE,
        reason_en=HOSTILE,
        cause=HOSTILE,
        forms=(HOSTILE,),
        indicators=(HOSTILE,),
        resembles=HOSTILE,
        bars=(bad,),
    )
