#!/bin/bash
# Tries a package as a new machine would: try-deb.sh PACKAGE.deb [CHROOT]   (as root, on a Debian with debootstrap)
#
# In a copy of CHROOT, a bare Debian 12 that is made there if it is not, it installs the package with nothing but what
# it depends on, uses it as an ordinary user from the terminal and as a window, asks the desktop's tools what a
# portfolio is, and removes it again, after which nothing may be left.
set -euo pipefail

package=$(readlink -f "$1")
bare=${2:-/var/tmp/portfolio-app-bare-debian}
mirror=${MIRROR:-http://deb.debian.org/debian}
here=$(dirname "$(readlink -f "$0")")
"$here/system-libraries.sh" tests
command -v debootstrap >/dev/null || apt-get install -y -qq debootstrap

step() { printf '\n== %s\n' "$*"; }
fail() {
    echo "FAILED: $*" >&2
    exit 1
}

[ -d "$bare/etc" ] || debootstrap --variant=minbase bookworm "$bare" "$mirror" >/dev/null
work=$(mktemp -d /var/tmp/try-deb.XXXXXX)
root=$work/root
children=()
leave() {
    for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
    sleep 0.5
    for place in tmp/.X11-unix dev/shm dev/pts proc; do
        mountpoint -q "$root/$place" && umount -l "$root/$place"
    done
    if grep -q "$root" /proc/mounts; then
        echo "$root is still mounted; not removed" >&2
    else
        rm -rf --one-file-system "$work"
    fi
}
trap leave EXIT

cp -a "$bare" "$root"
# As this machine reaches the net: a proxy, say.
cp /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null || true
find /etc/apt/apt.conf.d -name '99*' -exec cp {} "$root/etc/apt/apt.conf.d/" \;
mount -t proc proc "$root/proc"
mount -t devpts devpts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
cp "$package" "$root/tmp/portfolio-app.deb"

inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
as_user() { # with the variables that a session has
    chroot --userspec=sam:sam "$root" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/home/sam USER=sam LANG=C.UTF-8 \
        ${display:+DISPLAY=$display} "$@"
}
apt() { inside apt-get -qq -o Dpkg::Use-Pty=0 "$@" >"$work/apt.log" 2>&1 || { cat "$work/apt.log"; fail "apt-get $*"; }; }

step "Install with nothing but what it depends on"
apt update
inside useradd --create-home sam
apt install -y --no-install-recommends /tmp/portfolio-app.deb
inside dpkg-query -W -f '${Package} ${Version}: ${Status}\n' portfolio-app
inside find /usr/lib/portfolio-app/_internal -name '*.so*' ! -name 'libqgtk3.so' -exec ldd {} + 2>/dev/null |
    grep 'not found' && fail "libraries are missing"
# shellcheck disable=SC2016 # to be expanded inside
inside sh -c 'for file in $(find /usr/lib/portfolio-app -perm /022 ! -type l); do echo "$file"; done' | grep . &&
    fail "others may write to the program"

step "From the terminal"
as_user portfolio-app --help >"$work/help"
grep -q export "$work/help"
as_user portfolio-app demo /home/sam/demo | tail -n 1
portfolio=$(find "$root/home/sam/demo" -maxdepth 1 -name '*.portfolio' | head -n 1)
portfolio=${portfolio#"$root"}
as_user portfolio-app check "$(dirname "$portfolio")"
as_user portfolio-app suggest "$(dirname "$portfolio")" E1 --json >"$work/suggestions"
grep -q '"with_model": true' "$work/suggestions" || fail "suggestions are made without the sentence model"

step "As a window"
mkdir -p "$root/tmp/.X11-unix"
mkdir -p /tmp/.X11-unix
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
Xvfb -displayfd 6 -screen 0 1280x800x24 -nolisten tcp 6>"$work/display" 2>"$work/xvfb.log" &
children+=($!)
for _ in $(seq 100); do [ -s "$work/display" ] && break || sleep 0.1; done
display=:$(cat "$work/display")
find_window() { DISPLAY=$display xdotool search --onlyvisible --class portfolio-app 2>/dev/null | head -n 1; }
as_user portfolio-app "$portfolio" >"$work/window.log" 2>&1 &
program=$!
children+=("$program")
window=
for _ in $(seq 300); do
    window=$(find_window) && [ -n "$window" ] && break
    kill -0 "$program" 2>/dev/null || { cat "$work/window.log"; fail "the program ended without a window"; }
    sleep 0.1
done
[ -n "$window" ] || { cat "$work/window.log"; fail "no window within 30 seconds"; }
title=
for _ in $(seq 200); do
    title=$(DISPLAY=$display xdotool getwindowname "$(find_window)" 2>/dev/null || true)
    case $title in *"– Portfolio App"*) break ;; esac
    sleep 0.1
done
echo "window: $title"
case $title in *"– Portfolio App"*) ;; *) fail "the portfolio was not opened" ;; esac

settled() { # a fault would be in a report; opening goes on after the title is there
    sleep 3
    find "$root/home/sam" -name 'report-*.txt' -exec cat {} \; | grep . && fail "the program reported a fault"
    kill -0 "$program" 2>/dev/null || fail "the program has ended"
}
settled
if command -v import >/dev/null && [ -n "${PICTURE:-}" ]; then
    DISPLAY=$display import -window root "$PICTURE"
fi

step "A second start hands over to the first and ends"
as_user timeout 20 portfolio-app "$portfolio" || fail "the second start did not end in order"
settled

step "Close the window"
DISPLAY=$display xdotool windowfocus "$(find_window)" # there is no window manager to do so
sleep 0.5
DISPLAY=$display xdotool key ctrl+q
for _ in $(seq 200); do kill -0 "$program" 2>/dev/null || break; sleep 0.1; done
kill -0 "$program" 2>/dev/null && fail "it did not close"
wait "$program" || { cat "$work/window.log"; fail "it ended with code $?"; }
as_user portfolio-app check "$(dirname "$portfolio")"
[ ! -s "$work/window.log" ] || { echo "said on the terminal:"; cat "$work/window.log"; }

step "What the desktop makes of a portfolio"
apt install -y --no-install-recommends shared-mime-info desktop-file-utils libglib2.0-bin xdg-utils
cp -p "$root$portfolio" "$root/home/sam/without a suffix"
type_of() { as_user gio info -a standard::content-type "$1" | sed -n 's/.*content-type: //p'; }
for file in "$portfolio" "/home/sam/without a suffix"; do
    found=$(type_of "$file")
    echo "$(basename "$file"): $found"
    [ "$found" = application/x-portfolio-app ] || fail "it should be application/x-portfolio-app"
done
[ "$(as_user xdg-mime query default application/x-portfolio-app)" = portfolio-app.desktop ] ||
    fail "portfolios are not opened with the program"

step "Install once more, where the desktop's tools are; remove; nothing may be left"
apt install -y --reinstall /tmp/portfolio-app.deb
inside dpkg -L portfolio-app >"$work/files"
apt remove -y portfolio-app
[ "$(type_of "$portfolio")" != application/x-portfolio-app ] || fail "the type of file is still known"
apt purge -y portfolio-app
while read -r file; do
    [ -d "$root$file" ] && [ ! -L "$root$file" ] && continue
    [ ! -e "$root$file" ] || fail "$file is left"
done <"$work/files"
left=$(find "$root" -xdev -path "$root/home" -prune -o -path "$root/proc" -prune -o -path "$root/var/log" -prune -o \
    -iname '*portfolio-app*' ! -path "$root/tmp/*" -print)
[ -z "$left" ] || fail "left behind: $left"
inside grep -rl portfolio-app /usr/share/mime /usr/share/applications 2>/dev/null && fail "the caches still name it"
echo "all is well"
