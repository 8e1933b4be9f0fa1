"""All settings, read from the environment; nonsense stops the start with a sentence."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parents[2]

DEBUG = env.bool("SANPO_DEBUG", default=False)
DATA_DIR = Path(env.str("SANPO_DATA_DIR", default=str(BASE_DIR / "var")))
BASE_URL = env.str("SANPO_BASE_URL", default="http://localhost:8000").rstrip("/")
KEY_LENGTH = 50  # what Django's own check asks for


def read_secret_key() -> str:
    """Return SANPO_SECRET_KEY; a debug server may start without one."""
    key: str = env.str("SANPO_SECRET_KEY", default="")
    if not key and DEBUG:
        return "debug-only-key-never-used-in-production-0123456789"
    if len(key) < KEY_LENGTH:
        msg = "SANPO_SECRET_KEY is missing or shorter than 50 characters. Set it to a long random text."
        raise ImproperlyConfigured(msg)
    return key


SECRET_KEY = read_secret_key()
ALLOWED_HOSTS = env.list("SANPO_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# 1. Apps and middleware ---------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_countries",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "portal.accounts",
    "portal.trail",
    "portal.jobs",
    "portal.notices",
    "portal.files",
    "portal.api",
    "suppliers.organisations",
    "minerals.origins",
    "minerals.templates_io",
    "minerals.smelters",
    "minerals.declarations",
    "minerals.rollup",
    "minerals.customers",
    "assessments.codes",
    "assessments.questionnaires",
    "assessments.findings",
    "assessments.responses",
    "assessments.scoring",
    "assessments.audits",
    "assessments.campaigns",
    "assessments.overview",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.middleware.ReaderLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.middleware.SecondFactorMiddleware",
    "portal.lib.errors.SentenceMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "suppliers.organisations.views.workspace.workspace_context",
            ],
            "libraries": {
                "icons": "portal.lib.icons",
                "formats": "portal.lib.formats",
                "texts": "portal.lib.texts",
            },
            "builtins": [
                "portal.lib.icons",
                "portal.lib.formats",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    },
]

# 2. Database, cache, broker -----------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'sanpo.sqlite3'}"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a read-then-write transaction under DEFERRED loses 30 % of concurrent saves to "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    # A new PostgreSQL connection costs more than most requests; see docs/adr/0003.
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("SANPO_DATABASE_SECONDS", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

REDIS_URL = env.str("REDIS_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(DATA_DIR / "cache"),
        }
    )
}

CELERY_BROKER_URL = env.str(
    "CELERY_BROKER_URL", default=REDIS_URL or "filesystem://localhost"
)  # the host only keeps kombu quiet
if CELERY_BROKER_URL.startswith("filesystem://"):
    BROKER_DIR = DATA_DIR / "broker"
    for folder in ("queue", "processed", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "processed_folder": str(BROKER_DIR / "processed"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
        "polling_interval": 0.1,
    }
else:
    # A page must not wait for a broker that is down: the sweep finds the work by its state.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "retry_on_timeout": False,
        "max_retries": 0,  # else kombu itself tries again for 6 s, twice per page
        "visibility_timeout": 600,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
SWEEP_SECONDS = env.int("SANPO_SWEEP_SECONDS", default=20)
CELERY_BEAT_SCHEDULE = {
    # A sweep that waited as long as its interval is dropped: the next finds the same, and none pile up before work.
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in {
        "jobs.sweep": SWEEP_SECONDS,
        "notices.sweep": SWEEP_SECONDS,
        "trail.seal": 60,
        "scoring.sweep": SWEEP_SECONDS,
        "rollup.refresh": SWEEP_SECONDS,
        "campaigns.remind_due": 300,
        "declarations.read_batches": 300,
        "findings.remind_due": 300,
        "findings.raise_declared": SWEEP_SECONDS,
        "declarations.apply_cases": SWEEP_SECONDS,
        "declarations.assess": SWEEP_SECONDS,
        "declarations.expire": 3600,
        "files.forget_expired": 300,
        "audits.settle": SWEEP_SECONDS,
        "audits.expire": 3600,
        "audits.request_due": 3600,
    }.items()
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# 3. People ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 60 * 60  # a mail may wait in a spam folder; five minutes lock people out
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = BASE_URL.split(":", 1)[0]
MFA_ADAPTER = "portal.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Sanpo"
MFA_TOTP_TOLERANCE = 1  # clocks in factories are off; one step of 30 s each way
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "portal.accounts.queries.login_name"
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
# Behind our own proxy the visitor's address is the last one it names; nobody else's header is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("SANPO_BEHIND_PROXY", default=False) else 0
AXES_CLIENT_IP_CALLABLE = "portal.trail.services.address_of"
INVITATION_DAYS = 30
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "sanpo_session"
CSRF_COOKIE_NAME = "sanpo_csrf"
SESSION_SAVE_EVERY_REQUEST = False

# 4. Languages -------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ja", "日本語"), ("zh-hans", "简体中文"), ("th", "ไทย")]
LANGUAGE_COOKIE_NAME = "sanpo_language"
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("SANPO_TIME_ZONE", default="UTC")
COUNTRIES_OVERRIDE = {"TW": _("Taiwan")}

# 5. Static files and uploads ----------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = env.str("SANPO_STATIC_ROOT", default=str(DATA_DIR / "static"))
STATICFILES_DIRS = [("sanpo", BASE_DIR / "static" / "sanpo"), ("vendor", BASE_DIR / "static" / "vendor")]
STATIC_FROM_SOURCE = env.bool("SANPO_STATIC_FROM_SOURCE", default=DEBUG)
WHITENOISE_USE_FINDERS = STATIC_FROM_SOURCE
WHITENOISE_AUTOREFRESH = STATIC_FROM_SOURCE
S3_BUCKET = env.str("SANPO_S3_BUCKET", default="")
STORAGES: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": S3_BUCKET,
                "endpoint_url": env.str("SANPO_S3_ENDPOINT", default="") or None,
                "access_key": env.str("SANPO_S3_ACCESS_KEY", default="") or None,
                "secret_key": env.str("SANPO_S3_SECRET_KEY", default="") or None,
                "region_name": env.str("SANPO_S3_REGION", default="") or None,
                "file_overwrite": False,
                "default_acl": None,
            },
        }
        if S3_BUCKET
        else {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(DATA_DIR / "files")},
        }
    ),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if STATIC_FROM_SOURCE
            else "portal.lib.statics.ModuleManifestStorage"
        ),
    },
}
UPLOAD_LIMIT_MB = 20
UNZIPPED_LIMIT_MB = 200
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 300  # two hundred declarations at once, and room for the sentence that says so
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
CLAMD_ADDRESS = env.str("SANPO_CLAMD", default="")

# 6. Mail ------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("SANPO_MAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
MAILBOX = env.bool("SANPO_MAILBOX", default=DEBUG)  # mails stay in the database and a page shows them
DEFAULT_FROM_EMAIL = env.str("SANPO_MAIL_FROM", default="Sanpo <sanpo@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# 7. Security --------------------------------------------------------------------------------------
SECURE = BASE_URL.startswith("https://")
SECURE_SSL_REDIRECT = SECURE and env.bool("SANPO_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("SANPO_BEHIND_PROXY", default=False) else None
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "portal.lib.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}


# 8. REST ------------------------------------------------------------------------------------------
def read_api_rate() -> str:
    """Return SANPO_API_RATE, how often one token may ask."""
    rate: str = env.str("SANPO_API_RATE", default="600/min")
    number, _slash, period = rate.partition("/")
    if not number.isdecimal() or int(number) < 1 or period not in {"sec", "min", "hour", "day"}:
        msg = f"SANPO_API_RATE is {rate!r}. Write it as a number and sec, min, hour or day, such as 600/min."
        raise ImproperlyConfigured(msg)
    return rate


# The portal knows the rooms above it as strings only: (name in the address, view).
API_ROUTES = [
    ("organisations", "suppliers.organisations.api.OrganisationViewSet"),
    ("sites", "suppliers.organisations.api.SiteViewSet"),
    ("relationships", "suppliers.organisations.api.RelationshipViewSet"),
    ("campaigns", "assessments.campaigns.api.CampaignViewSet"),
    ("requests", "assessments.campaigns.api.RequestViewSet"),
    ("submissions", "assessments.responses.api.SubmissionViewSet"),
    ("scores", "assessments.scoring.api.ScoreViewSet"),
    ("flags", "assessments.scoring.api.FlagViewSet"),
    ("findings", "assessments.findings.api.FindingViewSet"),
    ("actions", "assessments.findings.api.ActionViewSet"),
    ("audits", "assessments.audits.api.AuditViewSet"),
    ("declarations", "minerals.declarations.api.DeclarationViewSet"),
    ("smelters", "minerals.smelters.api.SmelterViewSet"),
    ("rollup", "minerals.rollup.api.RollupViewSet"),
]
API_TOKEN_ORGANISATIONS = "suppliers.organisations.api.token_organisations"  # noqa: S105 (the name of a function)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.authentication.ScopedAccess"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "portal.api.pagination.PagePagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": ["portal.api.throttling.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": read_api_rate()},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "portal.api.envelope.answer_error",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": False,
    "PAGE_SIZE": 100,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Sanpo REST API",
    "DESCRIPTION": "What a person may read on the pages, for programs; audit firms also write. Errors have one shape.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # The validator badge would ask another host, which the content policy forbids.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None, "docExpansion": "list"},
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AuditState": "assessments.audits.enums.AuditState",
        "AuditAsker": "assessments.audits.enums.Asker",
        "Conclusion": "assessments.audits.enums.Conclusion",
        "CampaignKind": "assessments.campaigns.enums.CampaignKind",
        "CampaignState": "assessments.campaigns.enums.CampaignState",
        "RequestState": "assessments.campaigns.enums.REQUEST_STATES",
        "DeclarationState": "minerals.declarations.enums.DeclarationState",
        "FindingState": "assessments.findings.enums.FindingState",
        "FindingSource": "assessments.findings.enums.Source",
        "PlanState": "assessments.findings.enums.PlanState",
        "ResponseState": "assessments.responses.enums.ResponseState",
        "Severity": "assessments.findings.enums.Severity",
        "SmelterStatus": "minerals.smelters.enums.Status",
        "Template": "minerals.templates_io.enums.Template",
        "ScoredState": "assessments.scoring.enums.State",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "portal.api.views.schema.add_errors",
    ],
}

# 9. Logging ---------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("SANPO_LOG_LEVEL", default="INFO")},
}
