"""The gateway, with small upstreams behind it: who answers what, and what is said when nobody does."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from deploy.embedded import caddy
from deploy.embedded.parts import Running
from deploy.embedded.ports import any_free
from deploy.embedded.supervisor import Supervisor
from tests.serving import serving
from tests.waiting import until


@dataclass(frozen=True, slots=True)
class Gateway:
    client: httpx.AsyncClient
    supervisor: Supervisor

    async def who(self, path: str) -> str:
        answer = await self.client.get(path)
        assert answer.status_code == 200
        return answer.text


def upstream(name: str, first_word_heard: asyncio.Event) -> Starlette:
    """Answers its name; /…/dong streams a word and the next one only when the first was heard."""

    async def words() -> AsyncIterator[str]:
        yield "data: first\n\n"
        await first_word_heard.wait()
        yield "data: second\n\n"
        await asyncio.Event().wait()

    async def answer(request: Request) -> PlainTextResponse | StreamingResponse:
        if request.url.path.endswith("/dong"):
            return StreamingResponse(words(), media_type="text/event-stream")
        return PlainTextResponse(name, headers={"content-security-policy": "default-src 'self'"})

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])


@pytest.fixture
def first_word_heard() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
async def gateway(tmp_path: Path, first_word_heard: asyncio.Event) -> AsyncIterator[Gateway]:
    """Two replicas of matching; notify has one more that is down."""
    async with AsyncExitStack() as stack:
        names = ("intake", "matching-1", "matching-2", "notify")
        hosts = [await stack.enter_async_context(serving(upstream(name, first_word_heard))) for name in names]
        intake, one, two, notify = (host.removeprefix("http://") for host in hosts)
        services = {"intake": [intake], "matching": [one, two], "notify": [notify, f"127.0.0.1:{any_free()}"]}
        yield await started(stack, tmp_path, services)


@pytest.fixture
async def lonely(tmp_path: Path) -> AsyncIterator[Gateway]:
    """Nobody but intake is up."""
    async with AsyncExitStack() as stack:
        intake = await stack.enter_async_context(serving(upstream("intake", asyncio.Event())))
        down = f"127.0.0.1:{any_free()}"
        services = {"intake": [intake.removeprefix("http://")], "matching": [down], "notify": [down]}
        yield await started(stack, tmp_path, services)


async def started(stack: AsyncExitStack, folder: Path, services: dict[str, list[str]]) -> Gateway:
    port, supervisor = any_free(), Supervisor(folder)
    stack.push_async_callback(supervisor.stop)
    await supervisor.start(caddy.part(folder, port, services))
    address = f"http://127.0.0.1:{port}"
    client = httpx.AsyncClient(base_url=address, trust_env=False, timeout=20)
    return Gateway(await stack.enter_async_context(client), supervisor)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/bai-toan",
        "/cua-toi/x",
        "/dieu-phoi",
        "/dang-nhap",
        "/dang-xuat",
        "/intake/v1/problems",
        "/khong-co-trang",
    ],
)
async def test_intake_answers_its_pages_its_api_and_what_is_not_found(gateway: Gateway, path: str) -> None:
    assert await gateway.who(path) == "intake"


@pytest.mark.parametrize("path", ["/hop-thu", "/hop-thu/lien-he", "/notify/v1/inbox", "/notify/van-hanh"])
async def test_notify_answers_its_pages_and_api_though_a_replica_is_down(gateway: Gateway, path: str) -> None:
    assert {await gateway.who(path) for _ in range(4)} == {"notify"}


@pytest.mark.parametrize("path", ["/ket-noi", "/ket-noi/ho-so", "/matching/docs"])
async def test_the_replicas_of_matching_take_turns(gateway: Gateway, path: str) -> None:
    assert {await gateway.who(path) for _ in range(20)} == {"matching-1", "matching-2"}


async def test_a_name_that_only_begins_like_a_page_is_not_taken_for_it(gateway: Gateway) -> None:
    assert await gateway.who("/hop-thu-cu") == "intake"


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_health_and_figures_are_not_for_outside(gateway: Gateway, path: str) -> None:
    assert (await gateway.client.get(path)).status_code == 404


async def test_security_headers_of_a_service_come_through_once(gateway: Gateway) -> None:
    answer = await gateway.client.get("/")
    assert answer.headers.get_list("content-security-policy") == ["default-src 'self'"]


async def test_a_live_stream_is_not_held_back(gateway: Gateway, first_word_heard: asyncio.Event) -> None:
    async with gateway.client.stream("GET", "/hop-thu/dong") as answer:
        lines = (line async for line in answer.aiter_lines() if line)
        assert await anext(lines) == "data: first"
        first_word_heard.set()
        assert await anext(lines) == "data: second"


async def test_the_gateway_stops_by_itself_though_a_live_stream_is_open(gateway: Gateway) -> None:
    running = gateway.supervisor.running["gateway"]
    async with gateway.client.stream("GET", "/hop-thu/dong") as answer:
        lines = (line async for line in answer.aiter_lines() if line)
        assert await anext(lines) == "data: first"
        running.signal(signal.SIGTERM)
        await until(lambda: ended(running))


async def ended(running: Running) -> bool:
    """Once; the supervisor has it back by now."""
    return running.restarts == 1


async def test_a_service_that_is_down_is_a_page_in_two_languages_and_the_others_go_on(lonely: Gateway) -> None:
    answer = await lonely.client.get("/ket-noi")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "tạm thời chưa phục vụ được" in answer.text
    assert 'lang="en"' in answer.text
    assert await lonely.who("/bai-toan") == "intake"


async def test_an_api_that_is_down_answers_problem_json(lonely: Gateway) -> None:
    answer = await lonely.client.post("/notify/v1/contacts", json={})
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "service_away"


async def test_it_listens_on_this_machine_alone(gateway: Gateway) -> None:
    assert listening(gateway.client.base_url.port or 0) == ["0100007F"]


def listening(port: int) -> list[str]:
    """The addresses (IPv4, and IPv6 of which there should be none), as the kernel writes them."""
    tables = [Path(f"/proc/net/{table}").read_text().splitlines()[1:] for table in ("tcp", "tcp6")]
    rows = [line.split() for table in tables for line in table]
    return [row[1].split(":")[0] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A"]
