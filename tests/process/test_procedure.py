"""The Dutch procedure: it passes its four gates, its dates come out, and each lint finds its fault."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.process.world import plan

from seinpost.errors import PackError
from seinpost.packs import find_pack
from seinpost.packs.procedure import load_procedure, read_procedure
from seinpost.packs.procedure.examples import check_examples
from seinpost.packs.procedure.lints import LINTS, lint_procedure
from seinpost.packs.procedure.terms import Authority, ListName, Profile, Refusal
from seinpost.process.deadlines import reckon_local
from seinpost.process.events import FACTS
from seinpost.process.shapes import Reason, Refused
from seinpost.process.speech import say, say_reason

HOME = find_pack("nl")


def spoiled(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the Dutch procedure with one passage changed."""
    shutil.copytree(HOME / "process", folder / "process")
    path = folder / "process" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_the_dutch_procedure_passes_its_four_gates() -> None:
    read = read_procedure(HOME)
    assert lint_procedure(read) == ()
    holidays = read.procedure.holidays
    assert check_examples(read, lambda rule, start: reckon_local(rule, start, holidays)) == ()
    assert load_procedure("nl").digest == plan().digest


@pytest.mark.parametrize(
    ("lint", "file", "old", "new", "expected"),
    [
        ("unknown-source", "quality.yaml", "source: EIGEN", "source: EIGENN", "is no source: 'EIGENN'"),
        ("unused-source", "procedure.yaml", "sources:", "sources:\n  X: {what: iets, confidence: laag}", "'X'"),
        ("own-is-no-law", "quality.yaml", "authority: proposal", "authority: law", "not sure: 'EIGEN'"),
        ("unknown-action", "moves.yaml", "then: enrich,", "then: enrol,", "'enrol'"),
        (
            "no-deadline",
            "deadlines.yaml",
            "code: hand-over, action: hand-over",
            "code: xx, action: weigh",
            "'hand-over'",
        ),
        (
            "no-urgent-deadline",
            "deadlines.yaml",
            "action: triage, urgent: minor",
            "action: triage, urgent: risk-to-life",
            "has no deadline for minor: 'triage'",
        ),
        ("unknown-action", "channels.yaml", "first: triage-history", "first: triage-hist", "'triage-hist'"),
        ("open-without-action", "moves.yaml", "to: weighing, then: weigh,", "to: weighing,", "'weighing'"),
        ("open-without-action", "moves.yaml", "to: dismissed,", "to: dismissed, then: enrich,", "at rest: 'enrich'"),
        (
            "nobody-can",
            "actions.yaml",
            "done_by: [agree, disagree]",
            "done_by: [confirm]",
            "in weighing: 'second-opinion'",
        ),
        (
            "nobody-can",
            "moves.yaml",
            "verb: reopen, from: [weighed], to: weighing",
            "verb: reopen, from: [weighed], to: talk",
            "'weigh-again'",
        ),
        ("phases-connect", "moves.yaml", "to: joined, needs", "needs", "no move leads to a phase: 'joined'"),
        ("verbs-have-moves", "moves.yaml", "{verb: unsure", "{verb: read", "is a verb that makes no move: 'read'"),
        ("verbs-have-moves", "moves.yaml", "{verb: unsure", "{verb: read", "a verb without a move: 'unsure'"),
        ("complete", "refusals.yaml", "not-held: {", "#", "misses an entry: 'not-held'"),
        ("complete", "names.yaml", "  kmar: {", "  kmarr: {", "is no known entry: 'kmarr'"),
        ("same-blanks", "refusals.yaml", "phase {phase}.", "phase.", "has other blanks"),
        ("form-holds", "intake.yaml", "sets: minor", "sets: details", "danger and then age must be asked first"),
        ("form-holds", "intake.yaml", "sets: forms", "sets: details", "is set by 0 questions, not by one: 'forms'"),
        ("form-holds", "intake.yaml", "question: protect", "question: protekt", "is no earlier question: 'protekt'"),
        ("form-holds", "intake.yaml", 'any: ["no"]', "any: [nope]", "is no answer to protect: 'nope'"),
        ("form-holds", "intake.yaml", "fills: [age]", "fills: [agge]", "is no question of quality.yaml: 'agge'"),
        ("form-holds", "intake.yaml", "except: [scan,", "except: [scann,", "is no option: 'scann'"),
        ("form-holds", "intake.yaml", "  from: forms\n", "", "has options if, and only if"),
        ("form-holds", "intake.yaml", "  sets: text\n  required: true", "  sets: text", "no required question"),
        ("protected-exists", "channels.yaml", "protected: anonymous-line", "protected: somewhere", "'somewhere'"),
    ],
)
def test_each_lint_finds_its_fault(tmp_path: Path, lint: str, file: str, old: str, new: str, expected: str) -> None:
    read = read_procedure(spoiled(tmp_path, file, old, new))
    found = [str(fault) for kind in LINTS if kind.name == lint for fault in kind(read).check()]
    assert any(expected in text and ".yaml" in text for text in found), found
    with pytest.raises(PackError):
        load_procedure_at(tmp_path)


def load_procedure_at(folder: Path) -> None:
    """Load a procedure from a folder, which needs the head of a pack to be one."""
    (folder / "pack.yaml").write_text("id: x\n", encoding="utf-8")
    load_procedure(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("moves.yaml", "verb: confirm", "verb: confrim", "is not allowed: 'confrim'"),
        ("moves.yaml", "not-paused", "not-pausd", "is not allowed: 'not-pausd'"),
        ("deadlines.yaml", "length: 1", "length: 0", "is too small: '0' (allowed: at least 1)"),
        ("deadlines.yaml", "calendar: working-days", "calender: working-days", "unknown key: 'calender'"),
        ("holidays.yaml", 'day: "04-27"', 'day: "27-04"', "is not written as it should be: '27-04'"),
        ("lists.yaml", "code: explained", "code: other-meaning", "stands there twice: 'other-meaning'"),
        ("moves.yaml", "{verb: unsure, from: [registered]", "{verb: confirm, from: [registered]", "stands there twice"),
        ("settings.yaml", "value: 30", "value: no", "must be a whole number: 'no'"),
    ],
)
def test_bad_data_is_refused_with_its_place(tmp_path: Path, file: str, old: str, new: str, expected: str) -> None:
    with pytest.raises(PackError) as caught:
        read_procedure(spoiled(tmp_path, file, old, new))
    assert expected in str(caught.value)
    assert f"{file}:" in str(caught.value)


def test_a_file_nobody_reads_is_refused(tmp_path: Path) -> None:
    folder = spoiled(tmp_path, "quality.yaml", "weight: 3", "weight: 2")
    (folder / "process" / "extra.yaml").write_text("a: b\n", encoding="utf-8")
    with pytest.raises(PackError, match="is no file of a procedure"):
        read_procedure(folder)


def test_a_wrong_or_missing_worked_date_is_told(tmp_path: Path) -> None:
    folder = spoiled(tmp_path, "examples.yaml", 'due: "2026-12-01 00:00"', 'due: "2026-12-02 00:00"')
    read = read_procedure(folder)
    faults = check_examples(read, lambda rule, start: reckon_local(rule, start, read.procedure.holidays))
    assert ["comes out otherwise" in str(fault) for fault in faults] == [True]
    text = (folder / "process" / "examples.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if "deadline: weigh-nla" not in line]
    (folder / "process" / "examples.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    read = read_procedure(folder)
    faults = check_examples(read, lambda rule, start: reckon_local(rule, start, read.procedure.holidays))
    assert any("has no worked date for: 'weigh-nla'" in str(fault) for fault in faults)


def test_the_digest_follows_the_content_and_not_the_examples(tmp_path: Path) -> None:
    changed = read_procedure(spoiled(tmp_path / "a", "quality.yaml", "weight: 3", "weight: 4"))
    examples = read_procedure(spoiled(tmp_path / "b", "examples.yaml", "16:30", "16:31"))
    assert changed.procedure.digest != plan().digest
    assert examples.procedure.digest == plan().digest


PARAMS = {
    "training": "x",
    "phase": "closed",
    "person": "wim",
    "until": "2026-12-01",
    "steps": "pol-history, nla-joint",
    "count": "2",
    "level": "2",
    "hours": "24",
    "times": "3",
    "field": "words",
    "code": "x",
    "letters": "10",
    "criteria": "danger",
    "leads": "victims, places",
    "days": "30",
    "signal": "s2",
    "kinds": "pdf, png",
    "mebibytes": "25",
}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_refusal_has_a_sentence_in_both_languages(language: str) -> None:
    reasons = tuple(Reason(refusal.value, tuple(PARAMS.items())) for refusal in Refusal)
    said = say(Refused(reasons), plan(), language)
    assert len(set(said)) == len(Refusal)
    for text in said:
        assert text.endswith(".")
        assert "{" not in text
        assert text[0].isupper() or text.startswith("wim")


def test_a_sentence_puts_codes_in_words() -> None:
    reason = Reason("enrichment-incomplete", (("steps", "pol-history, nla-joint"),))
    assert say_reason(reason, plan(), "nl") == (
        "Nog te doen of te motiveren: Eerdere registraties van personen, Gezamenlijke inspectie met Toezicht."
    )
    assert say_reason(Reason("not-in-this-phase", (("phase", "closed"),)), plan(), "en") == (
        "This cannot be done in the phase Closed."
    )


def test_every_kind_of_event_has_a_name_in_both_languages() -> None:
    assert set(plan().names["fact"]) == set(FACTS)


def test_what_the_national_rapporteur_asked_for_stands_in_the_enrichment() -> None:
    steps = {profile: {step.code: step for step in plan().steps[profile]} for profile in Profile}
    for code in ("nla-victim", "nla-witness", "nla-joint", "nla-coercion"):
        assert steps[Profile.NLA][code].required
        assert steps[Profile.NLA][code].basis.source == "BRIEF25"
    assert steps[Profile.POLITIE]["pol-other-offence"].forms == ("CRIM",)
    assert steps[Profile.KMAR]["kmar-competence"].required
    assert "overdragen" in steps[Profile.KMAR]["kmar-competence"].look_for.nl


def test_nothing_of_our_own_claims_to_be_law() -> None:
    for profile in Profile:
        for step in plan().steps[profile]:
            assert step.basis.authority not in (Authority.LAW, Authority.INSTRUCTION)
    assert plan().holidays.basis.authority is Authority.LAW


def test_victims_and_witnesses_are_looked_for_before_anything_rests() -> None:
    always = {code for code, entry in plan().lists[ListName.LEADS].items() if entry.always}
    assert {"victims", "witnesses"} <= always
