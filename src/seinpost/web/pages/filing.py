"""The officer's form as its pages show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from seinpost.packs.procedure.procedure import Prompt, When
from seinpost.packs.procedure.terms import Ask, Goes, ListName, Profile, Setting
from seinpost.process.filing import interview
from seinpost.process.measures.quality import rate
from seinpost.store.queries.drafts import Begun, BegunFile
from seinpost.web.pages.words import allowed_files
from seinpost.web.reader import Reader, names, plan

STARTS = 80  # characters of a form's words that its line shows


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One form that is not filed yet."""

    url: str
    drop_url: str
    begins: str
    made_at: datetime
    changed_at: datetime
    ends_at: datetime
    danger: bool
    progress: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question on its page."""

    question: str
    hint: str
    progress: str
    danger: bool
    many: bool
    full: bool
    optional: bool
    back_url: str
    summary_url: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer in the summary."""

    title: str
    texts: tuple[str, ...]
    url: str
    needed: bool


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of the form."""

    name: str
    kind: str
    size: str
    drop_url: str


@dataclass(frozen=True, slots=True)
class SummaryView:
    """Everything answered, and what is still needed or unknown."""

    rows: tuple[AnswerRow, ...]
    ready: bool
    danger: bool
    unknown: tuple[str, ...]
    score: int
    file_url: str
    drop_url: str
    ends_at: datetime
    files: tuple[FileRow, ...]
    attach_url: str
    allowed: str


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """One question on paper."""

    number: int
    question: str
    hint: str
    condition: str
    options: tuple[str, ...]
    several: bool
    lines: range


def profile_of(reader: Reader) -> Profile:
    """The profile of the reader's service."""
    return Profile(reader.person.service.profile)


def options_for(prompt: Prompt, reader: Reader) -> tuple[interview.Option, ...]:
    """What can be chosen, for the reader's service."""
    return interview.options(plan(), prompt, profile_of(reader), names()["form"])


def question_url(draft: UUID, prompt: Prompt, *, back: bool = False) -> str:
    """Where a question is asked; `back`: afterwards the summary."""
    return reverse("filing-question", args=[draft, prompt.code]) + ("?terug=overzicht" if back else "")


def draft_row(draft: Begun) -> DraftRow:
    """The line of one form."""
    asked = interview.asked(plan(), draft.answers)
    done = sum(1 for prompt in asked if draft.answers.get(prompt.code))
    words = next((p for p in asked if p.sets is Goes.TEXT and draft.answers.get(p.code)), None)
    text = draft.answers[words.code][0] if words else ""
    begins = text if len(text) <= STARTS else text[:STARTS].rsplit(" ", 1)[0] + " …"
    return DraftRow(
        url=reverse("filing-summary", args=[draft.id]),
        drop_url=reverse("filing-drop", args=[draft.id]),
        begins=begins or _("Nog zonder verhaal"),
        made_at=draft.made_at,
        changed_at=draft.changed_at,
        ends_at=ends_at(draft),
        danger=interview.is_danger(plan(), draft.answers),
        progress=_("%(done)s van %(all)s vragen") % {"done": done, "all": len(asked)},
    )


def ends_at(draft: Begun) -> datetime:
    """When a form is destroyed if nobody changes or files it."""
    return draft.changed_at + timedelta(days=plan().settings[Setting.DRAFT_DAYS])


def question_view(draft: Begun, prompt: Prompt, fields: int, reader: Reader) -> QuestionView:
    """One question, with where it stands among those that apply now."""
    asked = interview.asked(plan(), draft.answers)
    earlier = interview.before(asked, prompt.code)
    at = next(number for number, one in enumerate(asked, 1) if one.code == prompt.code)
    return QuestionView(
        question=prompt.label.told(reader.language),
        hint=prompt.hint.told(reader.language),
        progress=_("Vraag %(at)s van %(all)s") % {"at": at, "all": len(asked)},
        danger=interview.is_danger(plan(), draft.answers),
        many=prompt.kind is Ask.LIST,
        full=fields >= interview.MOST,
        optional=not prompt.required,
        back_url=question_url(draft.id, earlier) if earlier else reverse("filing"),
        summary_url=reverse("filing-summary", args=[draft.id]),
    )


def summary_view(draft: Begun, reader: Reader) -> SummaryView:
    """Every question that applies with its answer, to check and change."""
    answers, rules = draft.answers, plan()
    needed = interview.still_needed(rules, answers)
    quality = rate(rules, interview.answered(rules, answers))
    return SummaryView(
        rows=tuple(
            AnswerRow(
                title=prompt.title.told(reader.language),
                texts=told(prompt, answers.get(prompt.code, ()), reader),
                url=question_url(draft.id, prompt, back=True),
                needed=prompt in needed,
            )
            for prompt in interview.asked(rules, answers)
        ),
        ready=not needed,
        danger=interview.is_danger(rules, answers),
        unknown=tuple(rules.questions[code].label.told(reader.language) for code in quality.missing),
        score=quality.score,
        file_url=reverse("filing-file", args=[draft.id]),
        drop_url=reverse("filing-drop", args=[draft.id]),
        ends_at=ends_at(draft),
        files=tuple(file_row(draft, file, reader) for file in draft.files),
        attach_url=reverse("filing-attach", args=[draft.id]),
        allowed=allowed_files(rules, reader.language),
    )


def file_row(draft: Begun, file: BegunFile, reader: Reader) -> FileRow:
    """One file of the form."""
    kind = plan().lists[ListName.ATTACHMENTS][file.kind].label.told(reader.language)
    url = reverse("filing-detach", args=[draft.id, file.id])
    return FileRow(file.name, kind, filesizeformat(file.size), url)


def told(prompt: Prompt, given: Sequence[str], reader: Reader) -> tuple[str, ...]:
    """An answer in words."""
    named = {option.code: option.told(reader.language) for option in options_for(prompt, reader)}
    return tuple(named.get(text, text) for text in given)


def sheet(reader: Reader) -> tuple[SheetQuestion, ...]:
    """Every question, for paper: also those that only apply after an answer, which is said."""
    return tuple(
        SheetQuestion(
            number=number,
            question=prompt.label.told(reader.language),
            hint=prompt.hint.told(reader.language),
            condition=" ".join(condition_told(when, reader) for when in prompt.when),
            options=tuple(option.told(reader.language) for option in options_for(prompt, reader)),
            several=prompt.kind is Ask.SOME,
            lines=range({Ask.LINE: 1, Ask.WORDS: 6 if prompt.required else 3, Ask.LIST: 5}.get(prompt.kind, 0)),
        )
        for number, prompt in enumerate(plan().prompts, 1)
    )


def condition_told(when: When, reader: Reader) -> str:
    """A condition in words."""
    number, prompt = next((n, p) for n, p in enumerate(plan().prompts, 1) if p.code == when.question)
    named = {option.code: option.told(reader.language) for option in options_for(prompt, reader)}
    codes = [named[code] for code in sorted(when.any or when.other) if code in named]
    only, not_if = _("Alleen als bij vraag %(number)s: %(answers)s."), _("Niet als bij vraag %(number)s: %(answers)s.")
    text = only if when.any else not_if
    return text % {"number": number, "answers": ", ".join(codes)}
