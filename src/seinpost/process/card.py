"""The tables of the procedure and of the process room, as a page: docs/reference/process-tables.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seinpost.packs.procedure.procedure import Basis, Label, Procedure, When
from seinpost.packs.procedure.terms import LATER, Phase, Profile, Verb
from seinpost.process.events import FACTS
from seinpost.process.policy import RULES


def render_tables(plan: Procedure) -> str:
    """The whole page."""
    head = f"# Tables of the process\n\nProcedure {plan.id} {plan.version}, {plan.dated}. The rules: process.md.\n"
    return head + "".join(part for section in SECTIONS for part in section(plan))


def table(title: str, head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    """One table under its title."""
    yield f"\n## {title}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}\n"
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |\n"


def rests_on(basis: Basis) -> str:
    """What a value rests on, in one cell."""
    return f"{basis.authority.value}, {basis.source}, {basis.since}"


def verbs(plan: Procedure) -> Iterator[str]:
    """Every verb with its phases."""
    rows = []
    for verb, label in ((Verb(code), label) for code, label in plan.names["verb"].items()):
        moves = [move for (moved, _), move in plan.moves.items() if moved is verb]
        if not moves:
            continue
        starts = ", ".join(move.start.value for move in moves)
        ends = ", ".join(sorted({move.to.value for move in moves if move.to is not None})) or "stays"
        needs = ", ".join(guard.value for guard in moves[0].needs)
        rows.append((f"`{verb.value}`", f"{label.nl} / {label.en}", starts, ends, moves[0].then, needs))
    yield from table("Verbs", ("verb", "name", "from", "to", "next action", "needs"), rows)
    yield "\n`register` (the system, from the scan) and `file` (a person) begin a signal. Of the second half, "
    yield f"refused with `not-yet-available`: {', '.join(f'`{verb.value}`' for verb in sorted(LATER))}.\n"


def phases(plan: Procedure) -> Iterator[str]:
    """Every phase and outcome."""
    names = plan.names["phase"]
    rows = ((f"`{p.value}`", names[p.value].nl, names[p.value].en) for p in Phase)
    yield from table("Phases", ("phase", "nl", "en"), rows)
    yield from table(
        "Outcomes of a weighing",
        ("outcome", "nl", "en", "phase", "next action", "rests on"),
        (
            (f"`{o.value}`", *_both(plan.names["outcome"][o.value]), rule.to.value, rule.then, rests_on(rule.basis))
            for o, rule in plan.outcomes.items()
        ),
    )


def _both(label: Label) -> tuple[str, str]:
    return label.nl, label.en


def dates(plan: Procedure) -> Iterator[str]:
    """Every deadline and setting."""
    yield from table(
        "Deadlines",
        ("deadline", "for", "length", "very late after", "from", "en", "rests on"),
        (
            (
                f"`{d.code}`",
                ", ".join(filter(None, (d.action, d.profile.value if d.profile else "", d.urgent))),
                f"{d.length} {d.calendar.value}",
                f"{d.very_late} more",
                d.starts_on.value,
                d.label.en,
                rests_on(d.basis),
            )
            for d in plan.deadlines
        ),
    )
    yield "\nNo statutory term for weighing or follow-up was found, so no deadline says it is law. Public holidays: "
    yield "art. 3 Algemene termijnenwet, 5 May every year and Good Friday included.\n"
    yield from table(
        "Settings",
        ("setting", "value", "en", "rests on"),
        (
            (f"`{key.value}`", plan.settings[key], label.en, rests_on(basis))
            for key, (label, basis) in plan.setting_bases.items()
        ),
    )


def work(plan: Procedure) -> Iterator[str]:
    """The steps of enrichment of each service."""
    for profile in Profile:
        yield from table(
            f"Enrichment: {plan.names['profile'][profile.value].en}",
            ("step", "nl", "system", "look for", "required", "only for", "ground", "valid", "rests on"),
            (
                (
                    f"`{s.code}`",
                    s.label.nl,
                    s.system,
                    s.look_for.nl,
                    "yes" if s.required else "",
                    ", ".join((*s.forms, *(["minors"] if s.minor_only else []))),
                    s.ground,
                    f"{s.days_valid} days",
                    rests_on(s.basis),
                )
                for s in plan.steps[profile]
            ),
        )


def choices(plan: Procedure) -> Iterator[str]:
    """Criteria, channels, quality questions and the lists people choose from."""
    criteria = {c.code: c for listed in plan.criteria.values() for c in listed}
    yield from table(
        "Criteria of the weighing",
        ("criterion", "nl", "en", "for", "rests on"),
        (
            (
                f"`{code}`",
                *_both(c.label),
                ", ".join(p.value for p in Profile if c in plan.criteria[p]),
                rests_on(c.basis),
            )
            for code, c in criteria.items()
        ),
    )
    yield from table(
        "Channels",
        ("channel", "nl", "en", "for", "source kept apart", "rests on"),
        (
            (f"`{code}`", *_both(c.label), ", ".join(p.value for p in c.profiles), c.protected, rests_on(c.basis))
            for code, c in plan.channels.items()
        ),
    )
    yield from table(
        "What a registration should tell",
        ("question", "nl", "en", "weight"),
        ((f"`{code}`", *_both(q.label), q.weight) for code, q in plan.questions.items()),
    )
    yield from form(plan)
    yield from table(
        "Lists",
        ("list", "entry", "nl", "en", "always", "rests on"),
        (
            (name.value, f"`{code}`", *_both(e.label), "yes" if e.always else "", rests_on(e.basis))
            for name, entries in plan.lists.items()
            for code, e in entries.items()
        ),
    )


def form(plan: Procedure) -> Iterator[str]:
    """The questions of the officer's form."""
    yield from table(
        "The officer's form",
        ("question", "nl", "en", "answered by", "goes to", "must", "asked if", "fills", "rests on"),
        (
            (
                f"`{p.code}`",
                *_both(p.label),
                p.kind.value,
                p.sets.value,
                "yes" if p.required else "",
                ", ".join(_condition(when) for when in p.when),
                ", ".join(sorted(p.fills)),
                rests_on(p.basis),
            )
            for p in plan.prompts
        ),
    )


def _condition(when: When) -> str:
    codes = " or ".join(sorted(when.any or when.other))
    return f"{when.question} is {'' if when.any else 'not '}{codes}"


def rights(_plan: Procedure) -> Iterator[str]:
    """The policy table."""
    yield from table(
        "Rights",
        ("verbs", "roles", "purposes", "conditions"),
        (
            (
                ", ".join(f"`{v.value}`" for v in Verb if v in rule.verbs),
                ", ".join(sorted(role.value for role in rule.roles)),
                ", ".join(sorted(purpose.value for purpose in rule.purposes)),
                ", ".join(condition.name.lower() for condition in sorted(rule.conditions)),
            )
            for rule in RULES
        ),
    )


def words(plan: Procedure) -> Iterator[str]:
    """Events and refusals."""
    yield from table(
        "Events",
        ("kind", "version", "nl", "en", "meaning"),
        (
            (f"`{kind}`", fact.version, *_both(plan.names["fact"][kind]), (fact.__doc__ or "").strip())
            for kind, fact in sorted(FACTS.items())
        ),
    )
    yield from table(
        "Refusals",
        ("code", "nl", "en"),
        ((f"`{code.value}`", label.nl, label.en) for code, label in plan.refusals.items()),
    )
    yield from table(
        "Sources",
        ("source", "what", "how sure"),
        ((f"`{key}`", source.what, source.confidence) for key, source in plan.sources.items()),
    )


def victims(plan: Procedure) -> Iterator[str]:
    """The victim's own track: its steps, terms and lists."""
    own = plan.victim
    steps = (
        (
            f"`{one.code}`",
            *_both(one.label),
            f"{one.length} {one.calendar.value}, very late {one.very_late} more",
            f"{one.special[0]}, very late {one.special[1]} more" if one.special else "",
            rests_on(one.basis),
        )
        for one in own.steps.values()
    )
    yield from table("Victims: steps", ("step", "nl", "en", "term", "minor or vulnerable", "rests on"), steps)
    terms = [(f"`{code}`", one) for code, one in own.reflection.items()] + [("report", own.report)]
    rows = ((code, *_both(t.label), f"{t.length} {t.calendar.value}", rests_on(t.basis)) for code, t in terms)
    yield from table("Victims: reflection period", ("ground", "nl", "en", "term", "rests on"), rows)
    lists = (
        *(("arrangements", own.arrangements), ("presence", own.presence), ("topics", own.topics)),
        *(("recipients", own.recipients), ("bodies", own.bodies), ("resting", own.resting)),
    )
    entries = (
        (name, f"`{one.code}`", *_both(one.label), rests_on(one.basis))
        for name, found in lists
        for one in found.values()
    )
    yield from table("Victims: lists", ("list", "code", "nl", "en", "rests on"), entries)


SECTIONS = (phases, verbs, dates, work, choices, rights, words, victims)
