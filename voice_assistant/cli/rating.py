"""`rate`: rates an answer in the record, and lets the server know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_assistant.cli.orders import order
from voice_assistant.cli.terminal import interruption
from voice_assistant.cli.terminal.output import warn
from voice_assistant.commands import Rate
from voice_assistant.errors import AssistantError, NotRunning
from voice_assistant.history.record_file import history_file
from voice_assistant.history.store import Store
from voice_assistant.settings import loading
from voice_assistant.system import logs, paths
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from voice_assistant.history.recorded_turn import Rating

TOLD = {"good": N_("rated as good"), "bad": N_("rated as bad"), "": N_("no longer rated")}


def rate(number: int, rating: Rating, comment: str) -> int:
    """Rate the answer of a turn, by default the last one; "" takes a rating back."""
    with Store(history_file()) as store:
        turn = store.rate(number or store.last_answer().number, rating, comment)
    print(_("Turn {number} is {told}.", number=turn.number, told=_(TOLD[rating])))
    try:
        order(Rate(rating=turn.rating, comment=turn.comment, turn=turn.number))
    except NotRunning:
        _send()
    return 0


def _send() -> None:
    """Send all ratings that wait; a server that is away gets them later."""
    from voice_assistant.backend.link import link_for
    from voice_assistant.subscribers.ratings import send_ratings

    settings = loading.load(paths.config_file())
    logs.start("error")

    async def send() -> None:
        async with link_for(settings) as link:
            await send_ratings(history_file(), link)

    try:
        interruption.run(send())
    except AssistantError as error:
        warn(
            _("The server does not have the rating yet"),
            _("It gets it later. ({title}.)", title=error.title),
        )
