"""A real SMTP server on this machine: every mail becomes a file of a Maildir. `python -m deploy.embedded.mail_sink PORT FOLDER`."""

import asyncio
import mailbox
import signal
import sys
from pathlib import Path

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP


def server(folder: Path) -> SMTP:
    mailbox.Maildir(folder, create=True)
    return SMTP(Mailbox(folder), enable_SMTPUTF8=True, hostname="localhost")


async def main(port: int, folder: Path) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    listening = await loop.create_server(lambda: server(folder), "127.0.0.1", port)
    await stop.wait()
    listening.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
