"""Runs of the app's workflow and people who use the app: endpoints 25 and 28 to 30."""

from __future__ import annotations

import msgspec

from voice_assistant.api.models.common import Inputs, Json, Model


class Run(Model, frozen=True):
    """A run of the app's workflow.

    Attributes:
        status: "running", "succeeded", "partial-succeeded", "failed", "stopped" or "paused".
        error: why the run failed, or "".
        elapsed_time: seconds.
        created_at: Unix seconds.
        finished_at: Unix seconds, 0 while the run goes on.
    """

    id: str
    workflow_id: str = ""
    status: str = ""
    inputs: Json = None
    outputs: Inputs = msgspec.field(default_factory=dict)
    error: str = ""
    total_steps: int = 0
    total_tokens: int = 0
    elapsed_time: float = 0.0
    created_at: int = 0
    finished_at: int = 0


class LoggedUser(Model, frozen=True):
    """The user who began a run; `session_id` is the name that the client gave."""

    id: str = ""
    type: str = ""
    is_anonymous: bool = False
    session_id: str = ""


class LoggedRun(Model, frozen=True):
    """An entry in the app's log. `created_from` is "service-api" for programs such as this one."""

    id: str
    workflow_run: Run | None = None
    created_from: str = ""
    created_by_role: str = ""
    created_by_end_user: LoggedUser | None = None
    created_at: int = 0


class RunPage(Model, frozen=True):
    """A page of the app's log, the latest run first."""

    page: int = 1
    limit: int = 20
    total: int = 0
    has_more: bool = False
    data: tuple[LoggedRun, ...] = ()


class EndUser(Model, frozen=True):
    """A user of the app. `session_id` is the name that the client gave; times are ISO 8601 texts.

    Some servers send the times as Unix seconds.
    """

    id: str
    tenant_id: str = ""
    app_id: str = ""
    type: str = ""
    external_user_id: str = ""
    name: str = ""
    is_anonymous: bool = False
    session_id: str = ""
    created_at: str | int = ""
    updated_at: str | int = ""
