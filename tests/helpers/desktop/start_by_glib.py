"""Read desktop entries as GLib does, and start them.

Run by the system's Python, which has GLib. On each line of standard input a JSON text: the content
of an entry, its file, or the name of one that is installed. The answer: whether GLib takes it. What
it takes is started.
"""

from __future__ import annotations

import json
import sys

from gi.repository import Gio, GLib

for line in sys.stdin:
    entry = json.loads(line)
    try:
        if entry.startswith("["):
            keys = GLib.KeyFile()
            keys.load_from_data(entry, len(entry.encode()), GLib.KeyFileFlags.NONE)
            program = Gio.DesktopAppInfo.new_from_keyfile(keys)
        elif entry.startswith("/"):
            program = Gio.DesktopAppInfo.new_from_filename(entry)
        else:
            program = Gio.DesktopAppInfo.new(entry)
    except (TypeError, GLib.Error):  # what is no entry to GLib is a null here
        program = None
    taken = program is not None and program.launch([], None)
    sys.stdout.write(f"{taken}\n")
    sys.stdout.flush()
