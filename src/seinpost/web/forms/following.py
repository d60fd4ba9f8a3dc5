"""Forms of enriching, weighing and closing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from seinpost.packs.procedure.procedure import Step
from seinpost.packs.procedure.terms import ListName, Outcome, Verb, VictimContact
from seinpost.process import commands as c
from seinpost.process.shapes import Judgement, Lead
from seinpost.process.verbs.case import steps_of
from seinpost.process.verbs.following import OTHER
from seinpost.web.forms.base import Desk, VerbForm, day, line, one, pick, words, yes


class LookUpForm(VerbForm):
    """Record a step of enrichment."""

    verb = Verb.LOOK_UP
    hint = _("Leg vast waar u keek, ook als er niets was. Neem alleen over wat voor dit signaal nodig is.")
    fold_title = _("Alleen bij een andere raadpleging: doel en grondslag")

    def fill(self) -> None:
        """Ask the step, the system consulted and what came of it; of what is no step also why it may be."""
        self.fields["step"] = pick(_("Stap"), [*steps(self.desk), (OTHER, str(_("Andere raadpleging")))])
        self.fields["system"] = pick(_("Welk systeem is geraadpleegd?"), self.systems(), required=False)
        self.fields["other_system"] = line(_("Of een ander systeem"))
        self.fields["result"] = one(_("Uitkomst"), self.results())
        self.fields["grade"] = one(_("Hoe zeker"), self.desk.listed(ListName.GRADE))
        self.fields["words"] = words(_("Wat staat er?"), required=True)
        self.fields["expires"] = day(
            _("Geldig tot en met"), _("Leeg: zo lang als de stap voorschrijft."), required=False
        )
        self.fields["purpose"] = line(_("Doel"))
        self.fields["ground"] = line(_("Grondslag"))
        self.folds = ("purpose", "ground")

    def asked(self) -> list[Step]:
        """The steps a look-up may be of: the one that was asked for, else all."""
        known = list(steps_of(self.desk.view, self.desk.plan))
        return [step for step in known if step.code == self.initial.get("step")] or known

    def systems(self) -> list[tuple[str, str]]:
        """The systems of the steps, those of the step that was asked for first."""
        every = [*self.asked(), *steps_of(self.desk.view, self.desk.plan)]
        return [(name, name) for name in dict.fromkeys(name for step in every for name in step.systems)]

    def results(self) -> list[tuple[str, str]]:
        """What the steps can come to; "could not be looked at" is for all."""
        lists = dict.fromkeys(step.results for step in self.asked()) | {ListName.RESULT: None}
        return [choice for name in lists for choice in self.desk.listed(name)]

    def command(self) -> c.RecordLookUp:
        """A look-up."""
        got = self.cleaned_data
        return c.RecordLookUp(
            step=got["step"],
            system=got["other_system"] or got["system"],
            purpose=got["purpose"],
            ground=got["ground"],
            result=got["result"],
            words=self.words(),
            grade=got["grade"],
            expires=got["expires"],
        )


class WaiveForm(VerbForm):
    """Reason a step away."""

    verb = Verb.WAIVE
    hint = _(
        "De reden staat bij de weging. Sluiten kan niet met een stap die zo is overgeslagen, tenzij hij gemotiveerd is."
    )

    def fill(self) -> None:
        """Ask the step and the reason."""
        self.fields["step"] = pick(_("Stap"), steps(self.desk))
        self.fields["words"] = words(_("Waarom is deze stap hier niet nodig of niet mogelijk?"), required=True)

    def command(self) -> c.Waive:
        """A waiver."""
        return c.Waive(step=self.cleaned_data["step"], words=self.words())


class SubmitForm(VerbForm):
    """Put it before the weighers."""

    verb = Verb.SUBMIT

    def fill(self) -> None:
        """Ask what the weigher should know."""
        self.fields["words"] = words(_("Wat moet de weger weten?"), _("Mag leeg blijven."))

    def command(self) -> c.Submit:
        """A submission."""
        return c.Submit(words=self.words())


class ClosingFields(VerbForm):
    """What must be answered before a signal may rest; part of the forms of weighing and closing."""

    def add_closing(self, *, required: bool) -> None:
        """Add the reason, every place where leads are looked for, and the victim question."""
        desk = self.desk
        self.fields["reason"] = one(_("Reden"), desk.listed(ListName.CLOSING), required=required)
        self.fields["closing_words"] = words(_("Toelichting op de reden"), required=required)
        for entry in desk.plan.lists[ListName.LEADS].values():
            self.fields[f"lead-{entry.code}"] = words(
                _("Aanknopingspunten gezocht: %(where)s") % {"where": desk.told(entry.label)},
                _("Wat is bekeken en wat was er?") if entry.always else _("Alleen als hier gezocht is."),
                rows=2,
            )
            self.fields[f"found-{entry.code}"] = yes(_("Hier is iets gevonden"))
        contacts = desk.named("victim-contact", [contact.value for contact in VictimContact])
        self.fields["victim"] = one(_("Is een mogelijk slachtoffer gesproken?"), contacts, required=required)
        self.fields["victim_words"] = words(_("Zo niet: waarom niet?"), rows=2)

    def closing(self) -> c.ClosingAnswers:
        """The answers."""
        got = self.cleaned_data
        leads = [
            Lead(code, bool(got[f"found-{code}"]), self.words(f"lead-{code}"))
            for code in self.desk.plan.lists[ListName.LEADS]
            if got[f"lead-{code}"].strip() or got[f"found-{code}"]
        ]
        victim = VictimContact(got["victim"]) if got["victim"] else VictimContact.NOT_ATTEMPTED
        return c.ClosingAnswers(
            reason=got["reason"],
            words=self.words("closing_words"),
            leads=tuple(leads),
            victim=victim,
            victim_words=self.words("victim_words"),
        )


class CloseForm(ClosingFields):
    """Propose to close it."""

    verb = Verb.CLOSE
    hint = _("Een tweede persoon moet instemmen. Tot dan blijft het signaal open, met een eigenaar en een datum.")

    def fill(self) -> None:
        """Ask the closing questions."""
        self.add_closing(required=True)

    def command(self) -> c.Close:
        """A proposal to close."""
        return c.Close(closing=self.closing())


class WeighForm(ClosingFields):
    """Weigh it: every criterion with a sentence, then the outcome."""

    verb = Verb.WEIGH
    fold_title = _("Alleen bij “Niet opvolgen”: waar is gezocht, en is een slachtoffer gesproken?")
    hint = _("De drempel is laag: twijfel spreekt voor opvolging. Wat de scan vond staat ernaast en is geen oordeel.")

    def __init__(self, desk: Desk, data: object = None, initial: object = None, *, seen: str = "") -> None:
        self.seen = seen
        super().__init__(desk, data, initial)  # type: ignore[arg-type]

    def fill(self) -> None:
        """Ask the criteria of the service, the outcome, and for no follow-up the closing questions."""
        desk = self.desk
        for criterion in desk.plan.criteria[desk.view.profile]:
            self.fields[f"answer-{criterion.code}"] = one(
                desk.told(criterion.label), desk.listed(ListName.ANSWER), desk.told(criterion.help)
            )
            self.fields[f"words-{criterion.code}"] = words(_("In een zin"), required=True, rows=2)
        outcomes = desk.named("outcome", [outcome.value for outcome in desk.plan.outcomes])
        self.fields["outcome"] = one(_("Uitkomst"), outcomes)
        self.fields["words"] = words(_("Waarom deze uitkomst?"), required=True)
        self.fields["prosecutor"] = yes(_("De officier van justitie is geraadpleegd"))
        asked = set(self.fields)
        self.add_closing(required=False)
        self.folds = tuple(name for name in self.fields if name not in asked)

    def command(self) -> c.Weigh:
        """A weighing; the closing answers go with it if, and only if, the outcome is no follow-up."""
        got = self.cleaned_data
        outcome = Outcome(got["outcome"])
        judgements = tuple(
            Judgement(criterion.code, got[f"answer-{criterion.code}"], self.words(f"words-{criterion.code}"))
            for criterion in self.desk.plan.criteria[self.desk.view.profile]
        )
        return c.Weigh(
            judgements=judgements,
            outcome=outcome,
            words=self.words(),
            seen=self.seen,
            prosecutor_consulted=bool(got["prosecutor"]),
            closing=self.closing() if outcome is Outcome.NO_FOLLOW_UP else None,
        )


class AgreeForm(VerbForm):
    """Agree, as second person, to a proposed closing."""

    verb = Verb.AGREE
    hint = _("Lees zelf waar naar aanknopingspunten is gezocht voordat u instemt.")

    def fill(self) -> None:
        """Ask why one agrees."""
        self.fields["words"] = words(_("Waarom stemt u in?"), required=True)

    def command(self) -> c.Agree:
        """An agreement."""
        return c.Agree(words=self.words())


class DisagreeForm(VerbForm):
    """Not agree, as second person."""

    verb = Verb.DISAGREE
    hint = _("Het signaal gaat terug naar de weging. Uw afwijkende oordeel blijft zichtbaar.")

    def fill(self) -> None:
        """Ask why not."""
        self.fields["words"] = words(_("Waarom niet?"), required=True)

    def command(self) -> c.Disagree:
        """A disagreement."""
        return c.Disagree(words=self.words())


def steps(desk: Desk) -> list[tuple[str, str]]:
    """The steps of enrichment that concern this signal, as choices."""
    return [(step.code, label(desk, step)) for step in steps_of(desk.view, desk.plan)]


def label(desk: Desk, step: Step) -> str:
    """How a step is called in a choice: what, and in which system."""
    return f"{desk.told(step.label)} ({step.system})"
