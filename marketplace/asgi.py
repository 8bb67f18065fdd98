"""The live process: sockets only. Pages and the API run on WSGI (design: speed.md)."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

from django.core.asgi import get_asgi_application

get_asgi_application()  # sets Django up before anything below imports models

from channels.routing import ProtocolTypeRouter  # noqa: E402

from marketplace.health import live_healthz  # noqa: E402
from marketplace.live import socket_application  # noqa: E402

application = ProtocolTypeRouter({"http": live_healthz, "websocket": socket_application})
