"""Every setting, by topic. Variables come from the environment; what `up` started fills in the rest.

The table of variables is in README.md, "Configuration".
"""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
import environ
from csp.constants import NONCE, NONE, SELF
from django.core.management.utils import get_random_secret_key

from chatsite.embedded import environment, field_keys

django_stubs_ext.monkeypatch()  # ModelForm[User], ListView[User] … exist at run time too

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("CHAT_DATA_DIR") or BASE_DIR / "var").resolve()

environment.take(DATA_DIR, os.environ, sys.argv[1] if len(sys.argv) > 1 else "")
env = environ.Env()

# The site ------------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY_IS_KEPT = bool(env.str("SECRET_KEY", default=""))
SECRET_KEY = env.str("SECRET_KEY", default="") or get_random_secret_key()  # a passing one lets `help` and checks run
FIELD_KEYS = field_keys.read(DATA_DIR, os.environ)
"""What sealed columns are sealed under, newest first (chatsite/crypto/ring.py)."""
CHAT_URL = env.str("CHAT_URL", default="").rstrip("/")
CHAT_NAME = env.str("CHAT_NAME", default="Chat")
CHAT_SIGNUP = env.str("CHAT_SIGNUP", default="closed")
CHAT_INVITERS = env.str("CHAT_INVITERS", default="staff")
CHAT_MAIL = bool(env.str("EMAIL_URL", default=""))
"""Whether mail reaches people: without it no code is ever asked for, and links are handed out by the staff."""
LINK_PREVIEWS = env.bool("CHAT_LINK_PREVIEWS", default=False)
"""Whether the worker asks pages that messages link to what they are: it then talks to any host of the Internet."""
CHAT_RATE_LIMITS = env.bool("CHAT_RATE_LIMITS", default=True)
CHAT_PROCESSES = env.int("CHAT_PROCESSES", default=0)
"""How many web processes there are in all; 1 spares publishing to the channel layer. 0: unknown, always publish."""

_public = urlsplit(CHAT_URL)
SECURE = _public.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
if _public.hostname:
    ALLOWED_HOSTS.append(_public.hostname)
CSRF_TRUSTED_ORIGINS = [CHAT_URL] if CHAT_URL else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = False
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30  # seconds
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes

INSTALLED_APPS = [
    "chatsite",
    "accounts",
    "messaging",
    "notifications",
    "chatsite.staff.apps.StaffConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "procrastinate.contrib.django",
    "rest_framework",
]

MIDDLEWARE = [
    "chatsite.web.middleware.Unprivileged",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chatsite.web.middleware.ContentSecurityPolicy",
    "accounts.middleware.FirstStart",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.Proving",
    "accounts.middleware.Preferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SeenSessions",
    "chatsite.web.middleware.DomainErrors",
]

ROOT_URLCONF = "chatsite.urls"
ASGI_APPLICATION = "chatsite.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "chatsite.web.context.site",
                "accounts.context.mine",
                "notifications.context.unread",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "chatsite.templatetags.look"],
        },
    }
]

# PostgreSQL: people, relationships, settings, tokens -----------------------------------------------------------

DATABASES = {
    "default": {
        **env.db("DATABASE_URL", default="postgres://chat_web@127.0.0.1/chat"),
        "ENGINE": "chatsite.postgres",
        "CONN_HEALTH_CHECKS": True,
        # seconds; after `reconnect_timeout` each request tries anew, where the pool alone would wait longer and longer
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 10, "timeout": 5, "reconnect_timeout": 5, "max_lifetime": 1800}
        },
    },
    "documents": {
        "ENGINE": "chatsite.mongo.windows",
        "NAME": "MONGODB_URL",
    },  # the admin's read-only windows on MongoDB
}
DATABASE_ROUTERS = ["chatsite.mongo.windows.router.WindowRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PROCRASTINATE_ON_APP_READY = "chatsite.postgres.queue.take_over"

# MongoDB: messages, conversations, notifications ---------------------------------------------------------------

MONGODB_URL = env.str("MONGODB_URL", default="mongodb://127.0.0.1:27017/chat?replicaSet=chat")

# Redis: sessions, cache, presence, limits, channel layer; optional ----------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")
SESSION_ENGINE = "chatsite.web.sessions"  # losing Redis must not lose log-ins
SESSION_CACHE_ALIAS = "sessions"
REDIS_PREFIX = env.str("CHAT_REDIS_PREFIX", default="chat")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "chatsite.cache.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": f"{REDIS_PREFIX}:cache",
        },
        "sessions": {
            "BACKEND": "chatsite.cache.SessionCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": f"{REDIS_PREFIX}:sess",
        },
    }
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": f"{REDIS_PREFIX}:ps"},
        }
    }
else:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "sessions": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    }
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

# Accounts --------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.LoginBackend"]
PASSWORD_HASHERS = ["accounts.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.Guessable"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapters.account.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if CHAT_MAIL else "none"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = CHAT_MAIL
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = CHAT_MAIL
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # seconds: some mail is slow
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.addresses.ChangeEmail",
    "change_password": "accounts.forms.sign_in.ChangePassword",
    "confirm_email_verification_code": "accounts.forms.codes.VerifyEmail",
    "confirm_login_code": "accounts.forms.codes.LogInCode",
    "confirm_password_reset_code": "accounts.forms.codes.ResetCode",
    "login": "accounts.forms.sign_in.LogIn",
    "reauthenticate": "accounts.forms.sign_in.Reauthenticate",
    "request_login_code": "accounts.forms.sign_in.RequestCode",
    "reset_password": "accounts.forms.sign_in.ResetPassword",
    "reset_password_from_key": "accounts.forms.sign_in.ChoosePassword",
    "set_password": "accounts.forms.sign_in.SetPassword",
    "signup": "accounts.forms.sign_in.SignUp",
}
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {"change_password": "5/5m/user"}
MFA_ADAPTER = "accounts.adapters.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 s: a telephone's clock may be off by one (SECURITY.md F14)
MFA_ALLOW_UNVERIFIED_EMAIL = True  # without a mail server nobody is verified; with one, everybody who gets in
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # http://localhost, which browsers take for safe
MFA_FORMS = {
    "activate_totp": "accounts.forms.second_factors.ActivateTOTP",
    "add_webauthn": "accounts.forms.second_factors.AddPasskey",
    "authenticate": "accounts.forms.second_factors.SecondFactor",
    "authenticate_webauthn": "accounts.forms.second_factors.PasskeyAsSecondFactor",
    "edit_webauthn": "accounts.forms.second_factors.RenamePasskey",
    "login_webauthn": "accounts.forms.second_factors.LogInByPasskey",
    "reauthenticate": "accounts.forms.second_factors.Reauthenticate",
    "reauthenticate_webauthn": "accounts.forms.second_factors.ReauthenticateByPasskey",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("CHAT_TRUSTED_PROXIES", default=0)
"""How many proxies stand before us and may be believed about the client's address, by which log-ins are limited."""
if not CHAT_RATE_LIMITS:
    ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False

# Log-in by an OpenID Connect provider, where these name one -------------------------------------------------------

OIDC_URL = env.str("OIDC_URL", default="").rstrip("/")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_NAME = env.str("OIDC_NAME", default="OpenID Connect")
OIDC_SIGNUP = env.bool("OIDC_SIGNUP", default=False)
"""Whether whom the provider knows may sign up, whatever CHAT_SIGNUP says."""
SOCIALACCOUNT_ADAPTER = "accounts.adapters.social.SocialAdapter"
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.sign_in.SocialSignUp"}
SOCIALACCOUNT_AUTO_SIGNUP = False  # the name under which one is found is chosen by oneself

# Mail: to the console unless a server is named -------------------------------------------------------------------

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
MAIL_BACKEND = globals()["EMAIL_BACKEND"]
"""How the worker sends what others put into its queue."""
EMAIL_BACKEND = "chatsite.letters.Queue"
EMAIL_TIMEOUT = 10  # seconds: people wait for a code meanwhile
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="chat@localhost")

# API -------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.AccessTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "accounts.api.negotiation.Negotiation",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.strict.StrictParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "chatsite.api.answer_error",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Chat",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["chatsite.api.describe_errors"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# Pages -----------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("ar", "العربية")]  # each in itself
FORMAT_MODULE_PATH = ["chatsite.formats"]
LOCALE_PATHS = [BASE_DIR / "chatsite" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
_collected = (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG
WHITENOISE_USE_FINDERS = not _collected
WHITENOISE_AUTOREFRESH = DEBUG
S3_BUCKET = env.str("CHAT_S3_BUCKET", default="")
"""Where uploads are, in place of MEDIA_ROOT. The keys are those of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."""
_s3 = {
    "bucket_name": S3_BUCKET,
    "endpoint_url": env.str("CHAT_S3_URL", default="") or None,
    "region_name": env.str("CHAT_S3_REGION", default="us-east-1"),
}
STORAGES = {
    "default": {"BACKEND": "chatsite.web.buckets.Buckets", "OPTIONS": _s3}
    if S3_BUCKET
    else {"BACKEND": "chatsite.web.storage.WholeFiles"},
    "staticfiles": {
        "BACKEND": "chatsite.web.packing.PackedFiles"
        if _collected or "collectstatic" in sys.argv
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_ACCEL = "" if S3_BUCKET else env.str("CHAT_MEDIA_ACCEL", default="")
"""Where a front proxy keeps MEDIA_ROOT for itself: files are then sent by it, by X-Accel-Redirect."""
FILE_MAX = env.int("CHAT_FILE_MAX", default=100)
"""Megabytes that one file may have."""
FILES_PER_PERSON = env.int("CHAT_FILES_PER_PERSON", default=5000)
"""Megabytes that all files of one person may have; 0: as much as there is room."""
EDIT_HOURS = env.int("CHAT_EDIT_HOURS", default=0)
"""For how long after sending a message may be edited; 0: for ever."""
CLAMD = env.str("CHAT_CLAMD", default="")
"""The virus scanner that every file must pass: `unix:///path` or `tcp://host:port`; none where it is empty."""
BODY_MAX = 16 * 1024 * 1024  # bytes of one request, whatever it is for

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "blob:", "data:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"pymongo": {"level": "WARNING"}, "procrastinate": {"level": "WARNING"}, "daphne": {"level": "WARNING"}},
}
