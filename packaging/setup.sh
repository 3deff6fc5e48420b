# shellcheck shell=sh
# Getting the assistant ready to run: system packages, a virtual environment, Python packages.
# run.sh and test.sh read this file; `checkout` is the folder above this one.
#
# What is missing is found by what the system can do, not by what its package database says, so that
# it works where things were installed in other ways. All messages go to standard error.

venv=${VOICE_ASSISTANT_VENV:-$checkout/.venv}

# One line for each capability: how to find it | apt | dnf | pacman | brew | what for.
# A dash: not needed, or not to be had there.
needed_to_run='
python|python3 python3-venv|python3|python|python@3.13|to run the program
portaudio|libportaudio2|portaudio|portaudio|-|microphone and speaker
alsa-pulse|libasound2-plugins|alsa-plugins-pulseaudio|alsa-plugins|-|sound through PulseAudio or PipeWire
flite|flite|flite|flite|-|a voice for English
espeak-ng|espeak-ng|espeak-ng|espeak-ng|espeak-ng|a voice for other languages
dbus-daemon|dbus|dbus-daemon|dbus|-|tray and notifications
'
needed_to_test='
Xvfb|xvfb|xorg-x11-server-Xvfb|xorg-server-xvfb|-|a screen for tests
xauth|xauth|xorg-x11-xauth|xorg-xauth|-|a screen of their own for tests
xprop|x11-utils|xprop|xorg-xprop|-|to look at windows
xdotool|xdotool|xdotool|xdotool|-|to press keys
scrot|scrot|scrot|scrot|-|to look at the screen
openbox|openbox|openbox|openbox|-|a window manager for tests
xfce4-panel|xfce4-panel|xfce4-panel|xfce4-panel|-|a tray for tests
trayer|trayer|trayer|trayer|-|a tray of the old kind for tests
dunst|dunst|dunst|dunst|-|notifications for tests
xfce4-notifyd|xfce4-notifyd|xfce4-notifyd|xfce4-notifyd|-|notifications with buttons for tests
notify-send|libnotify-bin|libnotify|libnotify|-|notifications for tests
gsettings|libglib2.0-bin gsettings-desktop-schemas|glib2 gsettings-desktop-schemas|glib2 gsettings-desktop-schemas|-|settings of GNOME for tests
pyatspi|python3-pyatspi at-spi2-core|python3-pyatspi at-spi2-core|python-atspi|-|to click buttons by name
pulseaudio|pulseaudio|pulseaudio|pulseaudio|-|a sound server for tests
parec|pulseaudio-utils|pulseaudio-utils|libpulse|-|to listen to the speaker
ffmpeg|ffmpeg|ffmpeg-free|ffmpeg|ffmpeg|to compare with its decoders
openssl|openssl|openssl|openssl|openssl|to make certificates for tests
chromium|chromium|chromium|chromium|-|to test pages in a real browser
shellcheck|shellcheck|ShellCheck|shellcheck|shellcheck|to check these scripts
'

die() {
    say "$@"
    exit 1
}

say() { printf 'voice-assistant: %s\n' "$*" >&2; }

# Makes everything ready for `run`, `test` or `check`; nothing is done when it was ready before.
# The stamp says for what the environment was made: this checkout, these dependencies, this Python.
set_up() {
    purpose=$1
    stamp=$venv/ready-to-$purpose
    if [ ! -x "$venv/bin/python" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$(state)" ]; then
        add_packages
    fi
    add_models
}

add_packages() {
    add_system_packages "$needed_to_run"
    [ "$purpose" = run ] || add_system_packages "$needed_to_test"
    add_python_packages
    state >"$stamp"
}

state() {
    cksum <"$checkout/pyproject.toml"
    "$venv/bin/python" -V 2>&1
    printf '%s\n' "$checkout"
}

# --- Python ---

# Prints a Python that can run the assistant and make virtual environments. The newest ones come
# last: not every package is ready-made for them at once.
find_python() {
    for newest in 13 99; do
        for name in python3 python3.13 python3.12 python3.11; do
            command -v "$name" >/dev/null || continue
            "$name" -c "
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, $newest):
    sys.exit(1)
import ensurepip, venv" 2>/dev/null || continue
            echo "$name"
            return
        done
    done
    return 1
}

# Where `python3` is too old, versioned packages may stand beside it.
add_newer_python() {
    say "the usual Python here is older than 3.11: looking for a newer one"
    for version in 3.13 3.12 3.11; do
        case $(package_manager) in
            apt) install_packages "python$version" "python$version-venv" && return ;;
            dnf) install_packages "python$version" && return ;;
        esac
    done
    return 1
}

add_python_packages() {
    if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        python=$(find_python) || { add_newer_python && python=$(find_python); } ||
            die "Python 3.11 or newer, with its module venv, is needed and could not be installed"
        say "making a virtual environment in $venv"
        "$python" -m venv "$venv" >&2 ||
            die "that failed; VOICE_ASSISTANT_VENV may name a better place"
    fi
    say "installing Python packages; the first time this takes a minute or two"
    extra=
    [ "$purpose" = run ] || extra="[$purpose]"
    quiet=--quiet
    [ -t 2 ] && quiet= # pip's progress bars are for people
    # The checkout itself is what runs: after an update of its code nothing is to be installed.
    # An older ready-made package is better than a newer one that asks for a compiler.
    # shellcheck disable=SC2086 # a word, or none
    "$venv/bin/python" -m pip --disable-pip-version-check install $quiet --prefer-binary \
        --editable "$checkout$extra" >&2 ||
        die "Python packages could not be installed: see above, then try again"
}

# --- the command ---

# Makes `voice-assistant` a command of the user's that runs this environment. A link would not do: a
# script whose first line has spaces in it does not run. What is there and is not ours stays.
add_command() {
    case ${HOME-}$venv in
        /*\'*) return ;; # no name to put between quotes
        /*) ;;
        *) return ;;
    esac
    folder=$HOME/.local/bin
    file=$folder/voice-assistant
    mark='# Made by voice-assistant'
    script="#!/bin/sh
$mark: runs it from $checkout
exec '$venv/bin/python' '$venv/bin/voice-assistant' \"\$@\""
    there=$(cat "$file" 2>/dev/null) || there=
    [ "$there" = "$script" ] && return
    case $there in
        "#!/bin/sh
$mark"*) ;;
        *) [ -e "$file" ] || [ -L "$file" ] && return ;;
    esac
    { mkdir -p "$folder" && printf '%s\n' "$script" >"$file" && chmod 755 "$file"; } 2>/dev/null ||
        return 0
    case :$PATH: in
        *":$folder:"*) say "the command \`voice-assistant\` is there from now on" ;;
        *) say "the command is $file: $folder is not in PATH, perhaps after the next login" ;;
    esac
}

# --- models ---

# Fetches what recognises speech, if it is missing, cut off or damaged; to look takes 0.2 s. What was
# not fetched does not stop the rest: the assistant only cannot hear by itself.
add_models() {
    "$venv/bin/python" "$venv/bin/voice-assistant" models install >/dev/null ||
        say "going on without: what is said is not understood until you run" \
            "\`voice-assistant models install\` with a network"
}

# --- system packages ---

lists_are_fresh=

package_manager() {
    for manager in apt-get dnf pacman brew; do
        command -v "$manager" >/dev/null && echo "${manager%-get}" && return
    done
    echo none
}

add_system_packages() {
    missing=
    while IFS='|' read -r capability apt dnf pacman brew purpose_of_it; do
        if [ -z "$capability" ] || can "$capability"; then continue; fi
        case $(package_manager) in
            apt) packages=$apt ;;
            dnf) packages=$dnf ;;
            pacman) packages=$pacman ;;
            brew) packages=$brew ;;
            *) packages=$capability ;;
        esac
        [ "$packages" = - ] && continue
        say "missing: $packages ($purpose_of_it)"
        missing="$missing $packages"
    done <<EOF
$1
EOF
    [ -z "$missing" ] && return
    # shellcheck disable=SC2086 # words, each of them a package
    install_packages $missing || say "going on without; you may want to install:$missing"
}

can() {
    case $1 in
        python) find_python >/dev/null ;;
        portaudio)
            # This is how sounddevice looks for it; on macOS it brings its own.
            python3 -c '
import ctypes.util, sys
sys.exit(sys.platform != "darwin" and not ctypes.util.find_library("portaudio"))' 2>/dev/null
            ;;
        alsa-pulse)
            in_libraries alsa-lib/libasound_module_pcm_pulse.so ||
                in_libraries alsa-lib/libasound_module_pcm_pipewire.so
            ;;
        xfce4-notifyd) in_libraries xfce4/notifyd/xfce4-notifyd ;;
        pyatspi) /usr/bin/python3 -c 'import pyatspi' 2>/dev/null ;;
        *) PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null ;;
    esac
}

in_libraries() {
    for folder in /usr/lib /usr/lib64 /usr/lib/*; do
        [ -e "$folder/$1" ] && return
    done
    return 1
}

install_packages() {
    [ "$(package_manager)" = brew ] || as_root true || return 1
    case $(package_manager) in
        apt)
            # The lists of packages are fetched once, and only where those at hand do not do.
            until apt_get --simulate install "$@" 2>/dev/null && apt_get install "$@"; do
                [ -z "$lists_are_fresh" ] || return 1
                lists_are_fresh=yes
                as_root apt-get -qq update >&2 || true
            done
            ;;
        dnf) as_root dnf install -y --setopt=install_weak_deps=False "$@" >&2 ;;
        pacman) as_root pacman -S --needed --noconfirm "$@" >&2 ;;
        brew) brew install "$@" >&2 ;;
        *) return 1 ;;
    esac
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends "$@" >&2
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif ! command -v sudo >/dev/null; then
        return 1
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}
