#!/bin/sh
# Makes sure that the system has what the programs named as arguments need: "python" (to make a virtual
# environment) or "window" (the libraries that Qt loads). Installs it with apt as root; otherwise prints the
# one line to run. Does nothing on systems without apt.
set -eu

missing=
need() { # need PACKAGE CHECK...
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}
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
    *)
        echo "$0: unknown part '$part' (python, window)" >&2
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
