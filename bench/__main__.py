"""`make bench`: every speed beside its bounds, measured in one run, in at most five minutes.

The engines are the embedded ones in a folder of their own, or those of MONGO_URL and KAFKA_BOOTSTRAP.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console

from bench import coach, consume, drain, path, post, writing
from bench.measure import Row, show
from deploy.demo.office import Office
from deploy.demo.story import Story
from deploy.embedded.parts import Part, listens
from deploy.embedded.ports import any_free
from deploy.embedded.supervisor import Supervisor
from deploy.embedded.system import Options, System
from deploy.embedded.trouble import Trouble
from shared.garbage import collect_seldom
from shared.mongo import Client, connect

console = Console()


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="debai-bench-") as folder:
        prefix = f"bench_{os.urandom(3).hex()}_"
        options = Options(Path(folder), database_prefix=prefix, topic_prefix=prefix.replace("_", "-"))
        async with System(options, _say) as system:
            client: Client = connect(system.engines.mongo_url, app_name="bench")
            show(await _measure(client, system, prefix))
            for name in ("intake", "matching", "notify"):
                await client.drop_database(prefix + name)
            client.close()


async def _measure(client: Client, system: System, prefix: str) -> list[Row]:
    office = Office(system.public_url)
    try:
        _say("units, people and profiles")
        await Story(office, _say).set_the_stage()
        intake = int(system.addresses["intake"][0].rpartition(":")[2])
        _say("publish → inbox item")
        rows = await path.measure(office, client[f"{prefix}notify"], intake=intake)
        _say("POST problem")
        async with _validating_door(system) as validating:
            rows += await post.measure(client, client[f"{prefix}intake"], office, intake=intake, validating=validating)
        _say("coach")
        rows += await coach.measure(await office.token(post.DRAFTER), intake=intake)
        rows += await writing.measure(system.public_url, await office.token(post.DRAFTER))
        _say("reliable consume")
        rows += await consume.measure(client, system.engines.kafka_bootstrap)
        _say("relay drain")
        return rows + await drain.measure(client, system.engines.kafka_bootstrap)
    finally:
        await office.close()


@asynccontextmanager
async def _validating_door(system: System) -> AsyncIterator[int]:
    """A process beside the real one, with the same settings. Gives its port."""
    port, supervisor = any_free(), Supervisor(system.logs)
    env = {**system.running["intake-1"].part.env, "HTTP_PORT": str(port)}
    argv = [sys.executable, "-m", "bench.validate_only"]
    await supervisor.start(Part("validate-only", argv, lambda: listens(port), env=env))
    try:
        yield port
    finally:
        await supervisor.stop()


def _say(sentence: str) -> None:
    console.print(f"[dim]{sentence}[/dim]")


if __name__ == "__main__":
    collect_seldom()  # as every service does
    try:
        asyncio.run(main())
    except Trouble as error:
        sys.exit(str(error))
