#!/bin/sh
# Installs what is missing: tools/setup.sh [run|test|slow]
#
# Debian packages (apt, by sudo when not root) and the front-end packages (npm,
# by lockfile, without running their scripts).  When everything is there it only
# looks, in well under a second, and needs neither root nor a network.
# Nothing that is installed here is started or enabled as a service: Muster runs
# nginx and MariaDB by itself, from its own folder.  As root it also makes the
# unprivileged user "muster" that the programs then run as.
set -eu
cd "$(dirname "$0")/../.."
what=${1:-run}

# The one list: for, package, why.  Without a service where Debian has it so.
packages='
run  build-essential        gcc, ar, make and the C library
run  pkg-config             where libraries are
run  ca-certificates        npm over https
run  nginx                  in front of everything
run  mariadb-server-core    the database program without a system service
run  mariadb-client-core    its client, and my_print_defaults for the set-up
run  libfcgi-dev            FastCGI
run  libmariadb-dev         MariaDB Connector/C
run  libmagic-dev           types of uploaded files
run  zlib1g-dev             one part of office documents
run  libssl-dev             digests and random numbers
run  libjansson-dev         JSON in
run  libcsv-dev             tables of imports
run  libqrencode-dev        codes for phone cameras
run  libxlsxwriter-dev      registers as workbooks
run  libargon2-dev          password hashes
run  libseccomp-dev         sandbox of muster-scan
run  libgettextpo-dev       catalogue compiler reads .po files
run  gettext                texts are collected from templates and code
run  tzdata                 time zones of branches
test libcmocka-dev          unit tests
test clang                  the second compiler
test clang-format           layout of the C files
test libclang-rt-14-dev     sanitizers and fuzzers of clang
test chromium               browser tests
test fonts-dejavu-core      something for Chromium to write with
test zbar-tools             reads the codes back
test wrk                    load for make bench
test openssl                certificates of the tests
slow valgrind               memory, looked at from outside
slow gcovr                  what the tests reach
test curl                   bodies that end early, and other odd requests
'

say() { printf 'setup: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

case $what in
run) wanted=$(printf '%s\n' "$packages" | awk '$1 == "run" { print $2 }') ;;
test) wanted=$(printf '%s\n' "$packages" | awk '$1 == "run" || $1 == "test" { print $2 }') ;;
slow) wanted=$(printf '%s\n' "$packages" | awk 'NF { print $2 }') ;;
*) stop "usage: setup.sh [run|test|slow]" ;;
esac
[ -r /etc/debian_version ] && command -v dpkg-query >/dev/null ||
	stop "this is not Debian; install what fcgi-app/tools/setup.sh lists, in the ways of your system"

# ---- Debian packages -----------------------------------------------------------
is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=
# One call answers for all when nothing is missing.
# shellcheck disable=SC2086
if [ "$(dpkg-query -W -f='${db:Status-Status}\n' $wanted 2>/dev/null | grep -cx installed)" != \
	"$(printf '%s\n' "$wanted" | wc -l)" ]; then
	for package in $wanted; do
		is_installed "$package" || missing="$missing $package"
	done
fi

# Any node from 18 on with an npm will do; a NodeSource nodejs conflicts with Debian's npm.
if node=$(command -v node); then
	major=$("$node" -p 'process.versions.node.split(".")[0]')
	[ "$major" -ge 18 ] || stop "$node is version $major; Muster needs node 18 or newer (Debian 12 has it: remove this one)"
	if ! command -v npm >/dev/null; then
		case $(dpkg-query -W -f='${Maintainer}' nodejs 2>/dev/null) in
		*debian*) missing="$missing npm" ;;
		*) stop "$node comes without npm and is not Debian's: install npm the way node was installed" ;;
		esac
	fi
else
	missing="$missing nodejs npm"
fi

guard=/usr/sbin/policy-rc.d
guard_mark='# left by setup.sh of Muster: may be removed'
if [ -n "$missing" ]; then
	say "installing:$missing"
	if [ "$(id -u)" = 0 ]; then
		root=
	elif command -v sudo >/dev/null; then
		root='sudo'
		# Nobody to type a password: fail at once.
		[ -t 0 ] || root='sudo -n'
	else
		stop "not root and no sudo here; as root, run: apt-get install --no-install-recommends$missing"
	fi
	had_nginx=no
	is_installed nginx && had_nginx=yes

	# While this file answers 101, packages start no service.
	unguard() {
		if [ -f "$guard" ] && grep -qF "$guard_mark" "$guard"; then $root rm -f "$guard"; fi
	}
	trap unguard EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	$root true || stop "sudo refused; as root, run: apt-get install --no-install-recommends$missing"
	if [ ! -e "$guard" ]; then
		printf '#!/bin/sh\n%s\nexit 101\n' "$guard_mark" | $root tee "$guard" >/dev/null
		$root chmod 755 "$guard"
	fi
	apt() { $root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" </dev/null; }
	apt update || say "apt-get update had trouble; going on with the lists there are"
	# shellcheck disable=SC2086
	apt install --no-install-recommends $missing >/dev/null ||
		stop "apt-get could not install:$missing (its words are above)"
	unguard
	trap - EXIT INT TERM HUP
	# Nor at the next start of the machine, unless it was there before.
	if [ $had_nginx = no ] && command -v systemctl >/dev/null; then
		$root systemctl --quiet disable nginx.service >/dev/null 2>&1 || true
	fi
fi

# ---- the unprivileged user -------------------------------------------------------
if [ "$(id -u)" = 0 ] && [ "${SUDO_UID:-0}" = 0 ] && ! id -u muster >/dev/null 2>&1; then
	say "making the system user muster, as whom the programs run"
	useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin muster ||
		stop "could not make the user muster; start Muster as an ordinary user instead"
fi

# ---- front-end packages ------------------------------------------------------------
# npm writes node_modules/.package-lock.json last, but rewritten; our copy says what it came from.
npm_packages() {
	cmp -s "$1/package-lock.json" "$1/node_modules/.from-lock.json" && return
	say "front-end packages of $1/"
	(cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2) ||
		stop "npm could not install the packages of $1/package-lock.json (its words are above); is the registry reachable?"
	cp "$1/package-lock.json" "$1/node_modules/.from-lock.json"
}
npm_packages static
[ "$what" = run ] || npm_packages tests
