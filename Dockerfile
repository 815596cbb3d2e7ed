# Waymark: the program, its packages, nothing that builds them.

FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; project = tomllib.load(open('pyproject.toml', 'rb'))['project']; print('\n'.join(project['dependencies'] + project['optional-dependencies']['saml']))" > requirements.txt \
    && python -m venv /opt/packages \
    && /opt/packages/bin/pip install --no-cache-dir --disable-pip-version-check \
        --constraint constraints.txt --requirement requirements.txt

FROM python:3.11-slim-bookworm
# pg_dump and pg_restore of PostgreSQL 15, for backups.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin waymark \
    && install --directory --mode 700 --owner waymark --group waymark /data /backups
COPY --from=packages /opt/packages /opt/packages
WORKDIR /srv/waymark
COPY manage.py pyproject.toml constraints.txt LICENSE ./
COPY accounts accounts
COPY artifacts artifacts
COPY registries registries
COPY automations automations
COPY wandb_api wandb_api
COPY registry_site registry_site
COPY templates templates
COPY static static
ENV PATH=/opt/packages/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    WAYMARK_DATA=/data \
    WAYMARK_DEMO=0
USER waymark
VOLUME ["/data", "/backups"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["python", "manage.py", "start"]
