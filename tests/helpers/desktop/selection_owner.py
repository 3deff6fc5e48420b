"""A program that has a selection: python selection_owner.py SELECTION TARGET FILE [INCR].

With INCR it gives the content in parts, as programs do with pictures.
"""

from __future__ import annotations

import sys
from pathlib import Path

from Xlib import X, display
from Xlib.protocol import event

PART_BYTES = 50_000


def main(selection: str, target: str, file: str, incr: str = "") -> None:
    shown = display.Display()
    window = shown.screen().root.create_window(0, 0, 1, 1, 0, shown.screen().root_depth)
    window.set_selection_owner(shown.intern_atom(selection), X.CurrentTime)
    shown.sync()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    data = Path(file).read_bytes()
    while True:
        asked = shown.next_event()
        if asked.type != X.SelectionRequest:
            continue
        parts = []
        if shown.get_atom_name(asked.target) == "TARGETS":
            atoms = [shown.intern_atom(target)]
            asked.requestor.change_property(asked.property, shown.intern_atom("ATOM"), 32, atoms)
        elif incr:
            parts = [data[at : at + PART_BYTES] for at in range(0, len(data), PART_BYTES)] + [b""]
            asked.requestor.change_attributes(event_mask=X.PropertyChangeMask)
            asked.requestor.change_property(
                asked.property, shown.intern_atom("INCR"), 32, [len(data)]
            )
        else:
            asked.requestor.change_property(asked.property, asked.target, 8, data)
        asked.requestor.send_event(
            event.SelectionNotify(
                time=asked.time,
                requestor=asked.requestor,
                selection=asked.selection,
                target=asked.target,
                property=asked.property,
            )
        )
        shown.flush()
        for part in parts:
            while True:
                seen = shown.next_event()
                if seen.type == X.PropertyNotify and seen.state == X.PropertyDelete:
                    break
            asked.requestor.change_property(asked.property, asked.target, 8, part)
            shown.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
