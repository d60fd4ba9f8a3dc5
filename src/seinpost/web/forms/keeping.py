"""Forms of writing down, asking, planning and guarding."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.forms import CharField, Textarea
from django.utils.translation import gettext_lazy as _

from seinpost.packs.procedure.terms import ListName, Verb
from seinpost.process import commands as c
from seinpost.process.shapes import Urgency
from seinpost.web.forms.base import VerbForm, day, one, pick, some, words, yes


class NoteForm(VerbForm):
    """Write something down."""

    verb = Verb.NOTE
    hint = _("Zet alleen op wat nodig is. Een notitie kan niet worden gewijzigd.")

    def fill(self) -> None:
        """Ask the words."""
        self.fields["words"] = words(_("Notitie"), required=True, rows=5)

    def command(self) -> c.Note:
        """A note."""
        return c.Note(words=self.words())


class CorrectForm(VerbForm):
    """Append a corrected version of the words; the view keeps them under their digest."""

    verb = Verb.CORRECT
    hint = _("De oorspronkelijke tekst blijft staan. Uw versie komt erachter.")

    def __init__(self, *args: Any, text: str = "", **rest: Any) -> None:
        self.text = text
        super().__init__(*args, **rest)

    def fill(self) -> None:
        """Ask the new words and what changed."""
        area = Textarea(attrs={"rows": 14})
        self.fields["text"] = CharField(label=_("Gecorrigeerde tekst"), widget=area, max_length=200_000, strip=False)
        self.fields["words"] = words(_("Wat is er gecorrigeerd?"), required=True)
        self.fields["changes_meaning"] = yes(_("De betekenis verandert"), _("Een gesloten signaal gaat dan weer open."))
        self.initial.setdefault("text", self.text)

    def command(self) -> c.Correct:
        """A corrected version."""
        got = self.cleaned_data
        digest = hashlib.sha256(got["text"].encode()).hexdigest()
        return c.Correct(digest=digest, words=self.words(), changes_meaning=bool(got["changes_meaning"]))


class AskAuthorForm(VerbForm):
    """Ask the author what is missing."""

    verb = Verb.ASK_AUTHOR

    def __init__(self, *args: Any, author: str = "", to: str = "", **rest: Any) -> None:
        self.author, self.to = author, to
        super().__init__(*args, **rest)

    def fill(self) -> None:
        """Ask whom, and what; the author is chosen already where they are somebody of the service who may know."""
        plan, people = self.desk.plan, self.desk.people_inside()
        wrote = _("Opgesteld door %(who)s") % {"who": self.author} if self.author else ""
        questions = [(code, self.desk.told(question.label)) for code, question in plan.questions.items()]
        self.fields["to"] = pick(_("Aan"), people, wrote)
        if self.to in dict(people):
            self.initial.setdefault("to", self.to)
        self.fields["questions"] = some(_("Wat ontbreekt"), questions)
        self.fields["words"] = words(_("Vraag"), _("Klaargezet voor wat ontbreekt; pas aan wat u wilt."), rows=6)
        missing = self.desk.view.missing
        self.initial.setdefault("questions", list(missing))
        self.initial.setdefault("words", "\n".join(self.desk.told(plan.questions[code].ask) for code in missing))

    def command(self) -> c.AskAuthor:
        """A question."""
        to = self.desk.colleague(self.cleaned_data["to"]).holder
        return c.AskAuthor(
            id=uuid.uuid4().hex, to=to, questions=tuple(self.cleaned_data["questions"]), words=self.words()
        )


class TaskForm(VerbForm):
    """Answer a question or finish a task that stands open."""

    def __init__(self, *args: Any, task: str = "", **rest: Any) -> None:
        self.task = task
        super().__init__(*args, **rest)

    @property
    def told(self) -> str:
        """What the task says."""
        return next((todo.words for todo in self.desk.view.todos if todo.id == self.task), "")


class AnswerForm(TaskForm):
    """Answer a question, as its author; `about` limits what it can settle to what was asked."""

    verb = Verb.ANSWER

    def __init__(self, *args: Any, about: tuple[str, ...] | None = None, **rest: Any) -> None:
        self.about = about
        super().__init__(*args, **rest)

    def fill(self) -> None:
        """Ask the answer and what it settles."""
        plan, still = self.desk.plan, self.desk.view.missing
        missing = [code for code in still if self.about is None or code in self.about]
        asked = [(code, self.desk.told(plan.questions[code].label)) for code in missing]
        self.fields["words"] = words(_("Antwoord"), required=True, rows=5)
        if asked:
            self.fields["answered"] = some(_("Hiermee is bekend"), asked)

    def command(self) -> c.Answer:
        """An answer."""
        return c.Answer(id=self.task, words=self.words(), answered=tuple(self.cleaned_data.get("answered", ())))


class FinishTaskForm(TaskForm):
    """Say that a task is done."""

    verb = Verb.FINISH_TASK

    def fill(self) -> None:
        """Ask what came of it."""
        self.fields["words"] = words(_("Wat kwam eruit?"), required=True)
        self.fields["dropped"] = yes(_("Vervalt, is niet gedaan"))

    def command(self) -> c.FinishTask:
        """A finished task."""
        return c.FinishTask(id=self.task, words=self.words(), dropped=bool(self.cleaned_data["dropped"]))


class AddTaskForm(VerbForm):
    """Put a task beside the next action."""

    verb = Verb.ADD_TASK

    def fill(self) -> None:
        """Ask what, who and when."""
        kinds = [choice for choice in self.desk.listed(ListName.TASKS) if choice[0] != "ask-author"]
        self.fields["kind"] = pick(_("Wat"), kinds)
        self.fields["by"] = pick(_("Door"), self.desk.people_inside())
        self.fields["due"] = day(_("Uiterlijk"))
        self.fields["words"] = words(_("Omschrijving"), required=True)

    def command(self) -> c.AddTask:
        """A task."""
        got = self.cleaned_data
        by = self.desk.colleague(got["by"]).holder
        return c.AddTask(id=uuid.uuid4().hex, kind=got["kind"], by=by, due=got["due"], words=self.words())


class PlanForm(VerbForm):
    """Set the next action."""

    verb = Verb.PLAN

    def fill(self) -> None:
        """Ask what, who and when."""
        plan, phase = self.desk.plan, self.desk.view.phase
        kinds = [(a.code, self.desk.told(a.label)) for a in plan.actions.values() if phase in a.phases]
        self.fields["kind"] = pick(_("Wat"), kinds)
        self.fields["by"] = pick(_("Door"), self.desk.people_inside(), _("Leeg: de eigenaar."), required=False)
        self.fields["due"] = day(_("Uiterlijk"), _("Leeg: volgens de termijn die ervoor geldt."), required=False)
        self.fields["words"] = words(_("Toelichting"), _("Mag leeg blijven."))

    def command(self) -> c.Plan:
        """A next action."""
        got = self.cleaned_data
        by = self.desk.colleague(got["by"]).holder if got["by"] else None
        return c.Plan(kind=got["kind"], words=self.words(), due=got["due"], by=by)


class PauseForm(VerbForm):
    """Stop the clock."""

    verb = Verb.PAUSE

    def fill(self) -> None:
        """Ask the reason and the day to look again."""
        self.fields["reason"] = one(_("Waarop wordt gewacht?"), self.desk.listed(ListName.PAUSE))
        self.fields["until"] = day(_("Uiterlijk opnieuw bekijken op"))
        self.fields["words"] = words(_("Toelichting"), required=True)

    def command(self) -> c.PauseClock:
        """A pause."""
        got = self.cleaned_data
        return c.PauseClock(reason=got["reason"], until=got["until"], words=self.words())


class ResumeForm(VerbForm):
    """Let the clock run again."""

    verb = Verb.RESUME

    def fill(self) -> None:
        """Ask, if one likes, why now."""
        self.fields["words"] = words(_("Toelichting"), _("Mag leeg blijven."))

    def command(self) -> c.ResumeClock:
        """A running clock."""
        return c.ResumeClock(words=self.words())


class MarkUrgentForm(VerbForm):
    """Put it before everything else."""

    verb = Verb.MARK_URGENT
    hint = _("Spoed gaat voor in elke wachtrij en heeft geen minimale verrijking nodig.")

    def fill(self) -> None:
        """Ask what makes it urgent."""
        now = self.desk.view.urgency
        self.fields["risk_to_life"] = yes(_("Er is gevaar voor iemands leven"))
        self.fields["minor"] = yes(_("Een mogelijk slachtoffer is minderjarig"), _("Bij twijfel over de leeftijd: ja."))
        self.fields["words"] = words(_("Waaruit blijkt dat?"), required=True)
        self.initial.setdefault("risk_to_life", now.risk_to_life)
        self.initial.setdefault("minor", now.minor)

    def command(self) -> c.MarkUrgent:
        """An urgency."""
        got = self.cleaned_data
        return c.MarkUrgent(urgency=Urgency(bool(got["risk_to_life"]), bool(got["minor"])), words=self.words())


class EscalateForm(VerbForm):
    """Send it up the line."""

    verb = Verb.ESCALATE

    def fill(self) -> None:
        """Ask why."""
        self.fields["words"] = words(_("Waarom nu naar uw leidinggevende?"), required=True)

    def command(self) -> c.Escalate:
        """An escalation."""
        return c.Escalate(words=self.words())


class RestrictForm(VerbForm):
    """Let only named people see it."""

    verb = Verb.RESTRICT
    danger = True

    def fill(self) -> None:
        """Ask who, and who supervises."""
        self.fields["people"] = some(_("Alleen zichtbaar voor"), self.desk.people())
        self.fields["supervisor"] = pick(_("Leidinggevende (een van hen)"), self.desk.people())
        self.fields["words"] = words(_("Waarom?"), required=True)

    def command(self) -> c.Restrict:
        """A restriction."""
        got = self.cleaned_data
        return c.Restrict(people=frozenset(got["people"]), supervisor=got["supervisor"], words=self.words())


class LiftRestrictionForm(VerbForm):
    """Let the unit see it again."""

    verb = Verb.LIFT_RESTRICTION

    def fill(self) -> None:
        """Ask why."""
        self.fields["words"] = words(_("Waarom is afscherming niet meer nodig?"), required=True)

    def command(self) -> c.LiftRestriction:
        """A lifted restriction."""
        return c.LiftRestriction(words=self.words())


class ProtectSourceForm(VerbForm):
    """Move its source to a compartment."""

    verb = Verb.PROTECT_SOURCE

    def fill(self) -> None:
        """Ask which."""
        self.fields["compartment"] = one(_("Soort bron"), self.desk.listed(ListName.COMPARTMENTS))
        self.fields["words"] = words(_("Waarom?"), required=True)

    def command(self) -> c.ProtectSource:
        """A protected source."""
        return c.ProtectSource(compartment=self.cleaned_data["compartment"], words=self.words())


class SuppressForm(VerbForm):
    """Let a rule stay silent for one entity."""

    verb = Verb.SUPPRESS

    def __init__(
        self,
        *args: Any,
        rules: tuple[tuple[str, str], ...] = (),
        entities: tuple[tuple[str, str], ...] = (),
        **rest: Any,
    ) -> None:
        self.rules, self.entities = rules, entities
        super().__init__(*args, **rest)

    def fill(self) -> None:
        """Ask the rule, the entity, the reason and the end."""
        self.fields["rule"] = pick(_("Regel"), self.rules)
        self.fields["entity"] = pick(_("Voor welk gegeven (telefoon, adres, bedrijf)?"), self.entities)
        self.fields["reason"] = one(_("Waarom?"), self.desk.listed(ListName.SUPPRESSION))
        self.fields["until"] = day(_("Tot"), _("Vanaf deze dag spreekt de regel weer."))
        self.fields["words"] = words(_("Toelichting"), required=True)

    def command(self) -> c.Suppress:
        """A suppression."""
        got = self.cleaned_data
        return c.Suppress(
            rule=got["rule"],
            entity=got["entity"],
            reason=got["reason"],
            until=got["until"],
            words=self.words(),
        )
