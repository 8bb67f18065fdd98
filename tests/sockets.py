"""A socket's client for tests, on asgiref's communicator (the one of channels wants a second server installed)."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator


class Socket(ApplicationCommunicator):
    """Speaks to a socket application without a network."""

    def __init__(self, application: Any, path: str, headers: list[tuple[bytes, bytes]]) -> None:
        scope = {"type": "websocket", "path": path, "query_string": b"", "headers": headers, "subprotocols": []}
        super().__init__(application, scope)

    async def connect(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        said: dict[str, Any] = await self.receive_output(timeout=5)
        return bool(said["type"] == "websocket.accept")

    async def say(self, text: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": text})

    async def hear(self) -> dict[str, Any]:
        said = await self.receive_output(timeout=5)
        assert said["type"] == "websocket.send", said
        heard: dict[str, Any] = json.loads(said["text"])
        return heard

    async def hang_up(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(timeout=5)
