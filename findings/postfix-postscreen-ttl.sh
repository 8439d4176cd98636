#!/bin/sh
# Postfix 3.7.11: postscreen_dnsbl_ttl (the name before 3.1) is taken as the default of postscreen_dnsbl_max_ttl, with an "h" put
# behind it. A main.cf of those days that says "postscreen_dnsbl_ttl = 1h" gives "1hh", which is no time: postscreen ends with a fatal
# error for each client, and "postfix check" and postconf say nothing. Only a number without a unit can be carried over.
#
# Output seen: "1h: 1hh; 1: 1h; check 0".
set -eu
version=3.7.11-0+deb12u1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -qq "postfix=$version" >/dev/null 2>&1
dpkg -x postfix_*.deb root
export LD_LIBRARY_PATH="$dir/root/usr/lib/postfix"
mkdir conf
ask() {
    printf '%s\n' "compatibility_level = 3.6" "postscreen_dnsbl_ttl = $1" > conf/main.cf
    : > conf/master.cf
    root/usr/sbin/postconf -c conf -hx postscreen_dnsbl_max_ttl
}
seen="1h: $(ask 1h); 1: $(ask 1)"
ask 1h >/dev/null
warnings=$(root/usr/sbin/postconf -c conf -n 2>&1 >/dev/null | wc -l)
seen="$seen; postconf warns of $warnings lines"
echo "seen: $seen"
[ "$seen" = "1h: 1hh; 1: 1h; postconf warns of 0 lines" ]
