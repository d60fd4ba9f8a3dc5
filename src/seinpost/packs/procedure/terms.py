"""The closed sets that the data of a procedure may name: services' profiles, roles, phases, verbs, guards, refusals.

Values are stored and travel between services: never reuse one for something else.
"""

# budget-file: one vocabulary, read from top to bottom like a list
from __future__ import annotations

from enum import Enum


class Profile(str, Enum):
    """Which kind of service follows up: each has its own enrichment, criteria and competence."""

    POLITIE = "politie"
    NLA = "nla"
    KMAR = "kmar"


class Role(str, Enum):
    """What a person may be appointed to; a grant gives a role for a task, a processing and a period."""

    ANALYST = "analyst"
    WEIGHER = "weigher"
    DETECTIVE = "detective"
    INTERVIEWER = "certified-interviewer"
    COORDINATOR = "coordinator"
    PRIVACY_OFFICER = "privacy-officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    TRAINEE = "trainee"
    SYSTEM = "system"  # the nightly job, the intake, the clock: no person


class Task(str, Enum):
    """Part of a service's legal task; a right never crosses from one to another by itself."""

    POLICE = "police-task"
    INVESTIGATION = "investigation"
    SUPERVISION = "supervision"
    ALIENS = "aliens-task"


class Processing(str, Enum):
    """The legal regime under which data is processed (articles of the Police Data Act, or the GDPR)."""

    WPG_8 = "wpg-8"
    WPG_9 = "wpg-9"
    WPG_10 = "wpg-10"
    WPG_13 = "wpg-13"
    GDPR = "gdpr"


class Purpose(str, Enum):
    """Why somebody looks or acts; recorded with every look and every act."""

    FOLLOW_UP = "follow-up"
    COORDINATION = "coordination"
    OVERSIGHT = "oversight"
    MANAGEMENT = "management"
    TRAINING = "training"
    EMERGENCY = "emergency"
    GUARDING = "guarding"  # the system keeping its own promises: escalating, waking, taking back


class Phase(str, Enum):
    """Where a signal stands. Talk, complaint, investigation and transferred are entered in the second half."""

    REGISTERED = "registered"
    ENRICHMENT = "enrichment"
    WEIGHING = "weighing"
    WEIGHED = "weighed"
    TALK = "talk"
    COMPLAINT = "complaint"
    INVESTIGATION = "investigation"
    TRANSFERRED = "transferred"
    CLOSED = "closed"
    DISMISSED = "dismissed"  # a registration that a person found to be no signal
    JOINED = "joined"  # carried on by another signal


OPEN_PHASES = frozenset(
    (
        *(Phase.REGISTERED, Phase.ENRICHMENT, Phase.WEIGHING, Phase.WEIGHED),
        *(Phase.TALK, Phase.COMPLAINT, Phase.INVESTIGATION),
    )
)


class Verb(str, Enum):
    """Everything that can be done. The first block changes a signal, the second looks, the third is for later."""

    REGISTER = "register"
    FILE = "file"
    TAKE = "take"
    RELEASE = "release"
    ASSIGN = "assign"
    CONFIRM = "confirm"
    JOIN = "join"
    DISMISS = "dismiss"
    UNSURE = "unsure"
    POSTPONE = "postpone"
    UNDO = "undo"
    LOOK_UP = "look-up"
    WAIVE = "waive"
    SUBMIT = "submit"
    WEIGH = "weigh"
    AGREE = "agree"
    DISAGREE = "disagree"
    CLOSE = "close"
    REOPEN = "reopen"
    NOTE = "note"
    CORRECT = "correct"
    ASK_AUTHOR = "ask-author"
    ANSWER = "answer"
    ADD_TASK = "add-task"
    FINISH_TASK = "finish-task"
    PLAN = "plan"
    PAUSE = "pause"
    RESUME = "resume"
    MARK_URGENT = "mark-urgent"
    RESTRICT = "restrict"
    LIFT_RESTRICTION = "lift-restriction"
    PROTECT_SOURCE = "protect-source"
    BREAK_GLASS = "break-glass"
    REVIEW_GLASS = "review-glass"
    SUPPRESS = "suppress"
    UNSUPPRESS = "unsuppress"
    ATTACH = "attach"
    ERASE_ATTACHMENT = "erase-attachment"
    ESCALATE = "escalate"

    READ = "read"
    SEARCH = "search"
    COUNT = "count"
    EXPORT = "export"
    DOWNLOAD = "download"
    READ_SOURCE = "read-source"
    READ_LOG = "read-log"
    MANAGE_PEOPLE = "manage-people"
    AGREE_RIGHT = "agree-right"

    PLAN_TALK = "plan-talk"
    MEET_VICTIM = "meet-victim"
    NOTE_NEEDS = "note-needs"
    RECORD_TALK = "record-talk"
    OFFER_REFLECTION = "offer-reflection"
    REPORT_REFLECTION = "report-reflection"
    END_REFLECTION = "end-reflection"
    RECORD_CONSENT = "record-consent"
    ASSESS_VICTIM = "assess-victim"
    HAND_ON_VICTIM = "hand-on-victim"
    REST_VICTIM = "rest-victim"
    RECORD_COMPLAINT = "record-complaint"
    RECORD_LEADS = "record-leads"
    START_INVESTIGATION = "start-investigation"
    HAND_OVER = "hand-over"


LOOKS = frozenset(
    (
        *(Verb.READ, Verb.SEARCH, Verb.COUNT, Verb.EXPORT, Verb.DOWNLOAD),
        *(Verb.READ_SOURCE, Verb.READ_LOG, Verb.MANAGE_PEOPLE, Verb.AGREE_RIGHT),
    )
)
LATER = frozenset((Verb.PLAN_TALK, Verb.RECORD_COMPLAINT, Verb.RECORD_LEADS, Verb.START_INVESTIGATION, Verb.HAND_OVER))
FOR_VICTIMS = frozenset(
    (
        *(Verb.MEET_VICTIM, Verb.NOTE_NEEDS, Verb.RECORD_TALK),
        *(Verb.OFFER_REFLECTION, Verb.REPORT_REFLECTION, Verb.END_REFLECTION),
        *(Verb.RECORD_CONSENT, Verb.ASSESS_VICTIM, Verb.HAND_ON_VICTIM, Verb.REST_VICTIM),
    )
)
"""What is done on a victim's record, which has no phases; planning a talk is one of these too."""
CHANGES = frozenset(Verb) - LOOKS - LATER - FOR_VICTIMS


class Authority(str, Enum):
    """What a figure or rule rests on; shown with it, so that policy never looks like law."""

    LAW = "law"
    INSTRUCTION = "instruction"  # an official instruction, such as the Aanwijzing mensenhandel
    POLICY = "policy"
    PROPOSAL = "proposal"  # ours, to be validated by the service


class Calendar(str, Enum):
    """How a length is counted."""

    HOURS = "hours"  # elapsed time, night and weekend included
    WORKING_DAYS = "working-days"  # Monday to Friday without public holidays
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class StartsOn(str, Enum):
    """From which moment a deadline runs."""

    PLANNED = "planned"  # when the next action was set
    RECEIVED = "received"  # when the service received the signal


class Outcome(str, Enum):
    """What a weighing decides; "no follow-up" only after a second person agrees."""

    INVESTIGATE = "investigate"
    TALK_FIRST = "talk-first"
    MORE_ENRICHMENT = "more-enrichment"
    HAND_OVER = "hand-over"
    ADMINISTRATIVE = "administrative-route"
    HELP_ONLY = "help-only"
    NO_FOLLOW_UP = "no-follow-up"


class VictimContact(str, Enum):
    """The answer to "was a possible victim spoken to?"; all but the first need a reason in words."""

    SPOKEN = "spoken"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NOT_IDENTIFIED = "not-identified"
    NOT_SAFE = "not-safe"
    NOT_ATTEMPTED = "not-attempted"


class Phrase(str, Enum):
    """What a letter to somebody is made of; none has a place for a name or a word of a signal."""

    SUBJECT_ONE = "subject-one"
    SUBJECT_MORE = "subject-more"
    SUBJECT_DIGEST = "subject-digest"
    ASKED = "asked"
    MORE = "more"
    CLOSING = "closing"
    LATE = "late"
    FACTOR_RESET_SUBJECT = "factor-reset-subject"
    FACTOR_RESET = "factor-reset"
    RIGHT_ASKED_SUBJECT = "right-asked-subject"
    RIGHT_ASKED = "right-asked"


class Told(str, Enum):
    """What a notice tells that is no event of a signal: time passed, or something that asks for a second look."""

    DUE = "due"
    LATE = "late"
    TASK_DUE = "task-due"
    TASK_LATE = "task-late"
    TASK_VERY_LATE = "task-very-late"
    SECOND_LOOK = "second-look"
    ORPHAN = "orphan"


class Guard(str, Enum):
    """A named condition on a move; each is one function in `seinpost.process.verbs.guards`."""

    HELD_BY_ACTOR = "held-by-actor"
    NOT_HELD_BY_OTHER = "not-held-by-other"
    FROM_SCAN = "from-scan"
    NOT_URGENT = "not-urgent"
    NO_OPINION_PENDING = "no-opinion-pending"
    OPINION_PENDING = "opinion-pending"
    SECOND_PERSON = "second-person"
    ENRICHED = "enriched"  # danger or a minor goes past it
    FULLY_ENRICHED = "fully-enriched"  # nothing goes past it: what may rest was looked at
    NO_OPEN_TASKS = "no-open-tasks"
    NOT_PAUSED = "not-paused"
    PAUSED = "paused"
    NOTHING_JOINED_HERE = "nothing-joined-here"
    VERY_LATE_FOR_SYSTEM = "very-late-for-system"
    OTHER_READER = "other-reader"  # what was dismissed and comes back as a sample is for somebody else


class Setting(str, Enum):
    """A figure the procedure works with; its value, date and source stand in the pack."""

    HOLD_MINUTES = "hold-minutes"
    UNDO_HOURS = "undo-hours"
    GLASS_MINUTES = "glass-minutes"
    SUPPRESS_DAYS = "suppress-days"
    PAUSE_DAYS = "pause-days"
    POSTPONE_DAYS = "postpone-days"
    POSTPONE_TIMES = "postpone-times"
    PLAN_DAYS = "plan-days"
    ESCALATION_LEVELS = "escalation-levels"
    SAMPLE_PER_MILLE = "sample-per-mille"
    SENTENCE_LETTERS = "sentence-letters"
    SILENCE_BELOW = "silence-below"
    SILENT_SAMPLE_PER_MILLE = "silent-sample-per-mille"
    ATTACHMENT_MEBIBYTES = "attachment-mebibytes"
    ATTACHMENT_COUNT = "attachment-count"
    DRAFT_DAYS = "draft-days"


class ListName(str, Enum):
    """The lists that people choose from."""

    DISMISSAL = "dismissal"
    CLOSING = "closing"
    REOPENING = "reopening"
    PAUSE = "pause"
    SUPPRESSION = "suppression"
    LEADS = "leads"
    RESULT = "result"
    GRADE = "grade"
    ANSWER = "answer"
    TASKS = "tasks"
    COMPARTMENTS = "compartments"
    ATTACHMENTS = "attachments"
    COMPETENCE = "competence"


class Refusal(str, Enum):
    """Every way to say no; each has a Dutch and an English sentence in the pack (refusals.yaml)."""

    # rights
    OTHER_SERVICE = "other-service"
    NO_GRANT = "no-grant"
    WRONG_PURPOSE = "wrong-purpose"
    OTHER_UNIT = "other-unit"
    OTHER_FORM = "other-form"
    OTHER_TASK = "other-task"
    NEED_TO_KNOW = "need-to-know"
    COMPARTMENT = "compartment"
    NOT_TRAINED = "not-trained"
    PRACTICE_ONLY = "practice-only"
    NOT_ASKED = "not-asked"
    ONLY_FOR_PERSONS = "only-for-persons"
    ONLY_FOR_SYSTEM = "only-for-system"
    NEEDS_SECOND = "needs-second"
    ASKER_LEFT = "asker-left"
    ASKED_CHANGED = "asked-changed"
    # state
    UNKNOWN_SIGNAL = "unknown-signal"
    CHANGED_SINCE = "changed-since"
    EXISTS_ALREADY = "exists-already"
    NOT_IN_THIS_PHASE = "not-in-this-phase"
    NOT_YET_AVAILABLE = "not-yet-available"
    TIME_BEFORE_LAST_EVENT = "time-before-last-event"
    NOT_HELD = "not-held"
    HELD_BY_OTHER = "held-by-other"
    NOT_FROM_SCAN = "not-from-scan"
    IS_URGENT = "is-urgent"
    OPINION_PENDING = "opinion-pending"
    NO_OPINION_PENDING = "no-opinion-pending"
    SAME_PERSON = "same-person"
    ENRICHMENT_INCOMPLETE = "enrichment-incomplete"
    COMPETENCE_MISSING = "competence-missing"
    TASKS_OPEN = "tasks-open"
    IS_PAUSED = "is-paused"
    NOT_PAUSED = "not-paused"
    NOT_VERY_LATE = "not-very-late"
    ESCALATED_TO_THE_TOP = "escalated-to-the-top"
    NOTHING_TO_UNDO = "nothing-to-undo"
    NOT_THE_LAST = "not-the-last"
    NOT_YOUR_DECISION = "not-your-decision"
    TOO_LATE_TO_UNDO = "too-late-to-undo"
    # what was filled in
    UNKNOWN_CODE = "unknown-code"
    SENTENCE_MISSING = "sentence-missing"
    SYSTEM_MISSING = "system-missing"
    LOOK_UP_WHY = "look-up-why"
    CRITERIA_MISSING = "criteria-missing"
    LEADS_MISSING = "leads-missing"
    VICTIM_CONTACT_REASON = "victim-contact-reason-missing"
    DATE_IN_PAST = "date-in-past"
    DATE_TOO_FAR = "date-too-far"
    POSTPONED_ENOUGH = "postponed-enough"
    NOBODY_NAMED = "nobody-named"
    NOT_IN_NEED_TO_KNOW = "not-in-need-to-know"
    ASSIGNEE_OTHER_SERVICE = "assignee-other-service"
    ASSIGNEE_INACTIVE = "assignee-inactive"
    JOIN_TARGET = "join-target"
    HAS_JOINED_SIGNALS = "has-joined-signals"
    OTHER_SIGNAL_NEEDED = "other-signal-needed"
    UNKNOWN_TASK = "unknown-task"
    NOT_RESTRICTED = "not-restricted"
    UNKNOWN_GLASS = "unknown-glass"
    ALREADY_SUPPRESSED = "already-suppressed"
    NOT_SUPPRESSED = "not-suppressed"
    NEVER_SILENT = "never-silent"
    NOTHING_CHANGES = "nothing-changes"
    ATTACHMENT_KIND = "attachment-kind"
    ATTACHMENT_EMPTY = "attachment-empty"
    ATTACHMENT_TOO_LARGE = "attachment-too-large"
    ATTACHMENTS_ENOUGH = "attachments-enough"
    ATTACHED_ALREADY = "attached-already"
    UNKNOWN_ATTACHMENT = "unknown-attachment"
    # a victim's record
    UNKNOWN_TALK = "unknown-talk"
    TALK_SETTLED = "talk-settled"
    ARRANGEMENT_MISSING = "arrangement-missing"
    OTHER_INTERVIEWER = "other-interviewer"
    NOT_CERTIFIED = "not-certified"
    INTERVIEWER_MISSING = "interviewer-missing"
    TOPICS_MISSING = "topics-missing"
    DATE_IN_FUTURE = "date-in-future"
    REFLECTION_ONCE = "reflection-once"
    REFLECTION_NOT_OFFERED = "reflection-not-offered"
    REFLECTION_NOT_RUNNING = "reflection-not-running"
    REFLECTION_STILL_RUNS = "reflection-still-runs"
    CONSENT_THERE = "consent-there"
    NO_CONSENT = "no-consent"
    TALK_NOT_TRIED = "talk-not-tried"
    TALK_WAITS = "talk-waits"
    VICTIM_RESTS = "victim-rests"
    VICTIM_DOES_NOT_REST = "victim-does-not-rest"


ABOUT_VICTIMS = frozenset(
    (
        *(Refusal.UNKNOWN_TALK, Refusal.TALK_SETTLED, Refusal.ARRANGEMENT_MISSING, Refusal.OTHER_INTERVIEWER),
        *(Refusal.NOT_CERTIFIED, Refusal.INTERVIEWER_MISSING, Refusal.TOPICS_MISSING, Refusal.DATE_IN_FUTURE),
        *(Refusal.REFLECTION_ONCE, Refusal.REFLECTION_NOT_OFFERED, Refusal.REFLECTION_NOT_RUNNING),
        *(Refusal.REFLECTION_STILL_RUNS, Refusal.CONSENT_THERE, Refusal.NO_CONSENT, Refusal.TALK_NOT_TRIED),
        *(Refusal.TALK_WAITS, Refusal.VICTIM_RESTS, Refusal.VICTIM_DOES_NOT_REST),
    )
)
"""What only a victim's record is refused for."""


class Ask(str, Enum):
    """How a question of the officer's form is answered."""

    ONE = "one"  # one of its options
    SOME = "some"  # any of its options
    LINE = "line"
    WORDS = "words"
    LIST = "list"  # words, as many times as there are people or places


class Goes(str, Enum):
    """Where the answer to a question of the officer's form goes."""

    RISK_TO_LIFE = "risk-to-life"
    MINOR = "minor"
    CHANNEL = "channel"
    COMPARTMENT = "compartment"
    FORMS = "forms"
    TEXT = "text"  # the words of the registration
    DETAILS = "details"  # beside them, never read by the scan


class OptionsFrom(str, Enum):
    """What a question may take its options from."""

    CHANNELS = "channels"
    COMPARTMENTS = "compartments"
    FORMS = "forms"
