"""The Dutch pack as it ships."""

from __future__ import annotations

import pytest

from seinpost.packs import find_pack, load_pack, read_pack
from seinpost.packs.lints import lint_pack
from seinpost.packs.pack import Pack
from seinpost.packs.parser import parse_pattern
from seinpost.packs.writing import write_pattern
from seinpost.types import Context, Form, Strength


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("nl")


def test_it_has_no_lint_errors() -> None:
    assert [str(f) for f in lint_pack(read_pack(find_pack("nl"))) if f.severity.value == "error"] == []


def test_it_holds_the_indicators_of_every_form(pack: Pack) -> None:
    assert len(pack.indicators) >= 111
    assert len(pack.patterns) >= 1_094
    assert {form for indicator in pack.indicators for form in indicator.forms} == set(Form)
    assert len(pack.registrations) >= 86


def test_every_pattern_reads_back_from_what_it_writes(pack: Pack) -> None:
    for rule in pack.patterns:
        again = parse_pattern(write_pattern(rule.pattern), {})
        assert len(again.left) == len(rule.pattern.left)
        for before, after in zip(rule.pattern.left, again.left, strict=True):
            assert (frozenset(before.runs), before.gap) == (frozenset(after.runs), after.gap)


def test_pattern_ids_are_unique_and_sorted(pack: Pack) -> None:
    ids = [rule.id for rule in pack.patterns]
    assert ids == sorted(set(ids))


def test_its_weights_say_the_ilo_rule_as_a_sum_of_five(pack: Pack) -> None:
    weight = pack.scoring.strength_weight
    strong, medium, weak = weight[Strength.STRONG], weight[Strength.MEDIUM], weight[Strength.WEAK]
    assert min(2 * strong, strong + weak, 3 * medium, 2 * medium + weak) >= 5
    assert max(strong, 2 * medium, medium + weak) < 5


def test_it_damps_a_denial_and_never_erases_it(pack: Pack) -> None:
    assert 0 < pack.scoring.context_factor[Context.DENIED_BY_PERSON] < 1


def test_it_has_a_cue_for_every_context_that_cues_make(pack: Pack) -> None:
    cues = pack.cues
    assert all((cues.negation_before, cues.negation_bare, cues.negation_after, cues.pseudo, cues.template))
    assert all((cues.excluded_by_officer, cues.hypothetical, cues.historical, cues.other_person, cues.denied_by_person))
