#!/bin/sh
# Dovecot 2.3.19.1 reads the minutes of a time zone in the "From " line of an mbox as seconds: with "-0530" behind the year, a
# message that came at 17:56:40 UTC has the INTERNALDATE 17:27:10 (12:26:40 + 5 hours + 30 seconds). Whole hours are right. A zone
# in front of the year ("+0200 2025"), where other programs write it, is skipped: the time is taken for local time.
#
# Output seen: 17:27:10 for -0530, 10:26:40 for +0200 behind the year, 12:26:40 for +0200 in front of it (TZ=UTC).
set -eu
version=1:2.3.19.1+dfsg1-2.1+deb12u7
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -qq "dovecot-core=$version" >/dev/null
dpkg -x dovecot-core_*.deb root
mkdir mail
{
    for date in "Sat Nov  1 12:26:40 2025 -0530" "Sat Nov  1 12:26:40 2025 +0200" "Sat Nov  1 12:26:40 +0200 2025"; do
        printf 'From a@b.test %s\nSubject: x\n\nbody\n\n' "$date"
    done
} > mail/inbox
chmod -R a+rwX "$dir"
as=
[ "$(id -u)" != 0 ] || as="setpriv --reuid=65534 --regid=65534 --clear-groups"
seen=$(env -i TZ=UTC HOME="$dir/mail" USER=nobody PATH="$PATH" LD_LIBRARY_PATH="$dir/root/usr/lib/dovecot" $as \
    "$dir/root/usr/bin/doveadm" -O -o "mail_location=mbox:$dir/mail:INBOX=$dir/mail/inbox" -o "mail_home=$dir/mail" \
    -o first_valid_uid=1 fetch date.received mailbox INBOX all | sed -n 's/^date.received: 2025-11-01 //p' | tr '\n' ' ')
echo "seen: $seen"
[ "$seen" = "17:27:10 10:26:40 12:26:40 " ]
