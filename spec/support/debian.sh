# debian.sh - (read by other scripts) where this machine gets its Debian packages from, as apt knows it.

# The address of Debian's packages, or nothing.
debian_site() {
	apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1
}

# The keys that Debian's lists are signed with, or nothing where apt knows them without being told.
debian_keys() {
	ls /usr/share/keyrings/debian-archive-keyring.gpg 2>/dev/null || true
}

# debian_lists FOLDER SUITE - package lists of that suite alone, in FOLDER; takes no root. A command with
# APT_CONFIG=FOLDER/apt.conf in its environment uses them.
debian_lists() {
	mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
	keys=$(debian_keys)
	echo "deb ${keys:+[signed-by=$keys]} $(debian_site) $2 main" >"$1/sources.list"
	cat >"$1/apt.conf" <<-END
		Dir::Etc::SourceList "$1/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::State::Lists "$1/lists";
		Dir::Cache "$1/cache";
		APT::Default-Release "$2";
		APT::Sandbox::User "root";
	END
	APT_CONFIG=$1/apt.conf apt-get -qq update
}
