"""A mail server of our own, on a real socket: what it was given, and how it answers."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_string
from email.policy import default


@dataclass
class Postbox:
    """What arrived, and the answers that are asked of it; `refuse` holds addresses, `broken` breaks off a mail.

    With `tls` it speaks that: from the first byte if `wrapped`, else after it was asked. `spoken` is every word that
    was said to it, and whether that was inside TLS.
    """

    port: int = 0
    tls: ssl.SSLContext | None = None
    wrapped: bool = False
    spoken: list[tuple[str, bool]] = field(default_factory=list)
    mails: list[tuple[str, str]] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    broken: bool = False


class Handler(socketserver.StreamRequestHandler):
    """One conversation of RFC 5321, as far as handing in needs it."""

    def handle(self) -> None:
        """Talk until the other side leaves."""
        box: Postbox = self.server.box  # type: ignore[attr-defined]
        try:
            if box.tls and box.wrapped:
                self.wrap(box.tls)
            self.answer("220 test")
            self.talk(box)
        except (ssl.SSLError, ConnectionError):
            return  # the other side did not believe the certificate, and left

    def talk(self, box: Postbox) -> None:
        """Answer word by word."""
        to, inside = "", box.wrapped
        while line := self.rfile.readline().decode("ascii").strip():
            word = line.split(" ")[0].split(":")[0].upper()
            box.spoken.append((word, inside))
            if word == "EHLO":
                offers = ["test", "AUTH PLAIN", *(["STARTTLS"] if box.tls and not inside else [])]
                self.answer("\r\n".join([*(f"250-{one}" for one in offers[:-1]), f"250 {offers[-1]}"]))
            elif word == "STARTTLS" and box.tls and not inside:
                self.answer("220 go on")
                self.wrap(box.tls)
                inside = True
            elif word == "AUTH":
                self.answer("235 ok")
            elif word == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                self.answer("550 no such address " + to if to in box.refuse else "250 ok")
            elif word == "DATA":
                self.answer("354 go on")
                text = self.read_text()
                if box.broken:
                    return
                box.mails.append((to, readable(text)))
                self.answer("250 ok")
            elif word == "QUIT":
                self.answer("221 bye")
                return
            else:
                self.answer("250 ok")

    def wrap(self, tls: ssl.SSLContext) -> None:
        """Go on inside TLS; what was sent before it is forgotten."""
        self.connection = tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)

    def finish(self) -> None:
        """Leave nothing open; the server closes only what there was before TLS."""
        super().finish()
        self.connection.close()

    def read_text(self) -> str:
        """The lines up to the dot."""
        lines = []
        while (line := self.rfile.readline().decode("utf-8").rstrip("\r\n")) != ".":
            lines.append(line)
        return "\n".join(lines)

    def answer(self, text: str) -> None:
        """One line back."""
        self.wfile.write(f"{text}\r\n".encode("ascii"))


def readable(text: str) -> str:
    """A mail as its reader sees it: headers, then the words."""
    mail = message_from_string(text, policy=default)
    return "\n".join([*(f"{name}: {value}" for name, value in mail.items()), mail.get_content()])


class Server(socketserver.ThreadingTCPServer):
    """Several conversations at once."""

    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def mail_server(box: Postbox) -> Iterator[Postbox]:
    """Serve a postbox; on the port it had before, if it had one."""
    with Server(("127.0.0.1", box.port), Handler) as server:
        server.box = box  # type: ignore[attr-defined]
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield box
        server.shutdown()
        thread.join()
