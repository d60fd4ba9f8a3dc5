"""English follows Dutch: what is missing or broken is named, and writing twice gives the same bytes."""

from __future__ import annotations

from babel.messages.catalog import Catalog

from tools import messages


def catalogue(**texts: str) -> Catalog:
    made = messages.empty()
    for dutch, english in texts.items():
        made.add(dutch, english)
    return made


def test_what_is_missing_left_over_or_broken_is_named() -> None:
    wanted = catalogue(Wachtrij="", Lezen="")
    wanted.add("%(count)s versies", flags=["python-format"])
    have = catalogue(Wachtrij="", Weg="Gone")
    have.add("%(count)s versies", "%(number)s versions", flags=["python-format"])
    told = list(messages.faults(wanted, have))
    assert "not in the catalogue: 'Lezen'" in told
    assert "no longer used: 'Weg'" in told
    assert "no English for: 'Wachtrij'" in told
    assert any("versies" in fault and "count" in fault for fault in told)


def test_templates_and_python_are_both_read() -> None:
    found = {message.id for message in messages.collect() if isinstance(message.id, str)}
    assert "Wachtrij" in found  # a template
    assert "Waarom geen signaal?" in found  # a form


def test_the_catalogue_compiles_to_the_same_bytes() -> None:
    assert messages.compiled(messages.current()) == messages.compiled(messages.current())
