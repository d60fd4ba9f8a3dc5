"""From a pack's folder `process` to a frozen `Procedure`: strict read, model, then the values put in order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seinpost.errors import Fault, PackError, Place
from seinpost.packs.model import Part, check
from seinpost.packs.pack import Source
from seinpost.packs.procedure import model
from seinpost.packs.procedure.procedure import (
    Action,
    Basis,
    Channel,
    Criterion,
    Deadline,
    DeadlineExample,
    EasterHoliday,
    Entry,
    FixedHoliday,
    Holidays,
    Label,
    Move,
    OutcomeRule,
    Procedure,
    Prompt,
    Question,
    Step,
    When,
)
from seinpost.packs.procedure.terms import ListName, Profile
from seinpost.packs.procedure.victim import victim_plan
from seinpost.packs.strict import Sheet, read_sheet

FOLDER = "process"
SHEETS: Mapping[str, Any] = {
    "procedure.yaml": model.ProcedureSheet,
    "settings.yaml": list[model.SettingPart],
    "moves.yaml": list[model.MovePart],
    "outcomes.yaml": list[model.OutcomePart],
    "actions.yaml": list[model.ActionPart],
    "deadlines.yaml": list[model.DeadlinePart],
    "holidays.yaml": model.HolidaysSheet,
    "criteria.yaml": list[model.CriterionPart],
    "lists.yaml": model.ListsSheet,
    "channels.yaml": list[model.ChannelPart],
    "quality.yaml": list[model.QuestionPart],
    "intake.yaml": list[model.PromptPart],
    "silence.yaml": model.SilenceSheet,
    "victim.yaml": model.VictimSheet,
    "refusals.yaml": model.RefusalsSheet,
    "names.yaml": model.NamesSheet,
    "examples.yaml": list[model.DeadlineExamplePart],
    **{f"enrichment/{profile.value}.yaml": list[model.StepPart] for profile in Profile},
}


@dataclass(frozen=True, slots=True)
class ReadProcedure:
    """A procedure that passed gates 1 and 2, with its files for the lints to point at."""

    procedure: Procedure
    sheets: Mapping[str, Sheet]
    parts: Mapping[str, Any]


def read_procedure(folder: Path) -> ReadProcedure:
    """Read and build the procedure of the pack in `folder`; raises PackError with every fault found, by gate."""
    home = folder / FOLDER
    faults: list[Fault] = []
    known = {home / name for name in SHEETS}
    found = sorted((*home.rglob("*.yaml"), *home.rglob("*.yml")))
    strangers = [path for path in found if path not in known]
    faults += [Fault(Place(path), "is no file of a procedure", None, ", ".join(SHEETS)) for path in strangers]
    sheets: dict[str, Sheet] = {}
    for name in SHEETS:
        try:
            sheets[name] = read_sheet(home / name)
        except PackError as error:
            faults.extend(error.faults)
    _stop(faults)
    parts = {name: check(sheet, SHEETS[name], faults) for name, sheet in sheets.items()}
    _stop(faults)
    faults.extend(_doubles(sheets, parts))
    _stop(faults)
    return ReadProcedure(_build(parts), sheets, parts)


def _stop(faults: list[Fault]) -> None:
    if faults:
        raise PackError(tuple(faults))


def _doubles(sheets: Mapping[str, Sheet], parts: Mapping[str, Any]) -> Iterable[Fault]:
    """A code or a move stands twice in one file: the later would silently replace the earlier."""
    for name, part in parts.items():
        lists = part.items() if name == "lists.yaml" else [(None, part)] if isinstance(part, list) else []
        for key, entries in lists:
            seen: set[object] = set()
            for number, entry in enumerate(entries):
                for what in _identities(entry):
                    keys = (number,) if key is None else (key.value, number)
                    if what in seen:
                        yield Fault(sheets[name].place(*keys), "stands there twice", str(what), "each once")
                    seen.add(what)


def _identities(entry: Any) -> list[object]:
    if isinstance(entry, model.MovePart):
        return [f"{entry.verb.value} from {phase.value}" for phase in entry.start]
    return [getattr(entry, name) for name in ("code", "outcome") if hasattr(entry, name)]


def _label(part: Any) -> Label:
    return Label(part.nl, part.en)


def _basis(part: Any) -> Basis:
    return Basis(part.source, part.authority, part.since)


def _build(parts: Mapping[str, Any]) -> Procedure:
    head = parts["procedure.yaml"]
    settings = parts["settings.yaml"]
    return Procedure(
        id=head.id,
        version=head.version,
        dated=head.dated,
        digest=_digest(parts),
        sources={key: Source(key, part.what, part.url, part.confidence) for key, part in sorted(head.sources.items())},
        settings={part.code: part.value for part in settings},
        setting_bases={part.code: (_label(part), _basis(part)) for part in settings},
        moves={
            (part.verb, start): Move(part.verb, start, part.to, part.then or "", tuple(part.needs), _basis(part))
            for part in parts["moves.yaml"]
            for start in part.start
        },
        outcomes={
            part.outcome: OutcomeRule(part.outcome, part.to, part.then, _basis(part)) for part in parts["outcomes.yaml"]
        },
        actions={
            part.code: Action(part.code, _label(part), tuple(part.phases), tuple(part.done_by), _basis(part))
            for part in parts["actions.yaml"]
        },
        deadlines=tuple(_deadline(part) for part in parts["deadlines.yaml"]),
        holidays=_holidays(parts["holidays.yaml"]),
        steps={p: tuple(_step(part) for part in parts[f"enrichment/{p.value}.yaml"]) for p in Profile},
        criteria={p: tuple(_criterion(part) for part in parts["criteria.yaml"] if p in part.profiles) for p in Profile},
        lists={
            name: {part.code: Entry(part.code, _label(part), _basis(part), part.always) for part in entries}
            for name, entries in parts["lists.yaml"].items()
        },
        channels={
            part.code: Channel(
                part.code, _label(part), tuple(part.profiles), part.protected or "", part.first, _basis(part)
            )
            for part in parts["channels.yaml"]
        },
        questions={
            part.code: Question(part.code, _label(part), part.weight, Label(part.ask_nl, part.ask_en), _basis(part))
            for part in parts["quality.yaml"]
        },
        prompts=tuple(_prompt(part) for part in parts["intake.yaml"]),
        never_silent=frozenset(parts["silence.yaml"].never),
        victim=victim_plan(parts["victim.yaml"]),
        refusals={code: _label(part) for code, part in parts["refusals.yaml"].items()},
        names={name: {key: _label(part) for key, part in named.items()} for name, named in parts["names.yaml"].items()},
        examples=tuple(
            DeadlineExample(part.deadline, part.start, part.due, part.very_late) for part in parts["examples.yaml"]
        ),
    )


def _deadline(part: model.DeadlinePart) -> Deadline:
    return Deadline(
        code=part.code,
        action=part.action,
        profile=part.profile,
        urgent=part.urgent or "",
        length=part.length,
        very_late=part.very_late,
        calendar=part.calendar,
        starts_on=part.starts_on,
        label=_label(part),
        basis=_basis(part),
    )


def _holidays(part: model.HolidaysSheet) -> Holidays:
    return Holidays(
        fixed=tuple(
            FixedHoliday(int(entry.day[:2]), int(entry.day[3:]), entry.on_sunday, _label(entry)) for entry in part.fixed
        ),
        easter=tuple(EasterHoliday(entry.offset, _label(entry)) for entry in part.easter),
        extra=frozenset(part.extra),
        basis=_basis(part),
    )


def _step(part: model.StepPart) -> Step:
    return Step(
        code=part.code,
        label=_label(part),
        system=part.system,
        look_for=Label(part.look_for_nl, part.look_for_en),
        required=part.required,
        forms=tuple(part.forms),
        minor_only=part.minor_only,
        results=ListName(part.results),
        ground=part.ground,
        purpose=part.purpose,
        days_valid=part.days_valid,
        basis=_basis(part),
    )


def _prompt(part: model.PromptPart) -> Prompt:
    return Prompt(
        code=part.code,
        title=Label(part.title_nl, part.title_en),
        label=_label(part),
        hint=Label(part.hint_nl or "", part.hint_en or ""),
        kind=part.kind,
        sets=part.sets,
        required=part.required,
        options=tuple((option.code, _label(option)) for option in part.options),
        options_from=part.options_from,
        without=frozenset(part.without),
        when=tuple(When(when.question, frozenset(when.any), frozenset(when.other)) for when in part.when),
        fills=frozenset(part.fills),
        identifies=part.identifies,
        basis=_basis(part),
    )


def _criterion(part: model.CriterionPart) -> Criterion:
    return Criterion(part.code, _label(part), Label(part.help_nl, part.help_en), _basis(part))


def _digest(parts: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of every file but the examples."""
    content = {name: _plain(part) for name, part in parts.items() if name != "examples.yaml"}
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(part: Any) -> Any:
    if isinstance(part, Part):
        return part.model_dump(mode="json")
    if isinstance(part, dict):
        return {getattr(key, "value", key): _plain(value) for key, value in part.items()}
    return [_plain(entry) for entry in part]
