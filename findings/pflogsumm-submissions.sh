#!/bin/sh
# pflogsumm 1.1.5 does not count what the row for port 465 takes, as the stock master.cf of Debian's Postfix 3.7.11 names it:
# lines of "postfix/submissions/smtpd" are no smtpd to it, so the message is delivered, but never received. It knows the row's older
# name, "postfix/smtps", and "postfix/submission".
#
# Output seen: submission 1, smtps 1, submissions 0 received; 1 delivered each time.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -qq pflogsumm=1.1.5-8 postfix=3.7.11-0+deb12u1 \
    libdate-calc-perl=6.4-2 libcarp-clan-perl=6.08-2 libbit-vector-perl=7.4-2+b1 >/dev/null 2>&1
for deb in ./*.deb; do dpkg -x "$deb" root; done
grep -q -- '-o syslog_name=postfix/submissions$' root/usr/share/postfix/master.cf.dist
PERL5LIB="$dir/root/usr/share/perl5:$(echo "$dir"/root/usr/lib/*/perl5/*)"
export PERL5LIB
seen=
for row in submission smtps submissions; do
    {
        echo "Nov 28 10:00:00 mx postfix/$row/smtpd[10]: 4A0B1C2D3E: client=a.example[192.0.2.1], sasl_method=PLAIN, sasl_username=u"
        echo "Nov 28 10:00:01 mx postfix/cleanup[11]: 4A0B1C2D3E: message-id=<1@a.example>"
        echo "Nov 28 10:00:01 mx postfix/qmgr[12]: 4A0B1C2D3E: from=<u@a.example>, size=300, nrcpt=1 (queue active)"
        echo "Nov 28 10:00:02 mx postfix/local[13]: 4A0B1C2D3E: to=<v@b.example>, relay=local, delay=1, delays=0.5/0/0/0.5, dsn=2.0.0, status=sent (delivered to mailbox)"
        echo "Nov 28 10:00:02 mx postfix/qmgr[12]: 4A0B1C2D3E: removed"
    } > log
    seen="$seen$row $(perl root/usr/sbin/pflogsumm log | sed -n 's/^ *\([0-9]*\) *\(received\|delivered\)$/\1/p' | tr '\n' '/') "
done
echo "seen: $seen"
[ "$seen" = "submission 1/1/ smtps 1/1/ submissions 0/1/ " ]
