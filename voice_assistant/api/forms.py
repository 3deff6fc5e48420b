"""The client's methods for forms with which a workflow asks a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.api import endpoints
from voice_assistant.api.models import Form, FormBody, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voice_assistant.api.http.transport import Transport
    from voice_assistant.api.models import FormValue


class Forms:
    """The forms of paused runs; `Client.forms`. Newer servers only.

    Every method raises `errors.BackendError`, `Rejected` for a form that has expired or was filled
    in already.
    """

    def __init__(self, transport: Transport, user: str) -> None:
        self._transport = transport
        self._user = user

    async def get(self, form_token: str) -> Form:
        """Return a form."""
        return await self._transport.call(endpoints.FORM, Form, ids={"form_token": form_token})

    async def fill_in(self, form_token: str, action: str, values: Mapping[str, FormValue]) -> None:
        """Fill in a form; the run then goes on.

        Args:
            form_token: names the form.
            action: the id of the button.
            values: the values of the fields, by name.
        """
        body = FormBody(user=self._user, action=action, inputs=dict(values))
        await self._transport.call(
            endpoints.FILL_IN_FORM, Result, ids={"form_token": form_token}, body=body
        )
