"""Detects that PortAudio hangs for ever in this process, so that only a new one has sound again."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from typing import TYPE_CHECKING

from voice_assistant.errors import SpeakerError
from voice_assistant.ports import SOUND_SYSTEM
from voice_assistant.sound import portaudio
from voice_assistant.translation import _

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

LOOK_S = 2.0
HANGS_S = 12.0
"""A longer call counts as hanging. To open a Bluetooth headset takes up to 5 s."""

PROBE = (sys.executable, "-P", "-c", "import sounddevice")
"""A new process that lists the devices: it succeeds as soon as the sound server answers again."""
PROBE_S = 6.0


class SoundWatch:
    """Supervised as "sound system"; restarts the program if the restart brings the sound back.

    If the sound server is killed during a call, the call may never return, and then no later call
    does (PortAudio 19.6 with ALSA's plug-in for PulseAudio; `sound.unused_stack` keeps it from the
    most usual of these hangs). With a suspended sound server a call hangs too, but so would a new
    process: there the watch waits, and does not restart.

    Args:
        restart: ends the program, and starts it again.
        busy_s: returns how long PortAudio has been busy with one call.
        works_elsewhere: returns whether a new process has sound.
    """

    name = SOUND_SYSTEM

    def __init__(
        self,
        restart: Callable[[], object],
        busy_s: Callable[[], float] = portaudio.busy_s,
        works_elsewhere: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self._restart = restart
        self._busy_s = busy_s
        self._works_elsewhere = works_elsewhere or _works_elsewhere

    async def run(self, ready: Callable[[], None]) -> None:
        """Watch until cancelled.

        Raises:
            SpeakerError: PortAudio hangs.
        """
        ready()
        while True:
            await asyncio.sleep(LOOK_S)
            if self._busy_s() > HANGS_S:
                if await self._works_elsewhere():
                    log.warning("PortAudio hangs in this process and works in another: restart")
                    self._restart()
                raise SpeakerError(
                    _("The sound system does not answer"),
                    _("Restart the sound server, or log in again."),
                )


async def _works_elsewhere() -> bool:
    process = await asyncio.create_subprocess_exec(
        *PROBE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(PROBE_S):
            return await process.wait() == 0
    except TimeoutError:
        return False
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
