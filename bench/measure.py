"""What a measurement is, and how it is printed."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """`value` in `unit`; `beside`: (a bound's name, its value) to show the ratio to; `meaning`: what the row says."""

    what: str
    value: float
    unit: str
    meaning: str
    beside: tuple[tuple[str, float], ...] = ()


async def per_second(number: int, work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return number / (time.perf_counter() - began)


async def until(condition: Callable[[], Awaitable[bool]], limit_s: float) -> None:
    async with asyncio.timeout(limit_s):
        done = await condition()
        while not done:
            await asyncio.sleep(0.05)
            done = await condition()


def percentile(values: Sequence[float], part: int) -> float:
    return statistics.quantiles(values, n=100)[part - 1]


def show(rows: Sequence[Row]) -> None:
    table = Table(title="Each value beside its bounds, all measured in this run on this machine", show_lines=True)
    for column in ("what", "value", "of its bounds", "what it means"):
        table.add_column(column, overflow="fold")
    for row in rows:
        shares = "\n".join(f"{row.value / bound:.0%} of {name}" for name, bound in row.beside)
        table.add_row(row.what, f"{row.value:,.0f} {row.unit}", shares, row.meaning)
    Console(width=150).print(table)
