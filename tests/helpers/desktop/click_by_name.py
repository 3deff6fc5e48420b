"""Click a button on the screen by its label, as a screen reader does.

Run by the system's Python, which has the accessibility library: click_by_name.py LABEL
"""

from __future__ import annotations

import sys
import time

import pyatspi


def find(node, label):
    if node is None:
        return None
    if node.name == label and node.getRole() == pyatspi.ROLE_PUSH_BUTTON:
        return node
    return next(filter(None, (find(child, label) for child in node)), None)


deadline = time.monotonic() + 15
while (button := find(pyatspi.Registry.getDesktop(0), sys.argv[1])) is None:
    if time.monotonic() > deadline:
        sys.exit(f"no button {sys.argv[1]!r}")
    time.sleep(0.05)
button.queryAction().doAction(0)
