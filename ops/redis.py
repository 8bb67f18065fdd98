"""A private Redis: queues, live pages, caches. It keeps nothing on the disk: what has to last stands in the database."""

import shutil
import socket

from ops import places
from ops.ports import Settings
from ops.say import Stop
from ops.supervisor import Child


class Redis:
    def __init__(self, stack: str, settings: Settings) -> None:
        self.folder = places.state(stack) / "redis"
        self.settings = settings

    @property
    def port(self) -> int:
        return self.settings.ports["redis"]

    def url(self, number: int = 0) -> str:
        return f"redis://:{self.settings.secret('redis')}@127.0.0.1:{self.port}/{number}"

    def child(self) -> Child:
        program = shutil.which("redis-server")
        if program is None:
            raise Stop("Redis is not installed. On Debian 12: apt-get install redis-server")
        self.folder.mkdir(exist_ok=True)
        config = self.folder / "redis.conf"
        config.touch(mode=0o600)
        config.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.settings.secret('redis')}\ndir {self.folder}\n"
            'save ""\nappendonly no\ndaemonize no\nlogfile ""\nloglevel warning\nmaxmemory-policy noeviction\n'
        )
        return Child(
            name="redis",
            command=[program, str(config)],
            env={},
            cwd=self.folder,
            quiet=True,
            stands_on_others=False,
        )

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(f"AUTH {self.settings.secret('redis')}\r\nPING\r\n".encode())
                with line.makefile("rb") as answers:
                    return answers.readline().startswith(b"+OK") and answers.readline().startswith(b"+PONG")
        except OSError:
            return False
