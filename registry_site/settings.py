"""Settings of the Django project. What may differ between installations is in the environment."""

from pathlib import Path
from typing import Any

import structlog
from csp.constants import NONE, SELF
from environ import Env

from registry_site import environment, keys
from registry_site.proxies import networks
from registry_site.sign_in_providers import providers

env = Env()

# What the operator decides

BASE_DIR = Path(__file__).resolve().parent.parent
WAYMARK_VERSION = environment.version(BASE_DIR / "pyproject.toml")
WAYMARK_DATA = Path(env.str("WAYMARK_DATA", default="") or BASE_DIR / "data").resolve()
WAYMARK_BASE_URL = environment.base_url(env.str("WAYMARK_BASE_URL", default=""))
LISTEN_HOST = env.str("HOST", default="") or "127.0.0.1"
LISTEN_PORT = environment.port(env)
WAYMARK_LOCAL_URL = environment.local_url(LISTEN_HOST, LISTEN_PORT)
WAYMARK_ALLOW_PLAIN_HTTP = environment.switch(env, "WAYMARK_ALLOW_PLAIN_HTTP", default=False)
WAYMARK_DEMO = environment.switch(env, "WAYMARK_DEMO", default=True)
WAYMARK_CORE_REGISTRIES = environment.switch(env, "WAYMARK_CORE_REGISTRIES", default=True)
WAYMARK_ADMIN = environment.switch(env, "WAYMARK_ADMIN", default=True)
WAYMARK_QUOTA_BYTES = environment.amount(env, "WAYMARK_QUOTA_BYTES")
WAYMARK_QUOTA_FILES = environment.amount(env, "WAYMARK_QUOTA_FILES")
WAYMARK_OPEN_SIGN_UP = environment.switch(env, "WAYMARK_OPEN_SIGN_UP", default=False)
WAYMARK_OIDC_SIGN_UP = environment.switch(env, "WAYMARK_OIDC_SIGN_UP", default=False)
WAYMARK_OPEN_ORGANIZATIONS = environment.switch(env, "WAYMARK_OPEN_ORGANIZATIONS", default=False)

SECRET_KEY = keys.secret_key(env.str("WAYMARK_SECRET_KEY", default=""), WAYMARK_DATA)
WAYMARK_ENCRYPTION_KEYS = keys.encryption_keys(
    env.str("WAYMARK_ENCRYPTION_KEYS", default=""), WAYMARK_DATA
)
WAYMARK_OUTBOUND_ALLOW = environment.outbound_allow(env.list("WAYMARK_OUTBOUND_ALLOW", default=[]))
ALLOWED_HOSTS = environment.allowed_hosts(
    env.list("WAYMARK_ALLOWED_HOSTS", default=[]), WAYMARK_BASE_URL
)
DATABASES = {"default": environment.database(env.str("DATABASE_URL", default=""), WAYMARK_DATA)}
WAYMARK_TRUSTED_PROXIES = networks(env.list("WAYMARK_TRUSTED_PROXIES", default=[]))
CSRF_TRUSTED_ORIGINS = [WAYMARK_BASE_URL] if WAYMARK_BASE_URL else []
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = WAYMARK_BASE_URL.startswith("https:")

MAIL_IS_SENT = bool(env.str("EMAIL_URL", default=""))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("WAYMARK_MAIL_FROM", default="waymark@localhost")
vars().update(environment.mail(env.str("EMAIL_URL", default="")))
SIGN_IN_PROVIDERS = providers(env)

# The project

DEBUG = False
ROOT_URLCONF = "registry_site.urls"
WSGI_APPLICATION = "registry_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

INSTALLED_APPS = [
    "registry_site",
    "wandb_api",
    "automations",
    "registries",
    "artifacts",
    "accounts",
    "registry_site.apps.OperatorsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    *SIGN_IN_PROVIDERS.apps,
    "allauth.usersessions",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "guardian",
]

MIDDLEWARE = [
    "registry_site.proxies.trusted_proxies",
    "django.middleware.security.SecurityMiddleware",
    "wandb_api.door.door_of_scripts",
    "registry_site.compression.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "registry_site.fresh_pages.fresh_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "registry_site.sign_in_first.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "registry_site.error_pages.wrong_methods",
    "accounts.refused_forms.RefusedForms",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATE_LOADERS = [
    "registry_site.components.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.static",
                "registry_site.address_tags",
                "registry_site.form_tags",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.sign_in",
                "registries.views.frame.frame",
            ],
        },
    }
]
COTTON_DIR = "components"

# Rate limits count in the cache, so all processes have to see the same one.
CACHES = {
    "default": {
        "BACKEND": "registry_site.counting_cache.CountingCache",
        "LOCATION": "waymark_cache",
    }
}

# Bytes that come in forms: only the page that asks for files takes them, on the disk they stay on

FILE_UPLOAD_HANDLERS = ["registries.views.upload_handlers.NoFiles"]
DATA_UPLOAD_MAX_NUMBER_FILES = 1000

# Static files

STATIC_URL = "/static/"
STATIC_ROOT = WAYMARK_DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "registry_site.static_files.StaticFiles"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Who may come in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.PasswordBackend",
    "guardian.backends.ObjectPermissionBackend",
]
VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATORS}.UserAttributeSimilarityValidator"},
    {"NAME": f"{VALIDATORS}.MinimumLengthValidator"},
    {"NAME": f"{VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{VALIDATORS}.NumericPasswordValidator"},
]
ANONYMOUS_USER_NAME = None
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = MAIL_IS_SENT
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.reset_tokens.ResetTokens"  # noqa: S105 a class
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "authenticate_webauthn": "accounts.forms.AuthenticatePasskeyForm",
    "login_webauthn": "accounts.forms.LoginPasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.ReauthenticatePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Waymark"
# Browsers offer passkeys over https, and on a machine of one's own over http.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not WAYMARK_BASE_URL.startswith("https:")

SOCIALACCOUNT_ADAPTER = "accounts.adapters.ElsewhereAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.ChooseNameForm"}
SOCIALACCOUNT_PROVIDERS = SIGN_IN_PROVIDERS.settings
SOCIALACCOUNT_STORE_TOKENS = False

# What browsers are told

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "registry_site.error_pages.form_out_of_date"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A form may lead on to where people sign in with an account of elsewhere.
        "form-action": [SELF, *SIGN_IN_PROVIDERS.origins],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Logs: one JSON object a line on standard error

LOG_STEPS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[*LOG_STEPS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": LOG_STEPS,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        }
    },
    "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["standard_error"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        # A refusal is the visitor's business: only what the server did wrong is logged.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Tells what receivers answered, which may hold what they were sent.
        "httpcore2": {"level": "WARNING"},
        "registry_site": {"level": "INFO"},
        "automations": {"level": "INFO"},
    },
}
