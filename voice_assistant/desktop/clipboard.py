"""Reads what was copied or is marked, and copies text.

X11 has no clipboard of its own: who copies keeps the text, and gives it to each program that asks
(https://www.x.org/releases/current/doc/xorg-docs/icccm/icccm.html, "Peer-to-Peer Communication by
Means of Selections"). So a copied text needs a process that stays: `python -m` this module. On
Wayland only programs with a window may read and copy; wl-clipboard's programs make one.
"""

from __future__ import annotations

import io
import os
import select
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

from voice_assistant.errors import DeviceError, InputError
from voice_assistant.system.child_environment import child_environment
from voice_assistant.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Selection = Literal["clipboard", "selection"]
"""What was copied, or what is marked with the mouse."""

ANSWER_S = 3.0
"""Seconds that the program with the text may take for each part of it."""

MOST_BYTES = 50_000_000
"""More than this is not taken: a picture of four screens has less."""

TEXTS = ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain", "STRING")
PICTURE = "image/png"
_X11_NAMES: dict[Selection, str] = {"clipboard": "CLIPBOARD", "selection": "PRIMARY"}
_PART_BYTES = 100_000  # below the longest request of any X server

NAMES: dict[Selection, str] = {"clipboard": N_("The clipboard"), "selection": N_("The selection")}


class Content(NamedTuple):
    """The content of the clipboard or the selection: a text, or a picture (PNG) without a text."""

    text: str = ""
    picture: bytes = b""


def read(selection: Selection, environ: Mapping[str, str] = os.environ) -> Content:
    """Return what was copied or is marked. Blocks while its program answers.

    Raises:
        InputError: there is nothing, or neither text nor picture, or too much.
        DeviceError: there is no desktop, or no program to read its clipboard.
    """
    content = _read_wayland(selection) if environ.get("WAYLAND_DISPLAY") else _read(selection)
    if not content.text.strip() and not content.picture:
        raise InputError(
            _("{name} is empty", name=_(NAMES[selection])), _("Copy or select something first.")
        )
    return content


def copy(text: str, environ: Mapping[str, str] = os.environ) -> None:
    """Copy a text to the clipboard.

    Raises:
        DeviceError: there is no desktop, or no program to copy with.
    """
    if environ.get("WAYLAND_DISPLAY"):
        _piped(_wl("wl-copy"), text.encode())
    elif sys.platform == "darwin":
        _piped(["pbcopy"], text.encode())
    elif sys.platform == "win32":
        import pyperclip  # noqa: PLC0415  (only there)

        pyperclip.copy(text)
    else:
        _start_owner(text)


def _read(selection: Selection) -> Content:
    if sys.platform != "linux":
        if selection == "selection":
            raise DeviceError(_("Only what was copied can be read here"), _("Copy it first."))
        return _read_copied()
    with _Asking(selection) as asking:
        targets = asking.targets()
        if text := next((one for one in TEXTS if one in targets), None):
            encoding = "latin-1" if text == "STRING" else "utf-8"
            return Content(text=asking.data(text).decode(encoding, "replace"))
        return Content(picture=asking.data(PICTURE) if PICTURE in targets else b"")


def _read_copied() -> Content:
    """Return what was copied on Windows or macOS."""
    if sys.platform == "darwin":
        text = _piped(["pbpaste"]).decode("utf-8", "replace")
    else:
        import pyperclip  # noqa: PLC0415  (only there)

        text = pyperclip.paste()
    if text:
        return Content(text=text)
    from PIL import Image, ImageGrab  # noqa: PLC0415  (slow, and rarely needed)

    copied = ImageGrab.grabclipboard()
    if not isinstance(copied, Image.Image):
        return Content()
    made = io.BytesIO()
    copied.save(made, "PNG")
    return Content(picture=made.getvalue())


def _read_wayland(selection: Selection) -> Content:
    command = [*_wl("wl-paste"), *(("--primary",) if selection == "selection" else ())]
    types = _piped([*command, "--list-types"]).decode("utf-8", "replace").split("\n")
    if any(one.startswith("text/") or one in TEXTS for one in types):
        return Content(text=_piped([*command, "--no-newline"]).decode("utf-8", "replace"))
    return Content(picture=_piped([*command, "--type", PICTURE]) if PICTURE in types else b"")


def _wl(program: str) -> list[str]:
    if found := shutil.which(program):
        return [found]
    raise DeviceError(
        _("There is no {program}, without which no clipboard can be used here", program=program),
        _("Install the package wl-clipboard."),
    )


def _piped(command: Sequence[str], text: bytes = b"") -> bytes:
    """Run a program; return what it prints, b"" if it fails: the clipboard is empty then."""
    try:
        done = subprocess.run(
            command,
            input=text,
            env=child_environment(),  # the program that copies stays
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=ANSWER_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DeviceError(
            _("{command} does not work: {error}", command=command[0], error=error),
            _("Install the package wl-clipboard again."),
        ) from error
    return b"" if done.returncode else done.stdout


class _Asking:
    """Asks the program that has a selection. A context manager that closes the connection.

    Raises:
        DeviceError: there is no X server.
    """

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._display = _display()
        screen = self._display.screen()
        self._window = screen.root.create_window(0, 0, 1, 1, 0, screen.root_depth)
        self._window.change_attributes(event_mask=_X().PropertyChangeMask)
        self._place = self._display.intern_atom("VOICE_ASSISTANT")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._display.close()

    def targets(self) -> set[str]:
        """Return the types that the selection can be had in; none if nothing is selected."""
        self._ask("TARGETS")
        found = self._property()
        if found is None or found.format != 32:  # noqa: PLR2004  (bits: a list of atoms)
            return set()
        return {self._display.get_atom_name(atom) for atom in found.value if atom}

    def data(self, target: str) -> bytes:
        """Return the selection in this type.

        Raises:
            InputError: the program that has it does not give it, or gives too much.
        """
        self._ask(target)
        found = self._property()
        if found is None:
            return b""
        if found.property_type != self._display.intern_atom("INCR"):
            return _as_bytes(found.value)
        parts: list[bytes] = []
        while part := self._next_part():
            parts.append(part)
            if sum(map(len, parts)) > MOST_BYTES:
                raise InputError(
                    _("{name} has too much", name=_(NAMES[self._selection])), _("Copy less.")
                )
        return b"".join(parts)

    def _ask(self, target: str) -> None:
        x = _X()
        selection = self._display.intern_atom(_X11_NAMES[self._selection])
        self._window.convert_selection(
            selection, self._display.intern_atom(target), self._place, x.CurrentTime
        )
        self._wait(x.SelectionNotify)

    def _next_part(self) -> bytes:
        x = _X()
        while True:
            event = self._wait(x.PropertyNotify)
            if event.state == x.PropertyNewValue and event.atom == self._place:
                found = self._property()
                return _as_bytes(found.value) if found else b""

    def _property(self) -> Any:
        """Return what was answered, and take it away: that asks for the next part."""
        found = self._window.get_full_property(self._place, _X().AnyPropertyType)
        self._window.delete_property(self._place)
        self._display.flush()
        return found

    def _wait(self, kind: int) -> Any:
        give_up_at_s = time.monotonic() + ANSWER_S
        while True:
            while self._display.pending_events():
                event = self._display.next_event()
                if event.type == kind:
                    return event
            left_s = give_up_at_s - time.monotonic()
            if left_s <= 0 or not select.select([self._display.fileno()], [], [], left_s)[0]:
                raise InputError(
                    _(
                        "{name} cannot be read: its program does not answer",
                        name=_(NAMES[self._selection]),
                    ),
                    _("Copy it again."),
                )


def _as_bytes(value: Any) -> bytes:
    return value.encode("latin-1") if isinstance(value, str) else bytes(value)


def _X() -> Any:  # noqa: N802  (Xlib's own name)
    from Xlib import X  # noqa: PLC0415  (only where there is an X server)

    return X


def _display() -> Any:
    from Xlib import display, error  # noqa: PLC0415  (only where there is an X server)

    try:
        return display.Display()
    except (error.DisplayError, error.ConnectionClosedError, OSError) as problem:
        raise DeviceError(
            _("There is no desktop whose clipboard could be used"),
            _("Use a terminal within the desktop session."),
        ) from problem


def _start_owner(text: str) -> None:
    """Start the process that gives the text away until something else is copied."""
    _display().close()
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=text.encode("utf-8", "replace"),
        env=child_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise DeviceError(
            _("The text cannot be copied"), _("Check whether the desktop is still running.")
        )


def _own(text: bytes) -> None:
    """Own the clipboard until another program takes it; the caller's process ends at once."""
    x, shown = _X(), _display()
    window = shown.screen().root.create_window(0, 0, 1, 1, 0, shown.screen().root_depth)
    window.set_selection_owner(shown.intern_atom("CLIPBOARD"), x.CurrentTime)
    shown.sync()
    if sys.platform != "win32":  # where there is no X server
        if os.fork():
            os._exit(0)
        os.setsid()  # it outlives the terminal
    while True:
        event = shown.next_event()
        if event.type == x.SelectionClear:
            return
        if event.type == x.SelectionRequest:
            _give(shown, event, text)


def _give(shown: Any, request: Any, text: bytes) -> None:
    from Xlib.protocol import event  # noqa: PLC0415  (only where there is an X server)

    place = request.property or request.target  # of clients that name no property
    kind = shown.get_atom_name(request.target)
    if kind == "TARGETS":
        atoms = [shown.intern_atom(name) for name in ("TARGETS", *TEXTS)]
        request.requestor.change_property(place, shown.intern_atom("ATOM"), 32, atoms)
    elif kind in TEXTS:
        data = text.decode().encode("latin-1", "replace") if kind == "STRING" else text
        request.requestor.change_property(place, request.target, 8, data[:_PART_BYTES])
        for at in range(_PART_BYTES, len(data), _PART_BYTES):
            part = data[at : at + _PART_BYTES]
            request.requestor.change_property(
                place, request.target, 8, part, mode=_X().PropModeAppend
            )
    else:
        place = 0
    answer = event.SelectionNotify(
        time=request.time,
        requestor=request.requestor,
        selection=request.selection,
        target=request.target,
        property=place,
    )
    request.requestor.send_event(answer)
    shown.flush()


if __name__ == "__main__":
    _own(sys.stdin.buffer.read())
