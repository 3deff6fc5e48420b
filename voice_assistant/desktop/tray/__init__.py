"""The icon in the tray, with its menu."""

from __future__ import annotations

import sys

if sys.platform == "linux":
    from voice_assistant.desktop.tray.sni import Tray
else:
    from voice_assistant.desktop.tray.pystray import Tray

__all__ = ["Tray"]
