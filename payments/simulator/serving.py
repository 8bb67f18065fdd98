"""Starting the server: loopback only, by uvicorn, with a protocol that can drop a connection."""

import ipaddress
import socket

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from payments.simulator.app import App
from payments.simulator.handling import Server
from payments.simulator.store import Store

DEFAULT_PORT = 8420
DEFAULT_KEY = "sk_test_simulator"


class Protocol(HttpToolsProtocol):
    """Lets the application reach its connection, to cut it when a fault asks for that."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["transport"] = self.transport  # type: ignore[typeddict-unknown-key]


def require_loopback(host: str) -> str:
    """Test cards and a control API have no place on a network."""
    address = "127.0.0.1" if host == "localhost" else host
    if not ipaddress.ip_address(address).is_loopback:
        raise ValueError("The simulator listens on loopback only (127.0.0.1 or ::1).")
    return address


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one."""
    address = require_loopback(host)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen(256)
    return listener


def build(
    store: Store, listener: socket.socket, *, secret_key: str = DEFAULT_KEY, base: str | None = None
) -> uvicorn.Server:
    """A server ready to `run(sockets=[listener])`; `base` is the address people's browsers reach it by."""
    host, port = listener.getsockname()[:2]
    address = base or (f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
    app = App(Server(store, secret_key=secret_key, base=address))
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
    )
    return uvicorn.Server(config)
