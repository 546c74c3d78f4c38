"""Settings of the site. Everything a practice may change comes from the environment; nothing secret stands here.

OPENOMT_DATA       folder of the embedded database, the secret key and the keys of second factors (default:
                   `openomt-data` where it is started)
OPENOMT_DATABASE   `postgresql://user:password@host:port/name`; empty: the embedded SQLite database
OPENOMT_HOSTS      host names the site answers to, by commas (default: localhost and 127.0.0.1)
OPENOMT_HTTPS      `1` behind a TLS proxy: cookies only over HTTPS, HSTS, addresses made with https
OPENOMT_DEMO       `1` for the demonstration: its accounts are printed on the sign-in page, and no message leaves it
OPENOMT_ADDRESS    where patients find the site, for links in messages (default: the first of OPENOMT_HOSTS)
OPENOMT_SMTP       `smtp://user:password@host:port` (`smtps://`: TLS, `smtp+tls://`: STARTTLS); empty: no e-mail
OPENOMT_MAIL_FROM  the address e-mail comes from
OPENOMT_TEXT_GATEWAY  https address of a JSON gateway, or dotted name of a class; empty: no text messages
OPENOMT_TEXT_TOKEN    the gateway's token; it proves itself by the same one
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF

django_stubs_ext.monkeypatch()


def _secret_key(folder: Path) -> str:
    """The key of this installation, made once and readable by its owner only.

    It has its name only when it is whole: of two processes that make one at once, both read that of the first.
    """
    place = folder / "secret-key"
    if not place.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=folder, prefix="secret-key.")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(64))
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                place.hardlink_to(name)
        finally:
            Path(name).unlink()
    return place.read_text(encoding="ascii").strip()


def _database(address: str, folder: Path) -> dict[str, object]:
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "openomt.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
                    "PRAGMA mmap_size=134217728;PRAGMA cache_size=-4000;PRAGMA journal_size_limit=27103364"
                ),
            },
        }
    parts = urlsplit(address)
    return {
        "ENGINE": "openomt.site.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Planning the chart's one query takes PostgreSQL eight times as long as running it: it keeps its plans.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3},
    }


DATA = Path(os.environ.get("OPENOMT_DATA", "openomt-data")).absolute()
HTTPS = os.environ.get("OPENOMT_HTTPS") == "1"
DEMO = os.environ.get("OPENOMT_DEMO") == "1"
SECRET_KEY = os.environ.get("OPENOMT_SECRET_KEY") or _secret_key(DATA)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("OPENOMT_HOSTS", "localhost,127.0.0.1").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host not in ("", "*")]
SITE_ADDRESS = os.environ.get("OPENOMT_ADDRESS", f"http{'s' if HTTPS else ''}://{ALLOWED_HOSTS[0]}").rstrip(
    "/"
)
# The demonstration sends nothing to anybody: its messages are kept to be looked at.
KEEP_MESSAGES = DEMO
SMTP = os.environ.get("OPENOMT_SMTP", "")
MAIL_FROM = os.environ.get("OPENOMT_MAIL_FROM", "")
TEXT_GATEWAY = os.environ.get("OPENOMT_TEXT_GATEWAY", "")
TEXT_TOKEN = os.environ.get("OPENOMT_TEXT_TOKEN", "")

DATABASES = {"default": _database(os.environ.get("OPENOMT_DATABASE", ""), DATA)}
# Requests a worker works on together (`site.gate`).
AT_ONCE = int(os.environ.get("OPENOMT_AT_ONCE", "1"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits must be shared by all workers.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "site_cache"}}

INSTALLED_APPS = [
    "openomt.site",
    "openomt.care.accounts",
    "openomt.care.patients",
    "openomt.care.contact",
    "openomt.care.portal",
    "openomt.care.learning",
    "openomt.care.booking",
    "openomt.care.intake",
    "openomt.care.visits",
    "openomt.care.agree",
    "openomt.care.billing",
    "openomt.care.followup",
    "openomt.care.desk",
    "openomt.care.mine",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "openomt.site.middleware.CompressForPatientsMiddleware",
    "csp.middleware.CSPMiddleware",
    "openomt.site.middleware.BadTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "openomt.care.portal.middleware.VisitorMiddleware",
    "openomt.care.accounts.middleware.AccessMiddleware",
    "openomt.care.patients.middleware.RestrictedChartMiddleware",
]
ROOT_URLCONF = "openomt.site.urls"
WSGI_APPLICATION = "openomt.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "openomt.care.accounts.context.practice",
                "openomt.care.portal.context.portal",
            ],
            "builtins": ["openomt.site.templatetags.site"],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["openomt.care.accounts.backend.StaffBackend"]
SESSION_ENGINE = "openomt.care.accounts.sessions"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "openomt.care.accounts.adapter.StaffAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
EMAIL_TIMEOUT = 5
# Behind the one proxy that speaks TLS the address of the person is the one it adds, not its own.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,3/5m/key", "login": "30/m/ip", "reauthenticate": "10/m/user"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_ADAPTER = "openomt.care.accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "OpenOMT"
# RFC 6238, 5.2: at most one step, for what the code takes on its way and a phone's clock.
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "openomt.site.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# A note of 10 MB gets an answer that says so instead of a refused connection.
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [str(files("openomt.site") / "static")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English"), ("es", "Español")]
USE_TZ = True
TIME_ZONE = "UTC"  # the practice's own zone is set for each request

# Messages hold no patient data: addresses are cut to their pattern, and bodies are never logged.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"plain": {"()": "openomt.site.logs.NoPatientData"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["plain"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.security.DisallowedHost": {"level": "ERROR"}},
}
