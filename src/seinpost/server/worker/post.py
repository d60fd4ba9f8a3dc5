"""Mail leaves here: over TLS with proof who answers, one connection for a round; faults name no address."""

from __future__ import annotations

import smtplib
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from seinpost.errors import MailError
from seinpost.packs.procedure.procedure import Procedure
from seinpost.process.speech import reference
from seinpost.process.telling.letter import Letter
from seinpost.server.environment import Environment, MailAddress
from seinpost.store.actions.notify import Post, deliver_mails, make_mails
from seinpost.store.jobs import GoOn, always

SECONDS = 10.0  # for each answer of the mail server
OF_THIS_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


def do_post(now: datetime, plan: Procedure, go_on: GoOn = always) -> Counter[str]:
    """Make the mails that are due and send what waits; without a mail server notices stay in the workbench only."""
    environment: Environment = settings.ENVIRONMENT
    if environment.mail is None:
        return Counter({"no-mail-server": 1})
    done = make_mails(now=now)
    with connected(environment.mail) as server:
        post = Post(
            send=lambda key, to, letter: send(server, message(environment, key, to, letter, now)),
            signal_url=lambda key: environment.origin + reverse("signal", args=[key]),
            choose_url=environment.origin + reverse("mail-settings"),
            reference=reference,
            may_go_to=environment.may_mail_to,
        )
        return done + deliver_mails(post=post, now=now, plan=plan, go_on=go_on)


def message(environment: Environment, key: UUID, to: str, letter: Letter, now: datetime) -> EmailMessage:
    """The letter as a mail; its number is the same each time it is sent."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = environment.mail_from, to, letter.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{key}@{urlsplit(environment.origin).hostname}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = letter.language
    mail.set_content(letter.body)
    return mail


@contextmanager
def connected(address: MailAddress) -> Iterator[Callable[[], smtplib.SMTP]]:
    """The way to the mail server, gone when the first mail needs it."""
    found: list[smtplib.SMTP] = []

    def server() -> smtplib.SMTP:
        if not found:
            found.append(connect(address))
        return found[0]

    try:
        yield server
    finally:
        for one in found:
            with suppress(smtplib.SMTPException, OSError):
                one.quit()


def connect(address: MailAddress) -> smtplib.SMTP:
    """A connection on which mail can be handed in; the certificate is proved by the machine's own authorities."""
    context = ssl.create_default_context()
    if address.tls and not address.starttls:
        server: smtplib.SMTP = smtplib.SMTP_SSL(address.host, address.port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(address.host, address.port, timeout=SECONDS)
    try:
        if address.starttls:
            server.starttls(context=context)  # a server without it is refused, not used in the open
        if address.user:
            server.login(address.user, address.password)
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server


def send(server: Callable[[], smtplib.SMTP], mail: EmailMessage) -> None:
    """Hand one mail in; raises MailError, with a code and never with an address."""
    try:
        server().send_message(mail)
    except OF_THIS_MAIL as fault:
        raise MailError(f"refused: {code_of(fault)}", away=False) from fault
    except (smtplib.SMTPException, OSError) as fault:
        raise MailError(f"the mail server does not take mail: {code_of(fault)}", away=True) from fault


def code_of(fault: Exception) -> str:
    """The code of an answer, or the kind of fault: what a server says may repeat the address.

    Of a certificate: what is wrong with it, in the words of the library, which knows no address.
    """
    if isinstance(fault, smtplib.SMTPResponseException):
        return str(fault.smtp_code)
    if isinstance(fault, ssl.SSLCertVerificationError):
        return f"its certificate is not believed: {fault.verify_message}"
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return "it offers no TLS, or no way to log in"
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return ", ".join(str(code) for code, _said in fault.recipients.values())
    return type(fault).__name__
