"""The one settings file. Everything that differs between machines is read from the environment."""

from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from marketplace.rules import RULES as RULES

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"

env = environ.Env()
if (LOCAL_DIR / "env").exists():
    env.read_env(str(LOCAL_DIR / "env"))

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)  # shows the page of one-click log-ins; never set it in production
DEMO_CLOCK_FILE = env("DEMO_CLOCK_FILE", default=str(LOCAL_DIR / "demo" / "clock"))  # what the demo's visitors let pass
SECRET_KEY = env("SECRET_KEY", default="insecure-development-key" if DEBUG else environ.Env.NOTSET)
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "testserver"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "frontend.shell.errors.csrf_failure"

INSTALLED_APPS = [
    "marketplace.accounts.apps.OperatorAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "channels",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "ninja",
    "marketplace.kit",
    "marketplace.accounts",
    "marketplace.notifications",
    "payments",
    "tasks_app",
    "marketplace.chat",
    "marketplace.trust",
    "fraud",
    "frontend",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "frontend.shell.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "marketplace.kit.language.ApiLanguage",
    "frontend.shell.middleware.ReaderTime",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "marketplace.kit.unstorable.StorableAddressesAndForms",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "marketplace.accounts.middleware.SessionActivity",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "frontend.shell.middleware.DomainErrors",
    "marketplace.accounts.middleware.LimitsFailClosed",
    "marketplace.accounts.middleware.StaffSecondFactor",
    "marketplace.accounts.middleware.BlockedPeople",
    "marketplace.kit.http.ApiSpeaksJson",
]

ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"
ASGI_APPLICATION = "marketplace.asgi.application"

_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "frontend" / "templates"],
        "OPTIONS": {
            "loaders": _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "frontend.shell.context.page",
            ],
            "builtins": ["django_cotton.templatetags.cotton", "frontend.templatetags.poruchi"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- data ------------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default="postgis://poruchi@127.0.0.1:5432/poruchi")}
DATABASES["default"]["ENGINE"] = "django.contrib.gis.db.backends.postgis"
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Our statements are short: compiling one to machine code takes longer than running it.
DATABASES["default"]["OPTIONS"] = {"options": "-c idle_in_transaction_session_timeout=60000 -c jit=off"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "poruchi",
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "marketplace.kit.channel_layer.LiveChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "live"},
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_TASK_PUBLISH_RETRY = False  # a lost nudge is found by a sweeper; a request never waits for the broker
CELERY_TIMEZONE = "UTC"
# Money has a queue of its own: a person waits for it, and a day's news may stand in the other. A worker that names no queue
# reads both. Minutes of arithmetic have a worker of their own, so that nothing ever waits behind them.
CELERY_TASK_QUEUES = {
    "celery": {"exchange": "celery", "routing_key": "celery"},
    "money": {"exchange": "money", "routing_key": "money"},
}
CELERY_TASK_ROUTES = {
    "fraud.retrain": {"queue": "training"},
    "kit.money_heartbeat": {"queue": "money"},
    # Nobody waits for these, and they are long.
    "payments.announce_tariffs": {"queue": "celery"},
    "payments.change_subscription_prices": {"queue": "celery"},
    "payments.copy_lines": {"queue": "celery"},
    "payments.*": {"queue": "money"},
}

LIVE_HEALTH_URL = env("LIVE_HEALTH_URL", default="")  # where /healthz asks the live process; empty: not asked

# --- people ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "marketplace.accounts.operators.OperatorPermissions",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "public:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "public:home"
# One way in: a phone number or an e-mail address, and a one-time code sent to it. The first code opens the account.
ACCOUNT_ADAPTER = "marketplace.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "frontend.account.forms.SignInForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"phone", "email"}
ACCOUNT_SIGNUP_FIELDS = ["phone", "email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 5
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    # Five tries a code: at most a hundred guesses a day at one account, of a million codes.
    "request_login_code": "20/m/ip,3/m/key,8/h/key,20/d/key",
    "confirm_code": "30/m/ip",
    "change_phone": "3/m/user,10/h/user",
    "verify_phone": "3/m/key,8/h/key,20/m/ip",
    "confirm_email": "3/m/key,8/h/key",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
MFA_ADAPTER = "marketplace.accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Poruchi"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO
USERSESSIONS_TRACK_ACTIVITY = False  # it would write on every request; see accounts.middleware.SessionActivity
SESSION_COOKIE_AGE = 60 * 24 * 3600
SMS_PROVIDER = env("SMS_PROVIDER", default="marketplace.accounts.sms.FileSms")

EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = env("EMAIL_FILE_PATH", default=str(LOCAL_DIR / "outbox"))
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)  # seconds; without one a silent mail server would hold a worker
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Поручи <noreply@poruchi.example>")

# --- languages and formats -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env("STATIC_ROOT", default=str(LOCAL_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "frontend" / "static"]
ICON_NAMES = BASE_DIR / "frontend" / "assets" / "icons" / "icons.json"  # what the sprite is built of
MEDIA_URL = "/media/"
MEDIA_ROOT = env("MEDIA_ROOT", default=str(LOCAL_DIR / "media"))  # public pictures; private ones are served by views
PRIVATE_ROOT = env("PRIVATE_ROOT", default=str(LOCAL_DIR / "private"))  # identity documents; never under a public URL
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": PRIVATE_ROOT}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- places ----------------------------------------------------------------------------------------------------------
GEOCODER = env("GEOCODER", default="tasks_app.posting.geocoder.Gazetteer")
NOMINATIM_URL = env("NOMINATIM_URL", default="")  # with GEOCODER=tasks_app.posting.geocoder.Nominatim
MAP_TILES_CREDIT = env("MAP_TILES_CREDIT", default="© OpenStreetMap")  # whom the tiles' owner wants named
MAP_TILES_URL = env("MAP_TILES_URL", default="")  # a raster source {z}/{x}/{y}; empty: our own schematic base map

# --- card payments ---------------------------------------------------------------------------------------------------
STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", default="")  # empty: card payments are off, and pages say so
STRIPE_API_BASE = env("STRIPE_API_BASE", default="").rstrip(
    "/"
)  # empty: Stripe itself; the simulator's address otherwise
STRIPE_CONNECT_COUNTRY = env("STRIPE_CONNECT_COUNTRY", default="RU")  # where executors' accounts for payouts are opened
# One for each endpoint at the processor, with commas between; empty: no deliveries are taken.
STRIPE_WEBHOOK_SECRETS = [one.strip() for one in env("STRIPE_WEBHOOK_SECRET", default="").split(",") if one.strip()]

# --- security --------------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if env.bool("BEHIND_PROXY", default=False):
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True

# Debian 12 ships GDAL 3.6. Spatial references here come from our own code, never from people, so there is nothing to block.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

LOGGING_CONFIG = None
from marketplace.kit.logging import configure  # noqa: E402  logging stands on the settings above

configure(debug=DEBUG)
