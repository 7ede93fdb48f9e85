#!/bin/sh
# Makes a Debian package of the folder that PyInstaller built: build-deb.sh FOLDER OUTPUT_FOLDER [PYTHON]
#
# PYTHON is one with the project in it, for its version and to draw the icons. What the package depends on follows
# from the libraries that its files load; so it should be built on the oldest Debian that it is meant for.
set -eu

program=$(readlink -f "$1")
output=$(mkdir -p "$2" && readlink -f "$2")
python=${3:-python3}
here=$(dirname "$(readlink -f "$0")")
root=$(dirname "$(dirname "$here")")

version=$("$python" -c 'from portfolio_app.crash import program_version; print(program_version())')
architecture=$(dpkg --print-architecture)
maintainer=${MAINTAINER:-The Portfolio App founders <founders@portfolio-app.invalid>}
# The same source gives the same package.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree
install -d -m 755 "$tree"
umask 022

# The program
install -d "$tree/usr/bin" "$tree/usr/lib"
cp -a "$program" "$tree/usr/lib/portfolio-app"
ln -s ../lib/portfolio-app/portfolio-app "$tree/usr/bin/portfolio-app"
inside=$tree/usr/lib/portfolio-app
find "$inside" -type d -exec chmod 755 {} +
find "$inside" -type f -exec chmod 644 {} +
chmod 755 "$inside/portfolio-app"
find "$inside/_internal" -name '*.so*' -type f >"$work/libraries"
# Not the executable: PyInstaller keeps the program's modules in it.
xargs -r strip --strip-unneeded <"$work/libraries"
while read -r library; do # a Python that was built here looks for its libraries here
    case $(patchelf --print-rpath "$library") in /*) patchelf --remove-rpath "$library" ;; esac
done <"$work/libraries"

# The desktop
share=$tree/usr/share
install -D -m 644 "$here/desktop/portfolio-app.desktop" "$share/applications/portfolio-app.desktop"
install -D -m 644 "$here/desktop/portfolio-app.xml" "$share/mime/packages/portfolio-app.xml"
install -D -m 644 "$root/resources/icons/portfolio-app.svg" "$share/icons/hicolor/scalable/apps/portfolio-app.svg"
"$python" "$here/draw_icons.py" "$root/resources/icons/portfolio-app.svg" "$share/icons/hicolor"
desktop-file-validate "$share/applications/portfolio-app.desktop"

# What Debian wants to see
documents=$share/doc/portfolio-app
install -d "$documents" "$share/man/man1"
"$python" "$here/copyright.py" >"$documents/copyright"
gzip -9n <"$here/desktop/portfolio-app.1" >"$share/man/man1/portfolio-app.1.gz"
{
    echo "portfolio-app ($version) unstable; urgency=medium"
    echo
    echo "  * Version $version, built from $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo a copy)."
    echo
    echo " -- $maintainer  $(date -u -R -d "@$SOURCE_DATE_EPOCH")"
} | gzip -9n >"$documents/changelog.gz"
install -D -m 644 "$here/lintian-overrides" "$share/lintian/overrides/portfolio-app"

# What it needs: libraries that its files load and that it does not bring. GTK's are only for its look under GNOME.
mkdir "$work/debian"
install -d "$tree/DEBIAN" # tells dpkg-shlibdeps where the package begins
printf 'Source: portfolio-app\n\nPackage: portfolio-app\nArchitecture: any\n' >"$work/debian/control"
own=$(find "$inside/_internal" -name '*.so*' -printf '-l%h\n' | sort -u)
# shellcheck disable=SC2046,SC2086 # lists of words
if ! (cd "$work" && dpkg-shlibdeps -O $own -e"$inside/portfolio-app" \
    $(grep -v libqgtk3 "$work/libraries" | sed 's/^/-e/') >depends 2>messages); then
    grep error: "$work/messages" >&2
    exit 1
fi
depends=$(sed -n 's/^shlibs:Depends=//p' "$work/depends")

cat >"$tree/DEBIAN/control" <<CONTROL
Package: portfolio-app
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -sk --apparent-size "$tree/usr" | cut -f1)
Depends: $depends
Recommends: shared-mime-info, xdg-utils
Suggests: libgtk-3-0, tesseract-ocr
Section: education
Priority: optional
Description: compile, check and hand over assessment portfolios
 Keeps evidence of what somebody can do at work, maps it to the requirements
 of their units, shows what is still missing, and writes the portfolio that is
 handed in, as PDF, Word document, spreadsheet or one package.
 .
 Everything stays in one folder on one's own computer; nothing is sent
 anywhere.
CONTROL
for script in postinst postrm; do
    install -m 755 "$here/$script" "$tree/DEBIAN/$script"
done
(cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
chmod 644 "$tree/DEBIAN/md5sums" "$tree/DEBIAN/control"

package=$output/portfolio-app_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$tree" "$package" >/dev/null
echo "$package"
