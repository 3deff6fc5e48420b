"""A program of its own that is a media player; it prints what it does until its input ends."""

from __future__ import annotations

import asyncio
import sys

from helpers.desktop.media_player import MediaPlayer, offered


class Printing(MediaPlayer):
    """Prints each change of what it does."""

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name == "now":
            sys.stdout.write(f"{value}\n")
            sys.stdout.flush()


async def main() -> None:
    """Play until the input ends."""
    async with offered("tests", as_player=Printing()):
        await asyncio.to_thread(sys.stdin.read)


asyncio.run(main())
