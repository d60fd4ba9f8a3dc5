"""What changed between two texts: nothing is lost of either, and it is told where a reader looks for it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seinpost.report.distress import Fold
from seinpost.web.beside.changes import IN, MOST_SENTENCES, OUT, SAME, Folded, Tally, changed, changes, tally

NAMES = {"indicator": {"SEK-02": ("Betaalde seks", "Paid sex")}}
TEXT = st.text(st.sampled_from("ab .\n!é"), max_size=60)


def told(old: str, new: str) -> list[tuple[str, str]]:
    return [(one.kind, (old if one.kind == OUT else new)[slice(*(one.old if one.kind == OUT else one.new))])
            for one in changes(old, new)]  # fmt: skip


@given(TEXT, TEXT)
def test_both_texts_can_be_read_back_from_what_changed(old: str, new: str) -> None:
    found = changes(old, new)
    assert "".join(old[slice(*one.old)] for one in found) == old
    assert "".join(new[slice(*one.new)] for one in found) == new
    assert all(old[slice(*one.old)] == new[slice(*one.new)] for one in found if one.kind == SAME)
    assert all(one.old[0] == one.old[1] for one in found if one.kind == IN)
    assert all(one.new[0] == one.new[1] for one in found if one.kind == OUT)
    assert [one for one in found if one.kind != SAME] == [] if old == new else any(one.kind != SAME for one in found)


def test_one_word_that_was_corrected_is_the_only_one_told() -> None:
    old, new = "Hij heet Jan. De baas komt uit Breda. Einde.", "Hij heet Jan. De baas komt uit Tilburg. Einde."
    assert told(old, new) == [
        (SAME, "Hij heet Jan. "),
        (SAME, "De baas komt uit "),
        (OUT, "Breda"),
        (IN, "Tilburg"),
        (SAME, ". "),
        (SAME, "Einde."),
    ]
    assert tally(old, new, changes(old, new)) == Tally(1, 1, 1)


def test_a_scrap_between_two_changes_goes_with_them() -> None:
    old, new = "Zij zag de rode auto staan.", "Zij zag de groene bus staan."
    assert [one for one in told(old, new) if one[0] != SAME] == [(OUT, "rode auto"), (IN, "groene bus")]


def test_a_sentence_put_in_or_taken_out_is_told_whole() -> None:
    one, two = "Hij werkt lang. ", "Hij slaapt op de zaak. "
    assert told(one + "Einde.", one + two + "Einde.") == [(SAME, one), (IN, two), (SAME, "Einde.")]
    assert told(one + two + "Einde.", one + "Einde.") == [(SAME, one), (OUT, two), (SAME, "Einde.")]


def test_a_text_too_long_to_be_matched_keeps_its_start_and_end() -> None:
    middle = "".join(f"Zin {n}. " for n in range(MOST_SENTENCES + 10))
    other = "".join(f"Regel {n}. " for n in range(MOST_SENTENCES + 10))
    found = told("Begin. " + middle + "Einde.", "Begin. " + other + "Einde.")
    assert [kind for kind, _ in found] == [SAME, OUT, IN, SAME, SAME]
    assert (found[0][1], found[4][1]) == ("Begin. ", "Einde.")
    assert (found[1][1] + found[3][1], found[2][1] + found[3][1]) == (middle, other)


def test_what_is_folded_in_either_stays_folded_and_nothing_else_is() -> None:
    hard, again = "Zij moest dat doen.", "Zij moest dat toch doen."
    old, new = f"Begin. {hard} Einde.", f"Begin. {again} Einde."
    folds = [(Fold(7, 7 + len(text), ("SEK-02",)),) for text in (hard, again)]
    read, count = changed(Folded(old, folds[0]), Folded(new, folds[1]), NAMES, "nl")
    assert [(one.about, "".join(piece.text for piece in one.pieces)) for one in read] == [
        ("", "Begin. "),
        ("Betaalde seks", again),
        ("", " Einde."),
    ]
    assert count == Tally(1, 0, 1)
    one_side, _ = changed(Folded(old, folds[0]), Folded(new), NAMES, "en")
    assert [one.about for one in one_side] == ["", "Paid sex", "", "Paid sex", ""]
