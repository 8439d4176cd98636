#!/bin/sh
# Dovecot 2.3.19.1: a mailbox with auto=create is listed before it is made, without \NonExistent, and STATUS counts its messages, yet RENAME
# of it is answered with NONEXISTENT. After a SELECT the same RENAME is done. A client that lets people rename what LIST shows fails
# once, and not again when somebody tries to see why.
#
# Output seen: LIST yes, first RENAME NO [NONEXISTENT], SELECT OK, second RENAME OK.
set -eu
version=1:2.3.19.1+dfsg1-2.1+deb12u7
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -qq "dovecot-core=$version" "dovecot-imapd=$version" >/dev/null
for deb in *.deb; do dpkg -x "$deb" root; done
mkdir mail
chmod -R a+rwX "$dir"
as=
[ "$(id -u)" != 0 ] || as="setpriv --reuid=65534 --regid=65534 --clear-groups"
printf '%s\r\n' 'a LIST "" *' 'b RENAME Trash Other' 'c SELECT Trash' 'd CLOSE' 'e RENAME Trash Other' 'f LOGOUT' |
    env -i TZ=UTC HOME="$dir/mail" USER=nobody PATH="$PATH" LD_LIBRARY_PATH="$dir/root/usr/lib/dovecot" $as \
        "$dir/root/usr/lib/dovecot/imap" -O -o "mail_location=maildir:$dir/mail" -o "mail_home=$dir/mail" -o first_valid_uid=1 \
        -o "base_dir=$dir" -o namespace=inbox -o namespace/inbox/name=inbox -o namespace/inbox/inbox=yes \
        -o namespace/inbox/mailbox=Trash -o namespace/inbox/mailbox/Trash/name=Trash \
        -o namespace/inbox/mailbox/Trash/auto=create > answers 2> log
seen=$(tr -d '\r' < answers | sed -n 's/^\* LIST .*Trash$/listed/p; s/^\([bce] \(NO \[[A-Z]*\]\|OK\)\).*/\1/p' | tr '\n' ';')
echo "seen: $seen"
[ "$seen" = "listed;b NO [NONEXISTENT];c OK;e OK;" ]
