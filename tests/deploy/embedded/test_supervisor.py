"""The supervisor, with real processes: a dead part comes back, a stop leaves nothing."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from deploy.embedded.parts import DEATHS, Part, Running, bound_to_us
from deploy.embedded.supervisor import Supervisor
from deploy.embedded.trouble import Trouble
from tests.deploy.embedded.processes import STEADY, STUBBORN, alive, appears, at_once, python
from tests.waiting import until

TELLS_ITS_END = (
    "import signal, time; f = open(sys.argv[1], 'a')\n"
    "def end(*_): f.write(sys.argv[2]); f.flush(); sys.exit()\n"
    "signal.signal(signal.SIGTERM, end); open(sys.argv[3], 'w'); time.sleep(600)"
)
WITH_A_CHILD = (
    "import subprocess, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "open(sys.argv[1], 'w').write(f'{child.pid}\\n'); time.sleep(600)"
)


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(tmp_path)
    yield supervisor
    await supervisor.stop()


def pid_of(supervisor: Supervisor, name: str) -> int:
    pid = supervisor.running[name].pid
    assert pid is not None
    return pid


async def test_a_killed_part_is_started_anew(supervisor: Supervisor) -> None:
    await supervisor.start(python("steady", STEADY))
    running, before = supervisor.running["steady"], pid_of(supervisor, "steady")
    running.kill()
    await until(lambda: _is(running.pid not in (None, before)))
    assert running.restarts == 1
    assert not alive(before)


async def test_many_deaths_that_were_each_got_over_do_not_count_as_failing_to_start(supervisor: Supervisor) -> None:
    await supervisor.start(python("steady", STEADY))
    running = supervisor.running["steady"]
    for number in range(1, DEATHS + 2):
        running.kill()
        await until(partial(_came_back, running, number))
        await running.wait_ready()
    assert running.pid


async def test_a_part_that_dies_again_and_again_is_given_up_with_the_end_of_its_log(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    births = tmp_path / "births"
    code = "open(sys.argv[1], 'a').write('x'); sys.exit('the disk is on fire')"
    with pytest.raises(Trouble, match=r"broken does not start(.|\n)*the disk is on fire"):
        await supervisor.start(python("broken", code, births, ready=_never))
    assert births.read_text() == "x" * DEATHS


async def test_a_part_that_is_never_ready_is_named(supervisor: Supervisor) -> None:
    with pytest.raises(Trouble, match="slow does not start"):
        await supervisor.start(python("slow", STEADY, ready=_never, ready_s=0.1))


async def test_a_program_that_is_missing_is_named(supervisor: Supervisor) -> None:
    with pytest.raises(Trouble, match="/no/such/program: No such file"):
        await supervisor.start(Part("ghost", ["/no/such/program"], at_once))


async def test_when_one_part_fails_no_other_is_left(supervisor: Supervisor) -> None:
    with pytest.raises(Trouble):
        await supervisor.start(Part("ghost", ["/no/such/program"], at_once), python("steady", STEADY, ready=_never))
    started = supervisor.running["steady"].pid
    await supervisor.stop()
    assert started is None or not alive(started)


async def test_higher_ranks_are_gone_before_lower_ones_are_told(supervisor: Supervisor, tmp_path: Path) -> None:
    ends = tmp_path / "ends"
    for rank in range(3):
        ready = tmp_path / f"ready{rank}"
        await supervisor.start(python(f"p{rank}", TELLS_ITS_END, ends, rank, ready, ready=appears(ready), rank=rank))
    await supervisor.stop()
    assert ends.read_text() == "210"


async def test_a_part_that_will_not_stop_is_killed(supervisor: Supervisor, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    await supervisor.start(python("stubborn", STUBBORN, ready, ready=appears(ready)))
    pid = pid_of(supervisor, "stubborn")
    await supervisor.stop()
    assert not alive(pid)


async def test_stopping_takes_what_a_part_has_started_itself(supervisor: Supervisor, tmp_path: Path) -> None:
    told = tmp_path / "child"
    await supervisor.start(python("parent", WITH_A_CHILD, told, ready=appears(told)))
    child = int(await until(lambda: _text(told)))
    await supervisor.stop()
    await until(lambda: _is(not alive(child)))


async def test_a_stop_while_a_part_is_coming_back_leaves_nothing(supervisor: Supervisor) -> None:
    await supervisor.start(python("steady", STEADY))
    running = supervisor.running["steady"]
    running.kill()
    await until(lambda: _is(running.pid is None))
    await supervisor.stop()
    assert running.pid is None


async def test_nothing_is_left_when_the_supervisor_itself_is_killed(tmp_path: Path) -> None:
    program = (
        "import asyncio, pathlib\n"
        "from deploy.embedded.supervisor import Supervisor\n"
        "from tests.deploy.embedded.processes import STEADY, python\n"
        "async def main():\n"
        "    supervisor = Supervisor(pathlib.Path(sys.argv[1]))\n"
        "    await supervisor.start(*(python(f'p{n}', STEADY) for n in range(3)))\n"
        "    print(*(one.pid for one in supervisor.running.values()), flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", f"import sys\n{program}", str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    pids = [int(word) for word in (await process.stdout.readline()).split()]
    assert len(pids) == 3
    assert all(map(alive, pids))
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    await until(lambda: _is(not any(map(alive, pids))))


async def test_a_program_does_not_begin_when_who_started_it_is_gone_already() -> None:
    """Its parent is another one by then: here a shell."""
    between = await asyncio.create_subprocess_exec("sh", "-c", '"$@"; exit $?', "sh", *bound_to_us("true"))
    assert await between.wait() == 1
    assert await (await asyncio.create_subprocess_exec(*bound_to_us("true"))).wait() == 0


async def _is(answer: bool) -> bool:
    return answer


async def _came_back(running: Running, times: int) -> bool:
    return running.restarts == times


async def _text(path: Path) -> str:
    return await asyncio.to_thread(path.read_text)


async def _never() -> bool:
    return False
