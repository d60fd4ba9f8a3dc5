"""Everything the API says to people, in Dutch and English."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from seinpost.api.shapes import LONGEST_ID, LONGEST_TEXT, MOST_BYTES, MOST_ITEMS, MOST_KEPT

Both = tuple[str, str]
"""Dutch, English."""
LANGUAGES = ("nl", "en")


def told(words: Both, language: str) -> str:
    """One of both."""
    return words[language == "en"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, and what it means."""

    status: int
    title: Both


class Fault(Enum):
    """Every problem a request can meet, by the name that its `type` ends in."""

    NOT_JSON = Kind(400, ("Het verzoek is geen leesbare JSON.", "The request is no JSON that can be read."))
    NOT_READ = Kind(400, ("Geen enkele registratie kon worden gelezen.", "Not one registration could be read."))
    CUT_SHORT = Kind(400, ("Het verzoek brak af.", "The request was cut short."))
    NO_KEY = Kind(401, ("Er is geen geldige sleutel meegegeven.", "No valid key was given."))
    ENDED_KEY = Kind(401, ("Deze sleutel is verlopen of ingetrokken.", "This key has ended."))
    MISSING_SCOPE = Kind(403, ("Deze sleutel is hier niet voor.", "This key is not for this."))
    OTHER_NETWORK = Kind(
        403,
        (
            "De dienst van deze sleutel staat dit netwerk niet toe.",
            "The service of this key does not allow this network.",
        ),
    )
    NOT_FOUND = Kind(404, ("Dit bestaat niet.", "There is no such thing."))
    NOT_ALLOWED = Kind(405, ("Deze methode kan hier niet.", "This method is not possible here."))
    NO_LENGTH = Kind(411, ("De lengte van het verzoek ontbreekt.", "The length of the request is missing."))
    TOO_LARGE = Kind(413, ("Het verzoek is te groot.", "The request is too large."))
    NOT_JSON_TYPE = Kind(415, ("Alleen JSON in UTF-8, niet ingepakt.", "Only JSON in UTF-8, not compressed."))
    TOO_MANY = Kind(429, ("Te veel in één minuut.", "Too much within one minute."))
    NOT_READABLE = Kind(400, ("Het verzoek is niet te lezen.", "The request cannot be read."))
    FAILED = Kind(500, ("Een fout van de server; niets is half opgeslagen.", "A server fault; nothing is half saved."))
    NO_DATABASE = Kind(
        503,
        (
            "De database antwoordt niet; niets is half opgeslagen. Verstuur hetzelfde verzoek straks opnieuw.",
            "The database does not answer; nothing is half saved. Send the same request again in a moment.",
        ),
    )

    @property
    def code(self) -> str:
        """The name in addresses."""
        return self.name.lower().replace("_", "-")


ALLOWED: dict[str, Both] = {
    "registration_id": (
        f"tekst van 1 tot {LONGEST_ID} tekens, zonder besturingstekens",
        f"text of 1 to {LONGEST_ID} characters, no control characters",
    ),
    "text": (
        f"tekst van ten hoogste {LONGEST_TEXT} tekens, geldige Unicode",
        f"text of at most {LONGEST_TEXT} characters, valid Unicode",
    ),
    "registered_at": (
        "moment met tijdzone, 2026-11-27T08:05:00+01:00, van 1900 tot 2200",
        "moment with its zone, 2026-11-27T08:05:00+01:00, from 1900 to 2200",
    ),
    "kept": (
        f"ten hoogste {MOST_KEPT} velden, naam tot 60 en tekst tot 1000 tekens",
        f"at most {MOST_KEPT} fields, name up to 60 and text up to 1000 characters",
    ),
    "registrations": (
        f"een lijst van 1 tot {MOST_ITEMS} registraties",
        f"a list of 1 to {MOST_ITEMS} registrations",
    ),
    "lane": ("daily of historical", "daily or historical"),
    "": (
        "een object met registration_id en text, en hoogstens registered_at en kept",
        "an object with registration_id and text, and at most registered_at and kept",
    ),
    "body": (
        "een object met registrations, en hoogstens lane",
        "an object with registrations, and at most lane",
    ),
    "json": ("JSON in UTF-8, geen naam twee keer, geen NaN", "JSON in UTF-8, no name twice, no NaN"),
    "bytes": (f"{MOST_BYTES} bytes", f"{MOST_BYTES} bytes"),
}
"""What is allowed in a field; "" is a whole registration, "body" a whole request."""

WRONG: dict[str, Both] = {
    "missing": ("Het veld ontbreekt.", "The field is missing."),
    "unknown": ("Dit veld is onbekend.", "This field is unknown."),
    "value": ("De waarde is niet toegestaan.", "The value is not allowed."),
    "double": ("Dit nummer komt in dit verzoek al eerder voor.", "This number stands in this request before."),
    "scan": ("De tekst kan niet worden gelezen.", "The text cannot be read."),
    "filing": ("De registratie kan niet worden opgenomen.", "The registration cannot be filed."),
}

MEANING: dict[str, Both] = {
    "Handed": ("De inhoud van een verzoek.", "The body of a request."),
    "Handed.registrations": ("De registraties.", "The registrations."),
    "Handed.lane": (
        "Baan van de wachtrij: historical voor oude registraties, die de dag niet overspoelen.",
        "Lane of the queue: historical for old registrations, which do not flood the day.",
    ),
    "Registration": ("Eén registratie.", "One registration."),
    "Registration.registration_id": (
        "Nummer bij de bron. Zelfde nummer: zelfde registratie.",
        "Number at the source. The same number is the same registration.",
    ),
    "Registration.text": (
        "De tekst zoals geschreven. Andere tekst onder een bekend nummer is een nieuwe versie.",
        "The text as written. Other text under a known number is a new version.",
    ),
    "Registration.registered_at": ("Moment van registratie, met tijdzone.", "Moment of registration, with its zone."),
    "Registration.kept": (
        "Velden van de bron die bij het signaal zichtbaar blijven.",
        "Fields of the source that stay visible with the signal.",
    ),
    "Answer": ("Het antwoord op een verzoek.", "The answer to a request."),
    "Answer.account": ("De telling van dit verzoek.", "The account of this request."),
    "Answer.results": (
        "Wat er van iedere registratie werd, in de volgorde van het verzoek.",
        "What became of each registration, in the order of the request.",
    ),
    "Account": (
        "Een regel van de sluitende telling. received is de som van alle andere aantallen.",
        "A row of the ledger of imports. received is the sum of all other counts.",
    ),
    "Account.id": ("Kenmerk, om de regel later op te vragen.", "Id, to ask for the row later."),
    "Account.source": ("De bron waar de sleutel voor spreekt.", "The source the key speaks for."),
    "Account.unit": ("De eenheid die de signalen krijgt.", "The unit that gets the signals."),
    "Account.lane": ("Baan van de wachtrij.", "Lane of the queue."),
    "Account.digest": ("SHA-256 over wat werd aangeboden.", "SHA-256 over what was handed in."),
    "Account.pack": ("Het regelpakket waarmee is gelezen.", "The rule pack it was read with."),
    "Account.started_at": ("Begin.", "Start."),
    "Account.finished_at": ("Einde.", "End."),
    "Account.received": ("Ontvangen.", "Received."),
    "Account.filed": ("Nieuw in de wachtrij.", "New in the queue."),
    "Account.known": ("Al bekend.", "Known already."),
    "Account.new_version": ("Nieuwe versie van een bekend signaal.", "New version of a known signal."),
    "Account.refused": ("Geweigerd.", "Refused."),
    "Account.not_flagged": (
        "Niet voor mensen en niet in de steekproef: niets van bewaard dan dit aantal.",
        "Not for people and not in the sample: nothing kept but this count.",
    ),
    "Outcome": ("Wat er van één registratie werd.", "What became of one registration."),
    "Outcome.registration_id": ("Het nummer; null als het niet te lezen was.", "The number; null if unreadable."),
    "Outcome.result": (
        "filed: in de wachtrij; not-flagged: niet bewaard; known: al bekend; new-version: versie toegevoegd;"
        " refused: zie errors.",
        "filed: in the queue; not-flagged: not kept; known: there already; new-version: version appended;"
        " refused: see errors.",
    ),
    "Outcome.signal": ("Nummer van het signaal, als het er een is.", "Number of the signal, if it is one."),
    "Outcome.errors": ("Wat er niet goed is.", "What is wrong."),
    "FieldFault": ("Wat er aan één veld niet goed is.", "What is wrong with one field."),
    "FieldFault.pointer": ("Plaats in het verzoek (JSON Pointer).", "Place in the request (JSON Pointer)."),
    "FieldFault.value": (
        "De waarde, ingekort; van een tekst alleen de lengte.",
        "The value, cut short; of a text only its length.",
    ),
    "FieldFault.allowed": ("Wat is toegestaan.", "What is allowed."),
    "FieldFault.detail": ("Eén zin.", "One sentence."),
    "Problem": ("Waarom een verzoek niet kon (RFC 9457).", "Why a request could not be done (RFC 9457)."),
    "Problem.type": ("Soort, als adres in deze documentatie.", "Kind, as an address in this documentation."),
    "Problem.title": ("De soort in woorden.", "The kind in words."),
    "Problem.status": ("De HTTP-status.", "The HTTP status."),
    "Problem.detail": ("Wat er hier aan de hand is.", "What is the matter here."),
    "Problem.errors": ("De velden die niet goed zijn.", "The fields that are wrong."),
    "Result": ("Wat er van een registratie werd.", "What became of a registration."),
    "pushRegistrations": (
        "Registraties aanbieden. Iedere registratie wordt gelezen met het regelpakket van de dienst. Opnieuw aanbieden"
        " verandert niets. 200: alles goed; 207: een deel is geweigerd.",
        "Hand in registrations. Each is read with the service's rule pack. Handing in again changes nothing."
        " 200: all well; 207: some were refused.",
    ),
    "pushRegistrations.summary": ("Registraties aanbieden", "Hand in registrations"),
    "getImport": (
        "De telling van een eerder verzoek, van dezelfde bron en eenheid als de sleutel.",
        "The account of an earlier request, of the same source and unit as the key.",
    ),
    "getImport.summary": ("Een telling opvragen", "Ask for an account"),
    "getImport.import": ("Kenmerk uit account.id.", "Id from account.id."),
    "info": (
        "Voor systemen van een dienst: registraties aanbieden aan de werkplek. Met een sleutel die een beheerder maakt:"
        " Authorization: Bearer seinpost_... Meldingen in het Nederlands, of met Accept-Language: en in het Engels.",
        "For systems of a service: hand in registrations to the workbench. With a key that an administrator makes:"
        " Authorization: Bearer seinpost_... Messages in Dutch, or in English with Accept-Language: en.",
    ),
    "key": ("Een sleutel met doel intake:write.", "A key with scope intake:write."),
    "API-Version": ("De hele versie van deze API.", "The whole version of this API."),
    "Retry-After": ("Over hoeveel seconden opnieuw.", "In how many seconds to try again."),
}
"""What each shape, field and operation means."""

LABELS: dict[str, Both] = {
    "body": ("Inhoud", "Body"),
    "answers": ("Antwoorden", "Answers"),
    "status": ("Status", "Status"),
    "meaning": ("Betekenis", "Meaning"),
    "problems": ("Problemen", "Problems"),
    "ends": ("type eindigt op", "type ends in"),
    "shapes": ("Vormen", "Shapes"),
    "field": ("Veld", "Field"),
    "kind": ("Soort", "Kind"),
    "required": ("Verplicht", "Required"),
    "size": ("Omvang", "Size"),
    "yes": ("ja", "yes"),
}
"""What the page says around it."""
