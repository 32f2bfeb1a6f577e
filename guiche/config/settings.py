"""Every setting, read from the environment. What administrators change is a row, never a line here."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from guiche.config import env

BASE_DIR = Path(__file__).resolve().parents[2]
HOME = env.state_folder()

# The address people type. Links in letters come from here, never from a request's headers.
ADDRESS = env.text("GUICHE_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
_address = urlsplit(ADDRESS)
IS_HTTPS = _address.scheme == "https"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
if not IS_HTTPS and _address.hostname not in LOOPBACK:
    raise ImproperlyConfigured("GUICHE_ADDRESS must start with https:// unless it is on loopback.")

# A demonstration says so on every page, sends no real mail and answers on loopback only.
DEMONSTRATION = (HOME / "demonstration.json").exists()
DEBUG = False
SECRET_KEY = env.text("GUICHE_SECRET_KEY") or env.secret(HOME, "secret.key")
ALLOWED_HOSTS = [_address.hostname or "localhost", *(LOOPBACK if _address.hostname in LOOPBACK else ())]
USE_X_FORWARDED_HOST = False
TRUSTED_PROXIES = env.number("GUICHE_TRUSTED_PROXIES", 0)  # how many proxies of ours stand in front
if IS_HTTPS and TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guiche.core",
    "guiche.files",
    "guiche.installation",
    "guiche.mail",
    "guiche.calendars",
    "guiche.audit",
    "guiche.drafts",
    "guiche.accounts",
    "guiche.organizations",
    "guiche.workflows",
    "guiche.catalog",
    "guiche.assets",
    "guiche.tickets",
    "guiche.sla",
    "guiche.notifications",
    "guiche.operations",
    "guiche.web",
]

MIDDLEWARE = [
    "guiche.web.middleware.SecurityHeaders",
    "guiche.web.middleware.KnownHost",
    "guiche.web.static_files.StaticFiles",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "guiche.web.middleware.Person",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "guiche.web.middleware.Refusals",
    "guiche.web.middleware.AreaGate",
]

ROOT_URLCONF = "guiche.config.urls"
ASGI_APPLICATION = "guiche.config.asgi.application"
EVENT_REACTIONS = "guiche.reactions.REACTIONS"
LETTER_GUARD = "guiche.notifications.letters.is_still_for"  # asked once more when a letter is about to leave

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            BASE_DIR / "guiche/web/templates",
            BASE_DIR / "guiche/notifications/templates",
            BASE_DIR / "guiche/accounts/templates",
            BASE_DIR / "guiche/mail/templates",
        ],
        "OPTIONS": {"environment": "guiche.web.jinja.environment"},
    },
    # Only for the widgets of libraries: a test proves that no page comes from it.
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]


def _database(address: str) -> dict[str, object]:
    parts = urlsplit(address)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://. No other database is supported.")
    options: dict[str, object] = dict(parse_qsl(parts.query))
    # A list joins ten tables, each by its key: trying every order of them costs the planner 30 ms and finds the
    # one that is written. docs/decisions/0014.
    options["options"] = f"-c join_collapse_limit=3 {options.get('options', '')}".strip()
    host = str(options.pop("host", "")) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(options.pop("port", "") or parts.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


# `guiche run` starts the embedded server and sets this for its children; an outside server is set by the operator.
DATABASES = {"default": _database(env.text("DATABASE_URL", f"postgresql://guiche@/guiche?host={HOME}/postgres/socket"))}
if env.flag("GUICHE_POOL"):
    # Threads that answer pages at the same time; the pool must hold as many connections.
    _pool = {"min_size": 1, "max_size": env.number("GUICHE_THREADS", 8) + 2, "timeout": 5}
    DATABASES["default"]["OPTIONS"]["pool"] = _pool  # type: ignore[index]  # the values of a database are of many types
WEB_THREADS = env.number("GUICHE_THREADS", 8)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the database so that limits are shared by all processes.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entry"},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["guiche.organizations.signin.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "guiche.accounts.passwords.ContextWords"},
]
LOGIN_URL = "/entrar/"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "guiche.web.public.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/15m/key", "login": "60/m/ip", "reauthenticate": "10/m/user"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_ADAPTER = "guiche.web.public.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "guiche.web.public.codes.StepForm",
    "reauthenticate": "guiche.web.public.codes.ConfirmForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
MFA_TOTP_TOLERANCE = 1

SESSION_ENGINE = "guiche.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-guiche" if IS_HTTPS else "guiche"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
# (idle, absolute): staff and contacts.
SESSION_LIMITS = {
    "staff": (timedelta(minutes=30), timedelta(hours=12)),
    "contact": (timedelta(hours=12), timedelta(days=14)),
}
CSRF_COOKIE_NAME = "__Host-guiche-csrf" if IS_HTTPS else "guiche-csrf"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [ADDRESS]
CSRF_FAILURE_VIEW = "guiche.web.public.errors.csrf_failure"
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if IS_HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", "Português"), ("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "America/Sao_Paulo"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "files"}},
    "staticfiles": {"BACKEND": "guiche.web.stylesheets.Storage"},
}
FILES_ROOT = HOME / "files"

# The virus scanner (clamd), host:port or the path of its socket. Without one, files are kept unscanned.
CLAMD = env.text("GUICHE_CLAMD")

# What a request may bring; the wrapper in asgi.py holds the same limits before anything is stored.
FILE_SIZE_LIMIT = 20 * 1024 * 1024
FILE_COUNT_LIMIT = 10
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 4 * FILE_COUNT_LIMIT  # a few too many are refused by the form, which keeps the rest
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = env.text("GUICHE_TEMP") or None

# Mail: a demonstration keeps its letters in a folder that one page shows.
MAIL_FOLDER = HOME / "mail"
_smtp = urlsplit(env.text("GUICHE_SMTP"))
_is_kept_here = DEMONSTRATION or not _smtp.hostname
EMAIL_BACKEND = "guiche.mail.folder.Backend" if _is_kept_here else "guiche.mail.smtp.Backend"
EMAIL_HOST = _smtp.hostname or ""
EMAIL_PORT = _smtp.port or (465 if _smtp.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(_smtp.username or "")
EMAIL_HOST_PASSWORD = unquote(_smtp.password or "")
EMAIL_USE_SSL = _smtp.scheme == "smtps"
EMAIL_USE_TLS = _smtp.scheme == "smtp+tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("GUICHE_SENDER", f"suporte@{_address.hostname}")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"tokens": {"()": "guiche.core.logs.MaskTokens"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}},
    "root": {"handlers": ["stderr"], "level": env.text("GUICHE_LOG_LEVEL", "WARNING")},
}

# W001 and W002 ask for middleware of Django's whose headers guiche.web.middleware.SecurityHeaders sets.
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W002"]
if not IS_HTTPS:
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]
