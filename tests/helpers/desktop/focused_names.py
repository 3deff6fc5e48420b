"""Write the role and the name of what gets the focus, as a screen reader says them, line by line.

Run by the system's Python, which has the accessibility library. Its first line is "ready".
"""

from __future__ import annotations

import sys

import pyatspi


def write(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def told(event):
    if event.detail1:
        write(f"{event.source.getRoleName()}: {event.source.name}")


pyatspi.Registry.registerEventListener(told, "object:state-changed:focused")
write("ready")
pyatspi.Registry.start()
