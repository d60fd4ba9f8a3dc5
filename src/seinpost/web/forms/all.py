"""Which form belongs to which verb."""

from __future__ import annotations

from seinpost.packs.procedure.terms import Verb
from seinpost.web.forms import attaching, following, keeping, triage
from seinpost.web.forms.base import VerbForm

FORMS: dict[Verb, type[VerbForm]] = {
    form.verb: form
    for form in (
        triage.ConfirmForm,
        triage.DismissForm,
        triage.UnsureForm,
        triage.PostponeForm,
        triage.AssignForm,
        triage.ReleaseForm,
        triage.ReopenForm,
        triage.JoinForm,
        triage.UndoForm,
        following.LookUpForm,
        following.WaiveForm,
        following.SubmitForm,
        following.WeighForm,
        following.CloseForm,
        following.AgreeForm,
        following.DisagreeForm,
        keeping.NoteForm,
        keeping.CorrectForm,
        keeping.AskAuthorForm,
        keeping.AnswerForm,
        keeping.AddTaskForm,
        keeping.FinishTaskForm,
        keeping.PlanForm,
        keeping.PauseForm,
        keeping.ResumeForm,
        keeping.MarkUrgentForm,
        keeping.EscalateForm,
        keeping.RestrictForm,
        keeping.LiftRestrictionForm,
        keeping.ProtectSourceForm,
        keeping.SuppressForm,
        attaching.AttachForm,
        attaching.EraseAttachmentForm,
    )
}
