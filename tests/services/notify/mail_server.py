"""A real SMTP server that does what a test tells it to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP

from services.notify.delivery.channels.mail import MailChannel
from tests.serving import PUBLIC


class MailServer:
    """`answers`: what to say to the next recipients, one each; then all are taken. `drops`: how many of the next mails are
    taken while the connection breaks before the answer."""

    def __init__(self) -> None:
        self.port = self.connections = 0
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []
        self.data_answers: list[str] = []
        self.drops = 0
        self.gate: asyncio.Event | None = None
        self.deaf_to_goodbyes = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        if self.deaf_to_goodbyes:
            await asyncio.Event().wait()
        return "221 Bye"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.gate:
            await self.gate.wait()
        if self.data_answers:
            return self.data_answers.pop(0)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        if self.drops:
            self.drops -= 1
            server.transport.abort()
        return "250 OK"


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    mails = MailServer()
    loop = asyncio.get_running_loop()

    def connected() -> SMTP:
        mails.connections += 1
        return SMTP(mails, hostname="localhost", loop=loop)

    listening = await loop.create_server(connected, "127.0.0.1", 0)
    mails.port = listening.sockets[0].getsockname()[1]
    try:
        yield mails
    finally:
        listening.close()


def new_channel(mails: MailServer) -> MailChannel:
    """Each worker has its own: one that rests says goodbye on its connection."""
    return MailChannel("127.0.0.1", mails.port, sender="debai@debai.example", public_url=f"{PUBLIC}/")
