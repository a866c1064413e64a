#!/bin/sh
# build.sh FOLDER - a Debian package of what make installs, for the release and the architecture at hand, in FOLDER.
# Needs dpkg-dev beside what make needs; no root, no network. DEB_VERSION and DEBFULLNAME, DEBEMAIL may be set.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
tree=$work/debian/prosody-meetauth
doc=$tree/usr/share/doc/prosody-meetauth

# A later release of Debian has the greater number, so that the package follows when the machine is upgraded.
release=$(. /etc/os-release && echo "${VERSION_ID:-0}")
version=${DEB_VERSION:-$(sed -n 's/^#define MEETAUTH_VERSION "\(.*\)"/\1/p' "$root/src/version.h")-1~deb$release}
maintainer="${DEBFULLNAME:-$(id -un)} <${DEBEMAIL:-$(id -un)@localhost}>"

# Built with the flags of Debian's own packages, all hardening on.
flags() { DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --get "$1"; }

# Where make installs, and where Debian has these things: both Prosodys look there without being told.
umask 022
env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s -C "$root" install BUILD="$work/build" DESTDIR="$tree" PREFIX=/usr \
	CFLAGS="$(flags CFLAGS) $(flags CPPFLAGS)" LDFLAGS="$(flags LDFLAGS)" >/dev/null
modules=$tree/usr/lib/prosody/modules
libraries=$tree/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)/lua
mkdir -p "$modules" "$libraries"
mv "$tree"/usr/share/lua/5.4/mod_* "$modules"
mv "$tree/usr/lib/lua/5.4" "$libraries"
rmdir "$tree/usr/lib/lua"
mv "$tree/usr/share/zsh/site-functions" "$tree/usr/share/zsh/vendor-completions"
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$libraries"/5.4/meetauth/core.so
chmod 644 "$libraries"/5.4/meetauth/core.so
find "$tree" -path '*/man/*' -type f -exec gzip -9n {} +

mkdir -p "$doc"
sed "s|@copyright@|$(sed -n 's/^Copyright (c) //p' "$root/LICENSE")|" "$here/copyright" >"$doc/copyright"
sed 's/^/ /; s/^ $/ ./' "$root/LICENSE" >>"$doc/copyright"
gzip -9nc "$root/CHANGELOG.md" >"$doc/changelog.gz"
gzip -9nc >"$doc/changelog.Debian.gz" <<EOF
prosody-meetauth ($version) stable; urgency=medium

  * What is new: changelog.gz.

 -- $maintainer  $(date -R -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}")
EOF
(cd "$root" && find README.md CHANGELOG.md doc examples -type f -exec install -D -m 644 {} "$doc/{}" \;) # links between pages hold

# What the package needs: libraries by their symbols, Lua modules by who asks for them.
depends="lua5.4"
! grep -rqE "require[ (]*\"argparse\"" "$tree/usr" || depends="$depends, lua-argparse"
mkdir "$tree/DEBIAN"
printf 'Source: meetauth\n\nPackage: prosody-meetauth\nArchitecture: any\n' >"$work/debian/control"
depends="$depends, $(cd "$work" && dpkg-shlibdeps -O "$libraries"/5.4/meetauth/core.so | sed 's/^shlibs:Depends=//')"

sed -e "s|@version@|$version|" -e "s|@architecture@|$(dpkg --print-architecture)|" -e "s|@maintainer@|$maintainer|" \
	-e "s|@depends@|$depends|" -e "s|@size@|$(du -ks "$tree/usr" | cut -f1)|" "$here/control" >"$tree/DEBIAN/control"
(cd "$tree" && find usr -type f -exec md5sum {} +) >"$tree/DEBIAN/md5sums"
dpkg-deb --root-owner-group --build "$tree" "$out" >/dev/null
echo "$out/prosody-meetauth_${version}_$(dpkg --print-architecture).deb"
