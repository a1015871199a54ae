"""Mail by SMTP."""

import asyncio
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate
from html import escape

import aiosmtplib

from services.notify.delivery.plan import SENDING
from services.notify.delivery.rendering import Rendered
from shared.refusals import Text

WHY = Text("Vì sao anh/chị nhận thư này", "Why you got this")
SETTINGS = Text("Đổi cách nhận tin", "Change how you are told")
OPEN = Text("Mở", "Open")
ANSWER_S = 15
BYE_S = 1
"""A server that does not even answer a goodbye must not hold up our stop."""
A_CONNECTION = 50
"""Mails; many servers take no more than a hundred by one connection."""


class RefusedForGood(Exception):
    """The server will never take a mail for this address, or this mail."""


class NotNow(Exception):
    """The server did not take it this time; or it refuses us as a sender, which an operator can mend."""


def _refusal(code: int) -> RefusedForGood | NotNow:
    return RefusedForGood(str(code)) if code >= 500 else NotNow(str(code))


class MailChannel:
    """One worker's connection to the mail server: when that worker rests it is closed. `public_url` makes the links."""

    def __init__(self, host: str, port: int, *, sender: str, public_url: str) -> None:
        self._sender, self._public_url = sender, public_url.rstrip("/")
        self._server, self._sent = aiosmtplib.SMTP(hostname=host, port=port, timeout=ANSWER_S), 0

    @property
    def domain(self) -> str:
        return self._sender.rpartition("@")[2]

    async def send(self, message: EmailMessage) -> None:
        """Returns when the server has accepted it. Raises NotNow, RefusedForGood."""
        try:
            async with asyncio.timeout(SENDING.total_seconds()):
                await self._connect()
                await self._server.send_message(message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients[0].code) from None
        except aiosmtplib.SMTPDataError as error:
            raise _refusal(error.code) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            self._server.close()
            raise NotNow(type(error).__name__) from None
        except BaseException:
            self._server.close()  # cut off in mid-sentence: its next answer would be about this mail
            raise

    async def _connect(self) -> None:
        """Keeps the connection of the mail before: to open one costs more than the mail."""
        if self._sent == A_CONNECTION:
            await self.rest()
        if not self._server.is_connected:
            await self._server.connect()
            self._sent = 0
        self._sent += 1

    async def rest(self) -> None:
        """Nothing to send for now: no connection is kept for it."""
        if self._server.is_connected:
            with suppress(aiosmtplib.SMTPException, TimeoutError):
                async with asyncio.timeout(BYE_S):
                    await self._server.quit()
            self._server.close()

    def compose(self, to: str, words: Rendered, *, link: str, language: str, message_id: str) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"] = f"Đề Bài <{self._sender}>", to
        message["Subject"] = f"[Đề Bài] {words.subject}"
        message["Date"], message["Message-ID"] = formatdate(), message_id
        message["Auto-Submitted"] = "auto-generated"
        message["X-Template"] = words.template
        message.set_content(self._text(words, link, language))
        message.add_alternative(self._html(words, link, language), subtype="html")
        return message

    def _text(self, words: Rendered, link: str, language: str) -> str:
        settings = f"{SETTINGS.read(language)}: {self._public_url}/hop-thu/cai-dat"
        return f"{words.body}\n\n{self._public_url}{link}\n\n--\n{WHY.read(language)}: {words.why}\n{settings}\n"

    def _html(self, words: Rendered, link: str, language: str) -> str:
        return (
            f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{escape(words.subject)}</title>'
            f"<p>{escape(words.body)}</p>"
            f'<p><a href="{escape(self._public_url + link)}">{OPEN.read(language)}</a></p>'
            f"<hr><p><small>{WHY.read(language)}: {escape(words.why)} "
            f'<a href="{escape(self._public_url)}/hop-thu/cai-dat">{SETTINGS.read(language)}</a></small></p></html>'
        )
