"""Django's settings, made from the environment; nothing here can be switched off by accident."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from seinpost.server.environment import DatabaseAddress, read_environment

ENVIRONMENT = read_environment(os.environ)
HERE = Path(__file__).parent


PLANNER = "-c jit=off -c work_mem=16MB"
"""Pages ask many short questions: compiling one would take longer than answering it."""


def database(address: DatabaseAddress) -> dict[str, Any]:
    """One entry of DATABASES. Every change opens its own transaction: requests open none for it."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        "OPTIONS": {"application_name": "seinpost", "connect_timeout": 5, "options": PLANNER, **dict(address.options)},
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }


SECRET_KEY = ENVIRONMENT.secret_key
CACHES = {  # in the database: failed attempts and used codes are counted over all processes
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "seinpost_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DEBUG = False
DATABASES = {"default": database(ENVIRONMENT.database)}
if ENVIRONMENT.owner_database:
    DATABASES["owner"] = database(ENVIRONMENT.owner_database)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",  # the page of sessions
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "seinpost.api",
    "seinpost.web",  # before allauth: its templates wear our look
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "axes",
    "procrastinate.contrib.django",
    "seinpost.store",
]
MIDDLEWARE = [
    "seinpost.server.answers.headers.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "seinpost.web.language.Language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "seinpost.server.guard.activity.Activity",
    "seinpost.server.guard.networks.Networks",
    "seinpost.server.guard.idle.IdleLock",
    "seinpost.server.guard.factor.SecondFactor",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "seinpost.server.urls"
WSGI_APPLICATION = "seinpost.server.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "seinpost.web.context.page",
            ]
        },
    }
]

# --- where people reach it ------------------------------------------------------------------------------------------

HOSTNAME = urlsplit(ENVIRONMENT.origin).hostname or ""
ALLOWED_HOSTS = [HOSTNAME, *ENVIRONMENT.hosts, *(["localhost", "127.0.0.1", "[::1]"] if ENVIRONMENT.demo else [])]
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.origin]
USE_X_FORWARDED_HOST = False
if ENVIRONMENT.proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = False  # the proxy in front does; a redirect here would answer in the open first
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.is_tls else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" makes browsers send "Origin: null", which the CSRF check refuses
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

# --- sessions and login ---------------------------------------------------------------------------------------------

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-seinpost" if ENVIRONMENT.is_tls else "seinpost"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.is_tls
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # "Strict" would drop the session on the way back from an identity provider
SESSION_SECONDS = ENVIRONMENT.session_hours * 3600
"""A session lasts no longer, however much it is used; Django's own age starts anew with every change."""
SESSION_COOKIE_AGE = SESSION_SECONDS + 3600  # a form that was sent too late waits a while for its sender to be back
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-seinpost-csrf" if ENVIRONMENT.is_tls else "seinpost-csrf"
CSRF_COOKIE_HTTPONLY = False
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "seinpost.web.faults.refused_form"
IDLE_SECONDS = ENVIRONMENT.idle_minutes * 60
PROOF_SECONDS = 300
"""For this long a proof of who somebody is counts for what asks for one (web/proof.py)."""
SECOND_FACTOR = ENVIRONMENT.second_factor
NETWORKS = ENVIRONMENT.networks
PROXIES = ENVIRONMENT.proxies

AUTH_USER_MODEL = "store.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("login", "name", "email")}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "seinpost.server.login.LoginAdapter"
SOCIALACCOUNT_ADAPTER = "seinpost.server.login.ProviderAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = PROOF_SECONDS
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "password_failed": "30/m/ip"}  # an office shares one address
MFA_ADAPTER = "seinpost.server.login.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Seinpost"
MFA_TOTP_TOLERANCE = 1  # a clock of a phone may be half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ENVIRONMENT.demo
USERSESSIONS_TRACK_ACTIVITY = True
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = ["username"]  # failures at one address are limited by ACCOUNT_RATE_LIMITS
AXES_USERNAME_CALLABLE = "seinpost.server.guard.lockout.name_of"
AXES_CLIENT_IP_CALLABLE = "seinpost.server.guard.networks.client_address"
AXES_LOCKOUT_CALLABLE = "seinpost.server.guard.lockout.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else whoever keeps trying keeps somebody else out for ever
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
SILENCED_SYSTEM_CHECKS = (
    ["security.W004", "security.W008", "security.W012", "security.W016", "axes.W006"]
    if ENVIRONMENT.demo
    else [
        "axes.W006",  # by name alone: another browser or address does not get round it
        "security.W008",  # see SECURE_SSL_REDIRECT
        "security.W005",
        "security.W021",
    ]
)


def providers(kind: str) -> list[dict[str, Any]]:
    """The services' own identity providers of one kind, as allauth wants them."""
    chosen = [one for one in ENVIRONMENT.identity_providers if one["kind"] == kind]
    return [
        {
            "provider_id": one["id"],
            "name": one["name"],
            "client_id": one["client_id"],
            "secret": one.get("secret", ""),
            "settings": {"server_url": one["server_url"]} if kind == "openid_connect" else saml(one),
        }
        for one in chosen
    ]


def saml(one: dict[str, Any]) -> dict[str, Any]:
    """The settings of one SAML provider: nothing is believed that is not signed, or that was not asked for here."""
    return {
        "idp": one["idp"],
        "attribute_mapping": {"uid": "uid", "email": "mail", "username": "uid", **one.get("attributes", {})},
        "advanced": {"want_assertion_signed": True, "reject_idp_initiated_sso": True, "strict": True},
    }


def login_page(one: dict[str, Any]) -> str:
    """The address of a provider where people log in."""
    return str(one["server_url"] if one["kind"] == "openid_connect" else one["idp"]["sso_url"])


SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": providers("openid_connect"),
        "OAUTH_PKCE_ENABLED": True,
        "provider_class": "seinpost.server.oidc.provider.CheckedProvider",
    },
    "saml": {"APPS": providers("saml")},
}
PROVIDERS_WITH_FACTOR: frozenset[str] = frozenset(
    str(one["id"]) for one in ENVIRONMENT.identity_providers if one.get("second_factor") == "provider"
)
PROVIDER_ORIGINS = sorted({"https://" + urlsplit(login_page(one)).netloc for one in ENVIRONMENT.identity_providers})
"""Where the login form may lead: a browser asks that of our policy for the address it is sent on to as well."""
PROVIDER_SERVICE = {str(one["id"]): str(one["service"]) for one in ENVIRONMENT.identity_providers}

# --- language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LANGUAGE_COOKIE_SECURE = ENVIRONMENT.is_tls
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
LOCALE_PATHS = [HERE / "locale"]

# --- the scan behind intake, API and pages-----------------------------------------------------------------------------

SCAN_PACK = "nl"
SCAN_KEPT = Path(os.environ["NUMBA_CACHE_DIR"])  # set when `seinpost` is imported
SCAN_ENCODER = ENVIRONMENT.encoder  # the third reader reads along, by whichever door a text comes in
API_PER_MINUTE = ENVIRONMENT.api_per_minute

# --- files, mail, messages ------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.data / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": ENVIRONMENT.data / "unused"},  # attachments go through seinpost.store.files
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILES_FOLDER = ENVIRONMENT.data / "files"
FILES_KEYS = ENVIRONMENT.files_keys
FILE_UPLOAD_HANDLERS = ["seinpost.web.uploads.Bounded"]
DATA_UPLOAD_MAX_NUMBER_FILES = 1
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if ENVIRONMENT.mail else 'dummy'}.EmailBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.mail_from or "seinpost@localhost"
if ENVIRONMENT.mail:
    EMAIL_HOST, EMAIL_PORT = ENVIRONMENT.mail.host, ENVIRONMENT.mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENVIRONMENT.mail.user, ENVIRONMENT.mail.password
    EMAIL_USE_SSL = ENVIRONMENT.mail.tls and not ENVIRONMENT.mail.starttls
    EMAIL_USE_TLS = ENVIRONMENT.mail.starttls
    EMAIL_TIMEOUT = 10
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"errors": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["errors"], "level": ENVIRONMENT.log_level.upper()},
    "loggers": {
        name: {"level": "WARNING"} for name in ("django.db.backends", "axes", "procrastinate")
    },  # at debug it would write the values of every query
}
