# The image of web, worker and beat. Build: docker build -t sanpo .

# 1. Front-end files: copied out of npm packages, nothing is built.
FROM node:20-bookworm-slim AS front
WORKDIR /build
COPY .ci/lib.sh .ci/vendor .ci/
COPY static/ static/
RUN .ci/vendor

# 2. Python packages, by hash.
FROM python:3.11-slim-bookworm AS packages
RUN python -m venv /opt/venv
COPY requirements.lock /
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r /requirements.lock

# 3. Compiled translations.
FROM debian:bookworm-slim AS messages
RUN apt-get update && apt-get install -y --no-install-recommends gettext && rm -rf /var/lib/apt/lists/*
COPY portal/locale/ /locale/
RUN find /locale -name '*.po' | while read -r po; do msgfmt --check-format -o "${po%.po}.mo" "$po" || exit 1; done

# 4. What runs.
FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 \
        fonts-dejavu-core fonts-wqy-microhei fonts-tlwg-loma-otf \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/sanpo --shell /usr/sbin/nologin sanpo
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/sanpo
COPY manage.py pyproject.toml ./
COPY portal/ portal/
COPY suppliers/ suppliers/
COPY minerals/ minerals/
COPY assessments/ assessments/
COPY templates/ templates/
COPY static/ static/
COPY --from=messages /locale/ portal/locale/
COPY --from=front /build/static/vendor/ static/vendor/
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.base \
    SANPO_DATA_DIR=/var/lib/sanpo \
    SANPO_STATIC_ROOT=/srv/static
# The key of this one command signs nothing: collectstatic only needs the settings to load.
RUN SANPO_SECRET_KEY=only-for-collectstatic-only-for-collectstatic-0123456789 python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /var/lib/sanpo/* && chown sanpo: /var/lib/sanpo
USER sanpo
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--worker-tmp-dir", "/dev/shm", "--timeout", "60", "--access-logfile", "-"]
