"""`profile`: lists the apps and servers that can answer, and chooses one."""

from __future__ import annotations

import msgspec

from voice_assistant.cli.control import Control
from voice_assistant.cli.terminal.output import show_json
from voice_assistant.errors import NotRunning
from voice_assistant.settings import loading, profiles
from voice_assistant.settings.address import without_password
from voice_assistant.system import paths
from voice_assistant.translation import _


def show(*, as_json: bool) -> int:
    """List the profiles; a star marks the one that is chosen."""
    settings = loading.load(paths.config_file(), profile=profiles.DEFAULT, usable=False)
    chosen = profiles.in_use(loading.load(paths.config_file(), usable=False))
    rows = []
    for name in profiles.names(settings):
        backend = profiles.with_profile(settings, name).backend
        address = without_password(backend.url) if backend.kind == "dify" else _("this machine")
        rows.append({"name": name, "chosen": name == chosen, "address": address})
    if as_json:
        show_json(rows)
        return 0
    for row in rows:
        print(f"{'*' if row['chosen'] else ' '} {row['name']:<12} {row['address']}")
    return 0


def use(name: str) -> int:
    """Let another profile answer, from the next question on."""
    from voice_assistant.commands import UseProfile

    settings = loading.load(paths.config_file(), profile=profiles.DEFAULT, usable=False)
    kept = profiles.choose(settings, name)
    try:
        with Control() as daemon:
            daemon.request(msgspec.json.encode(UseProfile(name=kept)))
    except NotRunning:
        print(_("From the next start on, {kept} answers.", kept=kept))
    else:
        print(_("From the next question on, {kept} answers.", kept=kept))
    return 0
