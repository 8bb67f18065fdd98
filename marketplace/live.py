"""The sockets of the live process and who may open which."""

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator

socket_application = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter([])))
