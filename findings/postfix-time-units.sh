#!/bin/sh
# Postfix 3.7.11 reads a number and one letter of a time and nothing behind them: deliver_lock_delay = 1s30m is one second, 1d12h one day,
# and nothing is said, by the daemon or by postconf. It is also why postscreen_dnsbl_ttl = 1h, the name before 3.1, works: the default
# of postscreen_dnsbl_max_ttl, ${postscreen_dnsbl_ttl?{$postscreen_dnsbl_ttl}:{1}}h, makes "1hh" of it, as postconf -x shows. Who
# judges times more strictly must let that one pass.
#
# Output seen: "max_ttl 1hh; said 0 lines; seconds" (three attempts at a locked file took two seconds, not an hour).
set -eu
version=3.7.11-0+deb12u1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -qq "postfix=$version" >/dev/null 2>&1
dpkg -x postfix_*.deb root
export LD_LIBRARY_PATH="$dir/root/usr/lib/postfix"
mkdir conf
touch file
printf '%s\n' "compatibility_level = 3.6" "deliver_lock_delay = 1s30m" "deliver_lock_attempts = 3" "mailbox_delivery_lock = fcntl" \
    "shlib_directory = $dir/root/usr/lib/postfix" "postscreen_dnsbl_ttl = 1h" > conf/main.cf
: > conf/master.cf
ttl=$(root/usr/sbin/postconf -c conf -hx postscreen_dnsbl_max_ttl)
said=$(root/usr/sbin/postconf -c conf -n 2>&1 >/dev/null | wc -l)
# Three attempts at a file that is locked, with the delay between them.
seconds=$(python3 -c '
import fcntl, subprocess, sys, time
f = open("file", "w"); fcntl.lockf(f, fcntl.LOCK_EX)
began = time.time()
subprocess.run(["root/usr/sbin/postlock", "-c", "conf", sys.argv[1] + "/file", "true"], timeout=300, stderr=subprocess.DEVNULL)
print("seconds" if time.time() - began < 60 else "minutes")' "$dir")
seen="max_ttl $ttl; said $said lines; $seconds"
echo "seen: $seen"
[ "$seen" = "max_ttl 1hh; said 0 lines; seconds" ]
