"""Free ports, chosen once for each stack and kept, and the secrets that go with them."""

import json
import os
import secrets
import socket
from dataclasses import dataclass, field
from pathlib import Path

from ops import places
from ops.say import Stop

INSIDE = ("postgres", "redis", "web", "live", "stripe")


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def any_free(taken: set[int]) -> int:
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in taken:
            return port


def public_port() -> int:
    """The one port that people open: $PORT, else 8000."""
    written = os.environ.get("PORT", "").strip() or "8000"
    if not written.isdigit() or not 0 < int(written) < 65536:
        raise Stop(f"PORT is {written!r}, which is not a port. Choose a number from 1 to 65535: PORT=8123 make demo")
    port = int(written)
    if port < 1024 and not places.is_root():
        raise Stop(f"Ports below 1024, such as {port}, are open to root only. Choose another: PORT=8123 make demo")
    return port


def require_free(port: int, host: str) -> None:
    if not is_free(port, host):
        raise Stop(f"Port {port} is taken by another program. Choose another: PORT={port + 123} make demo")


@dataclass
class Settings:
    """What one stack keeps between starts, in settings.json (readable by its owner only)."""

    file: Path
    ports: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, stack: str) -> "Settings":
        file = places.state(stack) / "settings.json"
        if file.exists():
            kept = json.loads(file.read_text())
            return cls(file, kept["ports"], kept["secrets"])
        return cls(file)

    def secret(self, name: str) -> str:
        if name not in self.secrets:
            self.secrets[name] = secrets.token_urlsafe(32)
            self.save()
        return self.secrets[name]

    def choose_ports(self) -> None:
        """Keep each port that is still free; replace one that somebody else took meanwhile."""
        for name in INSIDE:
            if name not in self.ports or not is_free(self.ports[name]):
                self.ports[name] = any_free(set(self.ports.values()))
        self.save()

    def save(self) -> None:
        fresh = self.file.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"ports": self.ports, "secrets": self.secrets}, file, indent=1)
        fresh.replace(self.file)
