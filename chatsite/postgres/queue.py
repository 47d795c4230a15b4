"""The queue of jobs in PostgreSQL: whoever puts a job there, and the worker, do so under the role that may."""

from __future__ import annotations

from typing import Any

from procrastinate import App, psycopg_connector
from procrastinate.connector import BaseAsyncConnector
from procrastinate.contrib.django import utils
from procrastinate.contrib.django.django_connector import DjangoConnector

from chatsite.postgres.roles import WORKER
from chatsite.postgres.scope import as_worker


class ScopedConnector(DjangoConnector):  # type: ignore[misc]
    """Procrastinate's, on Django's connection: a job put there within a transaction is there when that holds."""

    @as_worker()
    def execute_query(self, query: Any, **arguments: Any) -> None:
        super().execute_query(query, **arguments)

    @as_worker()
    def execute_query_one(self, query: Any, **arguments: Any) -> dict[str, Any]:
        row: dict[str, Any] = super().execute_query_one(query, **arguments)
        return row

    @as_worker()
    def execute_query_all(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = super().execute_query_all(query, **arguments)
        return rows

    def get_worker_connector(self) -> BaseAsyncConnector:
        """Connections of its own, for the queue alone, under that role from their beginning."""
        parameters = utils.connector_params(self.alias)
        options = f"{parameters.get('options', '')} -c role={WORKER}".strip()
        return psycopg_connector.PsycopgConnector(kwargs={**parameters, "options": options})


def take_over(app: App) -> None:
    """When procrastinate is ready (settings.PROCRASTINATE_ON_APP_READY): from now on it asks as above."""
    app.connector = app.job_manager.connector = ScopedConnector()
