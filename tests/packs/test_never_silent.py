"""A strong fact, a minor and a person's own statement can never be silenced: the list of the process has them all."""

from __future__ import annotations

from seinpost.packs import load_pack
from seinpost.packs.procedure import load_procedure
from seinpost.types import Strength


def test_every_strong_indicator_every_minor_and_every_statement_is_on_the_list() -> None:
    pack, never = load_pack(), load_procedure().never_silent
    strong = {
        one.code for one in pack.indicators if Strength.STRONG in (one.strength, one.child_strength)
    }  # fmt: skip
    asked = strong | set(pack.scoring.minor_indicators) | set(pack.scoring.statement_indicators)
    assert never == asked
    assert never < {one.code for one in pack.indicators}
