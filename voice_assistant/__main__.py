"""`python -m voice_assistant` is `voice-assistant`."""

from __future__ import annotations

import sys

from voice_assistant.cli import main

if __name__ == "__main__":
    sys.exit(main())
