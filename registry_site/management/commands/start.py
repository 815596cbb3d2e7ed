from __future__ import annotations

from textwrap import dedent
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError
from django.urls import reverse

from accounts.addresses import server_address
from accounts.callers import OPERATOR
from accounts.models import User
from accounts.operations.sign_in_links import create_sign_in_link
from registry_site import deliverer, preparation, server
from registry_site.backups.whole import refuse_half_restored
from registry_site.settings_in_use import on_one_line
from registry_site.unsafe_settings import refuse_unsafe

logger = structlog.get_logger("registry_site")


class Command(BaseCommand):
    help = (
        "Prepares what is missing, then serves until Ctrl-C. Environment: HOST, PORT, "
        "WAYMARK_DEMO=0 for an empty start; the others are listed in docs/self-hosting.md."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = settings.LISTEN_HOST, settings.LISTEN_PORT
        refuse_unsafe(host)
        _require_free_address(host, port)
        self._prepare()
        address = server_address()
        text = _announcement(address, preparation.first_administrator())
        server.leave_nothing_shared_with_children()
        deliverer.keep_delivering(address)
        server.serve(host, port, announce=lambda: self._announce(text, host, port))

    def _prepare(self) -> None:
        try:
            with preparation.preparing_alone():
                refuse_half_restored()
                preparation.prepare_database()
                preparation.prepare_first_people(with_demonstration=settings.WAYMARK_DEMO)
                preparation.prepare_static_files()
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {on_one_line(error)}") from error
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {on_one_line(error)}") from error
        except OSError as error:
            raise CommandError(
                f"WAYMARK_DATA={settings.WAYMARK_DATA} cannot be used: {on_one_line(error)}"
            ) from error

    def _announce(self, text: str, host: str, port: int) -> None:
        self.stdout.write(text)
        self.stdout.flush()
        logger.info("started", host=host, port=port)


def _require_free_address(host: str, port: int) -> None:
    try:
        server.require_free_address(host, port)
    except OSError as error:
        raise CommandError(
            f"Cannot listen on {host}, port {port}: {error.strerror}. "
            f"Choose another with HOST or PORT, for example PORT={port % 65535 + 1}."
        ) from error


def _announcement(address: str, administrator: User | None) -> str:
    name = administrator.username if administrator else "NAME"
    return (
        f"\nWaymark is ready at {address}\n"
        + (_way_in(address, administrator) if administrator else "")
        + dedent(
            f"""
            Point a script at it:
              .venv/bin/python manage.py create_user {name} --api-key    prints a key
              export WANDB_BASE_URL={address}
              export WANDB_API_KEY=that-key

            Ctrl-C stops it.
            """
        )
    )


def _way_in(address: str, person: User) -> str:
    path = reverse("sign-in-link", args=[create_sign_in_link(OPERATOR, person)])
    return (
        f"\nSign in as {person.username} (the link works once, within 24 hours):\n"
        f"  {address}{path}\n"
    )
