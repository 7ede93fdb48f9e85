#!/bin/sh
# Makes sure that the system has what the parts named as arguments need. Installs it with apt as root; otherwise
# prints the one line to run. Does nothing on systems without apt.
#
#   python   to make a virtual environment
#   window   the libraries that Qt loads, enough for tests that draw off the screen
#   screen   what a real window needs as well
#   tests    a screen that exists in memory only, and what a screen reader talks to
#   viewers  what fills in forms in tests, which do without: a browser, and what runs pdf.js
#   package  what builds and checks the installable package
set -eu

missing=
need() { # need PACKAGE CHECK...
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}
has_program() { command -v "$1"; }
has_chromium() { has_program chromium || has_program chromium-browser || has_program google-chrome; }
has_library() { ldconfig -p | grep -q "$1"; }

for part in "$@"; do
    case $part in
    python)
        need python3 python3 --version
        need python3-venv python3 -c 'import ensurepip, venv'
        ;;
    window)
        need libglib2.0-0 has_library libglib-2.0.so.0
        need libgl1 has_library libGL.so.1
        need libegl1 has_library libEGL.so.1
        need libdbus-1-3 has_library libdbus-1.so.3
        need libfontconfig1 has_library libfontconfig.so.1
        need libxkbcommon0 has_library libxkbcommon.so.0
        ;;
    screen)
        need libxcb-cursor0 has_library libxcb-cursor.so.0
        need libxcb-icccm4 has_library libxcb-icccm.so.4
        need libxcb-image0 has_library libxcb-image.so.0
        need libxcb-keysyms1 has_library libxcb-keysyms.so.1
        need libxcb-render-util0 has_library libxcb-render-util.so.0
        need libxcb-shape0 has_library libxcb-shape.so.0
        need libxcb-xkb1 has_library libxcb-xkb.so.1
        need libxkbcommon-x11-0 has_library libxkbcommon-x11.so.0
        ;;
    tests)
        need xvfb has_program Xvfb
        need xauth has_program xauth
        need xdotool has_program xdotool
        need dbus-daemon has_program dbus-run-session
        need at-spi2-core test -x /usr/libexec/at-spi-bus-launcher
        ;;
    viewers)
        need chromium has_chromium
        need nodejs has_program node
        ;;
    package)
        need libwayland-client0 has_library libwayland-client.so.0
        need libwayland-cursor0 has_library libwayland-cursor.so.0
        need libwayland-egl1 has_library libwayland-egl.so.1
        need binutils has_program objdump
        need dpkg-dev has_program dpkg-shlibdeps
        need desktop-file-utils has_program desktop-file-validate
        need patchelf has_program patchelf
        need shared-mime-info has_program update-mime-database
        ;;
    *)
        echo "$0: unknown part '$part' (python, window, screen, tests, viewers, package)" >&2
        exit 2
        ;;
    esac
done

[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
    echo "These system packages seem to be missing (Debian's names):$missing" >&2
    exit 0
fi
if [ "$(id -u)" != 0 ]; then
    echo "Some system packages are missing. Run this once, then try again:" >&2
    echo "    sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
echo "Installing system packages:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of packages
apt-get install -y -qq --no-install-recommends $missing >/dev/null
