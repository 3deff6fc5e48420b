"""Keeps the caption overlay up to date."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from voice_assistant.desktop.overlay.picture import draw
from voice_assistant.desktop.overlay.window import CaptionWindow
from voice_assistant.translation import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_assistant.desktop.overlay.caption import Caption
    from voice_assistant.settings.sections.desktop import CaptionSettings

LOOK_S = 0.1
"""Seconds between two looks at the caption while it may change."""

RAISE_S = 1.0
"""Seconds between two raises: other programs may have come above."""


class Overlay:
    """A supervised part: the overlay.

    Args:
        settings: its look.
        caption: returns what is to be shown at the moment; None for nothing.
        wanted: is set while there may be something to show.
    """

    name = N_("captions")

    def __init__(
        self,
        settings: CaptionSettings,
        caption: Callable[[], Caption | None],
        wanted: asyncio.Event,
    ) -> None:
        self._settings = settings
        self._caption = caption
        self._wanted = wanted

    async def run(self, ready: Callable[[], None]) -> None:
        """Show each caption until cancelled. Drawing, and the X server's answers, take a thread.

        Raises:
            OverlayError: there is no X server, or it was lost.
        """
        opening = asyncio.create_task(asyncio.to_thread(CaptionWindow))
        try:
            window = await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_close)  # a thread is not cancelled: its window comes later
            raise
        try:
            ready()
            while True:
                await self._wanted.wait()
                await self._show_until_over(window)
        finally:
            window.close()

    async def _show_until_over(self, window: CaptionWindow) -> None:
        shown: Caption | None = None
        raised_s = 0.0
        while caption := self._caption():
            raised_s += LOOK_S
            if caption != shown:
                await asyncio.to_thread(self._show, window, caption)
                shown, raised_s = caption, 0.0
            elif raised_s > RAISE_S:
                await asyncio.to_thread(window.stay_above)
                raised_s = 0.0
            await asyncio.sleep(LOOK_S)
        await asyncio.to_thread(window.hide)

    def _show(self, window: CaptionWindow, caption: Caption) -> None:
        image = draw(caption, self._settings, window.width)
        window.show(image, at_top=self._settings.place == "top")


def _close(opening: asyncio.Task[CaptionWindow]) -> None:
    if not opening.cancelled() and not opening.exception():
        opening.result().close()
