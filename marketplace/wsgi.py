import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django_application = get_wsgi_application()

from tasks_app.tracking.lean import with_lean_pings  # noqa: E402

application = with_lean_pings(django_application)
