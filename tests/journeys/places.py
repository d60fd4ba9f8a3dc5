"""Every page and state that axe looks at, in a world where each state is there; and the addresses that are no page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from tests.api.machine import fresh_key
from tests.store.world import plan
from tests.web.people import Office, file_one
from tests.web.test_stories import SENTENCE, closing, done, enrich, view, weighing

from seinpost.packs.procedure.terms import Outcome, Phase, Processing, Profile, Purpose, Role, Task, Verb
from seinpost.process import commands as c
from seinpost.process.people import Words
from seinpost.process.shapes import Judgement, Refused, Urgency
from seinpost.store.acting import as_system, working_for
from seinpost.store.actions.act import act
from seinpost.store.actions.people import Right
from seinpost.store.actions.staff import Answer, answer_right, grant_role
from seinpost.store.models import ApiKey, Grant, Proposal
from seinpost.store.queries.people import seen_digest
from seinpost.web.faults import away, failed, forbidden, refused_form, unreadable
from seinpost.web.forms.all import FORMS

WORDS = Words(SENTENCE)
ASKED_FIRST = (Role.ANALYST, Role.WEIGHER, Role.COORDINATOR, Role.DETECTIVE, Role.PRIVACY_OFFICER, Role.ADMINISTRATOR)
SEND = "main form[method=post] p .sp-button--go, main form[method=post] p .sp-button--stop"
"""The button that sends the form of a page."""
EMPTY_IS_WRONG = (
    *(Verb.DISMISS, Verb.JOIN, Verb.POSTPONE, Verb.WEIGH, Verb.CLOSE, Verb.LOOK_UP, Verb.ADD_TASK, Verb.PAUSE),
    *(Verb.RESTRICT, Verb.SUPPRESS, Verb.ATTACH),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A page with who looks at it; `press` is pressed first, for a form with its faults. A page of a fault that
    cannot be asked for comes as its `body`.
    """

    role: Role
    name: str
    address: str
    press: str = ""
    language: str = "nl"
    body: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """The signals by the state they are in, and a form that somebody began."""

    office: Office
    clients: dict[Role, Client]
    signals: dict[str, UUID]
    draft: str


NO_PAGE = {
    "login page of the package; looked at in test_account.py": (
        *("account_login", "account_logout", "account_reauthenticate", "mfa_authenticate", "mfa_activate_totp"),
        *("mfa_add_webauthn", "mfa_view_recovery_codes", "factor-start", "account"),
    ),
    "same template as account_reauthenticate, another field": ("mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
    "a plain form on the template of its sisters; only with a factor of one's own": (
        *("mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_edit_webauthn", "mfa_remove_webauthn"),
    ),
    "of an invitation, whose link works once; tests/web/test_people_pages.py follows it": (
        "account_reset_password_from_key",
    ),
    "answers data or a file, no page": (
        *("healthz", "readyz", "api-import", "api-schema", "api-nowhere", "signal-attachment", "saml_metadata"),
        *("mfa_download_recovery_codes", "mfa_login_webauthn", "openid_connect_callback", "saml_acs"),
        *("saml_finish_acs", "saml_sls"),
    ),
    "sends on, or is closed: 404": (
        *("closed-signup", "closed-email", "closed-connections", "ours-factors", "ours-keys", "ours-sessions"),
        *("account_signup", "account_email", "socialaccount_connections", "mfa_index", "mfa_list_webauthn"),
        *("usersessions_list", "openid_connect_login", "saml_login", "held", "signal-source"),
    ),
    "part of a way in that is not offered here": (
        *("account_inactive", "account_email_verification_sent", "account_change_password", "account_set_password"),
        *("account_reset_password", "account_reset_password_done", "account_confirm_login_code"),
        *("account_confirm_email", "account_request_reauthentication_code"),
        *("account_confirm_reauthentication_code", "account_reset_password_from_key_done"),
    ),
    "of a provider, whose pages tests/access/test_providers.py asks for": (
        *("socialaccount_login_cancelled", "socialaccount_login_error", "socialaccount_signup", "prove-elsewhere"),
    ),
}
"""Named addresses that answer GET and that nobody looks at here, by the reason."""


def make(office: Office) -> World:
    """Bring a signal into every state that has a page of its own."""
    clients = {role: office.client(role) for role in ASKED_FIRST}
    analyst, weigher, coordinator = (clients[role] for role in ASKED_FIRST[:3])
    new = ("enriching", "weighing", "disagreed", "pending", "closed", "dismissed", "joined", "paused", "restricted")
    asked = {"to": str(office.world.people["politie", Role.ADMINISTRATOR].pk), "questions": ["where"]}
    signals = {"registered": office.signal} | {state: file_one("politie") for state in new}
    for state in ("enriching", "weighing", "disagreed", "pending", "closed", "paused"):
        done(analyst, signals[state], Verb.CONFIRM, forms=["ARB"], words="")
    people = {role: str(office.world.people["politie", role].pk) for role in ASKED_FIRST}
    one, soon = signals["enriching"], date.today() + timedelta(days=5)
    done(analyst, one, Verb.ADD_TASK, kind="look-something-up", by=people[Role.WEIGHER], due=soon, words=SENTENCE)
    done(analyst, one, Verb.NOTE, words=SENTENCE)
    done(analyst, one, Verb.CORRECT, text="De baas in Tilburg heeft zijn paspoort. Bel 06-12345678.", words=SENTENCE)
    done(analyst, one, Verb.ASK_AUTHOR, to=people[Role.DETECTIVE], questions=[], words=SENTENCE)
    done(analyst, office.signal, Verb.ASK_AUTHOR, words=SENTENCE, **asked)
    attach(office, one)
    for state in ("enriching", "weighing", "disagreed", "pending", "closed"):
        enrich(analyst, signals[state])
        if state != "enriching":
            done(analyst, signals[state], Verb.SUBMIT, words="")
    done(weigher, signals["weighing"], Verb.WEIGH, **weighing("more-enrichment"))
    for state in ("disagreed", "pending", "closed"):
        done(weigher, signals[state], Verb.WEIGH, **weighing("no-follow-up"), **closing())
    done(coordinator, signals["disagreed"], Verb.DISAGREE, words=SENTENCE)
    done(coordinator, signals["closed"], Verb.AGREE, words=SENTENCE)
    done(analyst, signals["dismissed"], Verb.DISMISS, reason="explained", words="")
    done(analyst, signals["joined"], Verb.JOIN, other=number(signals["enriching"]), words="")
    done(analyst, signals["paused"], Verb.PAUSE, reason="waiting-author", until=soon, words=SENTENCE)
    named = {"people": [people[Role.COORDINATOR], people[Role.WEIGHER]], "supervisor": people[Role.COORDINATOR]}
    done(coordinator, signals["restricted"], Verb.RESTRICT, words=SENTENCE, **named)
    clients[Role.DETECTIVE].post(reverse("glass-break", args=[signals["restricted"]]), {"words": SENTENCE})
    last_month(office)
    fresh_key()
    draft = analyst.post(reverse("filing-begin")).headers["Location"].split("/")[2]
    assert view(signals["closed"]).phase is Phase.CLOSED
    return World(office, clients, signals, draft)


def number(key: UUID) -> str:
    """The number of a signal, as one types it."""
    from seinpost.store.models import Signal

    with working_for(as_system("politie"), reach="all"):
        return f"P-{Signal.objects.get(pk=key).number:06d}"


def attach(office: Office, key: UUID) -> None:
    """Two files with the signal, one of them erased."""
    analyst, officer = office.client(Role.ANALYST), office.client(Role.PRIVACY_OFFICER)
    for name, text in (("Brief van de buurvrouw, gescand bij de balie.txt", b"brief"), ("verkeerd.txt", b"verkeerd")):
        done(analyst, key, Verb.ATTACH, file=SimpleUploadedFile(name, text), origin="Van de buurvrouw.")
    digest = view(key).attachments[1].digest
    done(officer, key, Verb.ERASE_ATTACHMENT, digest=digest, words="Hoort bij een heel andere zaak.")


def last_month(office: Office) -> None:
    """A signal that was weighed a month ago: the threshold has more than one point to draw."""
    then = datetime.now(UTC) - timedelta(days=35)
    Grant.objects.using("owner").update(starts=then - timedelta(days=1))
    key = file_one("politie", then)
    analyst, weigher = (office.world.acting(role) for role in (Role.ANALYST, Role.WEIGHER))
    judged = tuple(Judgement(one.code, "unknown", WORDS) for one in plan().criteria[Profile.POLITIE])
    steps = (
        (analyst, c.Confirm(forms=("ARB",), words=WORDS)),
        (analyst, c.MarkUrgent(urgency=Urgency(minor=True), words=WORDS)),
        (analyst, c.Submit(words=WORDS)),
        (weigher, c.Weigh(judgements=judged, outcome=Outcome.INVESTIGATE, words=WORDS, seen="0" * 64)),
    )
    for minutes, (acting, command) in enumerate(steps, 1):
        now = then + timedelta(minutes=minutes)
        made = act(acting=acting, signal=key, ask=command, now=now, plan=plan(), purpose=Purpose.FOLLOW_UP)
        assert not isinstance(made, Refused), made


def places(world: World) -> Iterator[Place]:
    """Every page and state, each with the first role that may see it."""
    yield from of_the_day(world)
    for state, key in world.signals.items():
        for part in ("", "wegen/") if state not in ("registered", "enriching") else ("",):
            yield seen_by(world, f"signal-{state}{'-' * bool(part)}{part.strip('/')}", f"/signalen/{key}/{part}")
    for part in ("verrijken/", "wegen/", "taken/", "bijlagen/", "geschiedenis/", "versies/", "scan/"):
        yield seen_by(world, f"signal-{part.strip('/')}", f"/signalen/{world.signals['enriching']}/{part}")
    yield seen_by(world, "signal-beside", f"/signalen/{world.signals['enriching']}/naast/{world.signals['weighing']}/")
    yield Place(Role.DETECTIVE, "refused-with-glass", f"/signalen/{world.signals['paused']}/doen/restrict/")
    yield Place(Role.ADMINISTRATOR, "refused", f"/signalen/{world.signals['enriching']}/")
    question = f"/signalen/{world.office.signal}/doen/answer/?task={view(world.office.signal).open_todos[0].id}"
    yield Place(Role.ADMINISTRATOR, "question", question)
    yield Place(Role.ADMINISTRATOR, "question-faults", question, SEND)
    for verb in FORMS:
        yield of_verb(world, verb)
    for verb in EMPTY_IS_WRONG:
        clean = of_verb(world, verb)
        yield Place(clean.role, f"{clean.name}-faults", clean.address, SEND)
    yield from of_filing(world)
    yield from of_oversight(world)
    yield from of_management(world)


def of_the_day(world: World) -> Iterator[Place]:
    """The pages that one opens in the morning."""
    yield Place(Role.ANALYST, "today", "/")
    yield Place(Role.ANALYST, "queue", "/wachtrij/")
    yield Place(Role.ANALYST, "queue-cards", "/wachtrij/?weergave=kaarten")
    yield Place(Role.ANALYST, "queue-empty", "/wachtrij/?laag=D")
    yield Place(Role.ANALYST, "queue-saved", "/wachtrij/?alles=ja&laag=A")
    yield Place(Role.ANALYST, "search", "/zoeken/?q=paspoorten")
    yield Place(Role.ANALYST, "search-none", "/zoeken/?q=zzzz")
    yield Place(Role.ANALYST, "mail-settings", "/voorkeuren/mail/")
    yield Place(Role.ANALYST, "conduct", "/gedragscode/")
    yield Place(Role.ANALYST, "not-found", "/nergens/")
    request = RequestFactory().get("/")
    bodies = {"failed": failed(request, "3f2a-9c"), "away": away(request), "unreadable": unreadable(request)}
    request.user = AnonymousUser()
    bodies |= {"forbidden": forbidden(request), "form-refused": refused_form(request)}
    for name, answer in bodies.items():
        yield Place(Role.ANALYST, f"fault-{name}", f"/fout/{name}/", body=answer.content.decode())
    yield Place(Role.ANALYST, "api-docs", "/api/v1/docs")
    for name, address in (
        *(("today", "/"), ("queue", "/wachtrij/"), ("search", "/zoeken/?q=paspoorten"), ("filing", "/melden/")),
        ("signal", f"/signalen/{world.signals['enriching']}/"),
        ("weigh", f"/signalen/{world.signals['pending']}/doen/weigh/"),
    ):
        yield Place(Role.WEIGHER, f"english-{name}", address, language="en")


def of_verb(world: World, verb: Verb) -> Place:
    """The form of a verb, on a signal in a state that knows the verb, for the first role that may."""
    kinds = {todo.kind: todo.id for todo in view(world.signals["enriching"]).open_todos}
    wanted = {Verb.FINISH_TASK: "look-something-up", Verb.ANSWER: "ask-author"}.get(verb)
    asked = f"?task={kinds[wanted]}" if wanted else ""
    for state in ("registered", "enriching", "weighing", "pending", "closed", "dismissed", "paused", "restricted"):
        if (verb, view(world.signals[state]).phase) in plan().moves:
            where = f"/signalen/{world.signals[state]}/doen/{verb.value}/{asked}"
            if (place := seen_by(world, f"act-{verb.value}", where, must=False)) is not None:
                return place
    raise AssertionError(f"nobody may {verb.value} anything here")


def seen_by(world: World, name: str, address: str, *, must: bool = True) -> Place:
    """A page with the first role to which it opens."""
    for role in ASKED_FIRST:
        if world.clients[role].get(address).status_code == 200:
            return Place(role, name, address)
    assert not must, f"{name} opens to nobody"
    return None  # type: ignore[return-value]


def of_filing(world: World) -> Iterator[Place]:
    """The form of a signal by phone or at the desk."""
    yield Place(Role.ANALYST, "filing", "/melden/")
    yield Place(Role.ADMINISTRATOR, "filing-refused", "/melden/")
    yield Place(Role.ANALYST, "filing-sheet", "/melden/blad/")
    yield Place(Role.ANALYST, "filing-summary", f"/melden/{world.draft}/")
    for question in ("danger", "forms", "what", "victims", "own-number"):
        yield Place(Role.ANALYST, f"filing-{question}", f"/melden/{world.draft}/vraag/{question}/")
    yield Place(Role.ANALYST, "filing-what-faults", f"/melden/{world.draft}/vraag/what/", SEND)


def of_oversight(world: World) -> Iterator[Place]:
    """The pages of who watches over the work."""
    yield Place(Role.DETECTIVE, "break-glass", f"/signalen/{world.signals['closed']}/noodtoegang/")
    yield Place(Role.COORDINATOR, "guarantee", "/waarborg/")
    yield Place(Role.COORDINATOR, "drift", "/drempel/")
    yield Place(Role.COORDINATOR, "caseload", "/werkvoorraad/")
    yield Place(Role.COORDINATOR, "queue-more-filters", "/wachtrij/?rol=wacht&uitgesteld=ook")
    yield Place(Role.COORDINATOR, "silence", "/stille-regels/")
    yield Place(Role.PRIVACY_OFFICER, "view-log", "/inzagelog/")
    yield Place(Role.PRIVACY_OFFICER, "view-log-faults", "/inzagelog/?signaal=onzin&van=morgen")
    yield Place(Role.PRIVACY_OFFICER, "records", "/inzagelog/keten/")
    yield Place(Role.PRIVACY_OFFICER, "glass", "/noodtoegang/")


def proposed(office: Office) -> int:
    """A right that waits for a second person, and one that was not agreed to; the key of the first."""
    person, now = office.world.people["politie", Role.TRAINEE], datetime.now(UTC)
    right = Right(
        role=Role.ANALYST, task=Task.POLICE, processing=Processing.WPG_8, purposes=frozenset((Purpose.FOLLOW_UP,)),
        starts=now, ends=now + timedelta(days=30),
    )  # fmt: skip
    boss, officer = (office.world.acting(role) for role in (Role.ADMINISTRATOR, Role.PRIVACY_OFFICER))
    first, second = (
        grant_role(acting=boss, person=person, right=right, now=now, plan=plan(), words=SENTENCE) for _ in range(2)
    )
    assert isinstance(first, Proposal)
    assert isinstance(second, Proposal)
    with working_for(as_system("politie")):
        seen = seen_digest(second, now)
    answer = Answer(agrees=False, seen=seen, words=SENTENCE)
    assert isinstance(answer_right(acting=officer, proposal=second.pk, answer=answer, now=now, plan=plan()), Proposal)
    return int(first.pk)


def of_management(world: World) -> Iterator[Place]:
    """The pages of an administrator."""
    person = world.office.world.people["politie", Role.ANALYST].pk
    key = ApiKey.objects.using("owner").get().pk
    grant = Grant.objects.using("owner").get(person=person).pk
    one, waits = f"/beheer/mensen/{person}", proposed(world.office)
    for name, address in (
        *(("work", "/beheer/taken/"), ("people", "/beheer/mensen/"), ("person", f"{one}/")),
        *(("person-new", "/beheer/mensen/nieuw/"), ("person-right", f"{one}/recht/")),
        *(("person-right-end", f"{one}/recht/{grant}/einde/"), ("person-training", f"{one}/training/")),
        *(("person-leave", f"{one}/vertrek/"), ("person-factor", f"{one}/tweede-factor/")),
        *(("person-sessions", f"{one}/sessies/"), ("person-unlock", f"{one}/slot/"), ("keys", "/beheer/sleutels/")),
        *(("key-new", "/beheer/sleutels/nieuw/"), ("key-renew", f"/beheer/sleutels/{key}/vernieuwen/")),
        ("key-end", f"/beheer/sleutels/{key}/einde/"),
        *(("rights", "/beheer/rechten/"), ("right-withdraw", f"/beheer/rechten/{waits}/intrekken/")),
    ):
        yield Place(Role.ADMINISTRATOR, name, address)
    yield Place(Role.PRIVACY_OFFICER, "right-answer", f"/beheer/rechten/{waits}/")
    new = {"person-new": "/beheer/mensen/nieuw/", "person-right": f"{one}/recht/", "key-new": "/beheer/sleutels/nieuw/"}
    for name, address in new.items():
        yield Place(Role.ADMINISTRATOR, f"{name}-faults", address, SEND)
