"""The overlay's window on X11: above all others but open menus, and no obstacle to anything.

An override-redirect window has no frame and never gets the focus (ICCCM 4.1.10). Its input shape is
empty, so that clicks go to what is below (X Nonrectangular Window Shape Extension, 1.1). Its
picture is its background, which the X server paints again wherever another window covered it.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from Xlib import X, Xatom, error
from Xlib.display import Display
from Xlib.ext import shape

from voice_assistant.errors import OverlayError
from voice_assistant.translation import _

if TYPE_CHECKING:
    from PIL.Image import Image

TITLE = "voice-assistant captions"
_WIDTH_SHARE = 0.8
_MARGIN = 24
_OPAQUE = 0.92
"""How much of what is below is covered, where a compositor knows _NET_WM_WINDOW_OPACITY."""
_KIND = "_NET_WM_WINDOW_TYPE"
_MENUS = ("MENU", "DROPDOWN_MENU", "POPUP_MENU", "COMBO")
"""The kinds of window that somebody chooses from (Extended Window Manager Hints)."""


class CaptionWindow:
    """The window; it is on the screen between `show` and `hide`.

    Raises:
        OverlayError: there is no X server, or it has no shapes.
    """

    def __init__(self) -> None:
        try:
            self._display = Display()
        except (error.DisplayError, OSError) as reason:
            raise OverlayError(
                _("Captions above all windows need an X server"),
                _("On Wayland that is XWayland; the window has captions, too."),
            ) from reason
        if not self._display.has_extension("SHAPE"):
            self._display.close()
            raise OverlayError(
                _("This X server lets no clicks through captions"),
                _("Use the captions of the window: `voice-assistant window`."),
            )
        screen = self._display.screen()
        self._window: Any = screen.root.create_window(
            0,
            0,
            1,
            1,
            0,
            screen.root_depth,
            X.InputOutput,
            X.CopyFromParent,
            override_redirect=True,
            background_pixel=screen.black_pixel,
            event_mask=0,
        )
        self._kind = self._display.intern_atom(_KIND)
        self._menus = {self._display.intern_atom(f"{_KIND}_{menu}") for menu in _MENUS}
        self._describe()
        self._gc = self._window.create_gc()
        self._place = (0, 0, 1, 1)
        self._shown = False

    def _describe(self) -> None:
        intern, window = self._display.intern_atom, self._window
        window.set_wm_name(TITLE)
        window.set_wm_class("voice-assistant", "Voice-assistant")
        kind = intern(f"{_KIND}_NOTIFICATION")
        window.change_property(self._kind, Xatom.ATOM, 32, [kind])
        opacity = [round(_OPAQUE * 0xFFFFFFFF)]
        window.change_property(intern("_NET_WM_WINDOW_OPACITY"), Xatom.CARDINAL, 32, opacity)
        window.shape_rectangles(shape.SO.Set, shape.SK.Input, X.Unsorted, 0, 0, [])

    @property
    def width(self) -> int:
        """Return how wide a caption may be."""
        return round(self._monitor()[2] * _WIDTH_SHARE)

    def show(self, image: Image, *, at_top: bool) -> None:
        """Show a picture, RGB, in the middle of the monitor's lower or upper edge.

        Raises:
            OverlayError: the connection was lost.
        """
        left, top, width, height = self._monitor()
        x = left + (width - image.width) // 2
        y = top + (_MARGIN if at_top else height - image.height - _MARGIN)
        with self._connected():
            place = (x, y, image.width, image.height)
            if place != self._place:
                self._place = place
                self._window.configure(x=x, y=y, width=image.width, height=image.height)
            self._paint(image)
            if not self._shown:
                self._shown = True
                self._window.map()
            self._come_above()
            self._display.sync()

    def stay_above(self) -> None:
        """Come above windows that were raised since; nothing happens while it is hidden.

        Raises:
            OverlayError: the connection was lost.
        """
        if self._shown:
            with self._connected():
                self._come_above()
                self._display.flush()

    def hide(self) -> None:
        """Take the window off the screen.

        Raises:
            OverlayError: the connection was lost.
        """
        if self._shown:
            self._shown = False
            with self._connected():
                self._window.unmap()
                self._display.flush()

    def close(self) -> None:
        """Close the connection, and with it the window."""
        with contextlib.suppress(error.ConnectionClosedError, OSError):
            self._display.close()

    def _paint(self, image: Image) -> None:
        picture = self._window.create_pixmap(
            image.width, image.height, self._display.screen().root_depth
        )
        picture.put_pil_image(self._gc, 0, 0, image)
        self._window.change_attributes(background_pixmap=picture)
        picture.free()  # the window keeps what it needs of it
        self._window.clear_area()

    def _come_above(self) -> None:
        """Come above all windows but open menus, from which somebody chooses at the moment."""
        windows = self._display.screen().root.query_tree().children
        above = windows[windows.index(self._window) + 1 :]
        if menu := next(filter(self._is_open_menu, above), None):
            gone = error.CatchError(error.BadWindow, error.BadMatch)
            self._window.configure(sibling=menu, stack_mode=X.Below, onerror=gone)
        else:
            self._window.raise_window()

    def _is_open_menu(self, window: Any) -> bool:
        with contextlib.suppress(error.BadWindow):  # it is gone
            if window.get_attributes().map_state == X.IsViewable:
                kinds = window.get_full_property(self._kind, Xatom.ATOM)
                return kinds is not None and not self._menus.isdisjoint(kinds.value)
        return False

    def _monitor(self) -> tuple[int, int, int, int]:
        """Return the primary monitor: its place and its size."""
        root = self._display.screen().root
        with contextlib.suppress(error.XError, AttributeError):
            for one in root.xrandr_get_monitors().monitors:
                if one.primary:
                    return one.x, one.y, one.width_in_pixels, one.height_in_pixels
        size = root.get_geometry()
        return 0, 0, size.width, size.height

    @contextlib.contextmanager
    def _connected(self) -> Any:
        try:
            yield
        except (error.ConnectionClosedError, OSError) as lost:
            raise OverlayError(
                _("The connection to the X server was lost"), _("It is tried again.")
            ) from lost
