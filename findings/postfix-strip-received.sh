#!/bin/sh
# Postfix 3.7.11: message_strip_characters (and message_reject_characters) see the Received: line that Postfix itself has just put in
# front of the message. A character of its own words is cut out of it: with "o", "Received: from host (localhost" becomes
# "Received: frm hst (lcalhst". And a character that stands in both parameters is refused, not removed first.
#
# Output seen: "strip o: Received: frm hst; both: 550 5.7.1".
# It needs root, as a master of Postfix's own does, and Debian's users postfix and postdrop, which the script makes if they lack.
set -eu
version=3.7.11-0+deb12u1
[ "$(id -u)" = 0 ] || { echo "needs root"; exit 1; }
getent group postdrop >/dev/null || groupadd -r postdrop
getent passwd postfix >/dev/null || useradd -r -M -s /usr/sbin/nologin postfix
dir=$(mktemp -d)
master=
trap '[ -z "$master" ] || { kill "$master"; sleep 1; }; rm -rf "$dir"' EXIT
chmod 755 "$dir"
cd "$dir"
apt-get download -qq "postfix=$version" >/dev/null 2>&1
dpkg -x postfix_*.deb root
export LD_LIBRARY_PATH="$dir/root/usr/lib/postfix"
mkdir conf queue data
chown postfix data
for queue in active bounce corrupt defer deferred flush hold incoming private saved trace; do
    mkdir -m 700 "queue/$queue"
    chown postfix "queue/$queue"
done
mkdir -m 755 queue/pid
mkdir -m 1730 queue/maildrop
mkdir -m 2710 queue/public
chown postfix:postdrop queue/maildrop queue/public
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
printf '%s\n' "compatibility_level = 3.6" "queue_directory = $dir/queue" "data_directory = $dir/data" \
    "daemon_directory = $dir/root/usr/lib/postfix/sbin" "command_directory = $dir/root/usr/sbin" \
    "shlib_directory = $dir/root/usr/lib/postfix" "maillog_file = $dir/log" "maillog_file_prefixes = $dir" \
    "import_environment = LD_LIBRARY_PATH=$LD_LIBRARY_PATH MAIL_CONFIG" "inet_interfaces = 127.0.0.1" "myhostname = mx.test" \
    "mydestination = mx.test" "local_recipient_maps =" "alias_maps =" "mynetworks = 127.0.0.0/8" \
    "smtpd_recipient_restrictions = check_sender_access static:HOLD, permit" > conf/main.cf
printf '%s\n' "$port inet n - n - - smtpd" "cleanup unix n - n - 0 cleanup" "rewrite unix - - n - - trivial-rewrite" \
    "qmgr unix n - n 300 1 qmgr" "postlog unix-dgram n - n - 1 postlogd" > conf/master.cf
export MAIL_CONFIG="$dir/conf"
# Prints the reply to a message whose body is "hello"; the parameters are given first.
reply() {
    root/usr/sbin/postconf -e "$@"
    root/usr/lib/postfix/sbin/master -c "$dir/conf" -d &
    master=$!
    python3 - "$port" <<'PY'
import socket, sys, time
for _ in range(100):
    try:
        s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 30); break
    except OSError:
        time.sleep(0.1)
f = s.makefile("rb")
def ask(line):
    s.sendall(line); return f.readline().decode().strip()
f.readline()
for line in (b"HELO host\r\n", b"MAIL FROM:<a@b.test>\r\n", b"RCPT TO:<bob@mx.test>\r\n", b"DATA\r\n"):
    ask(line)
print(ask(b"Subject: x\r\n\r\nhello\r\n.\r\n"))
PY
    kill "$master"
    wait "$master" 2>/dev/null || true
    master=
}
reply 'message_strip_characters = o' 'message_reject_characters =' > first
received=$(root/usr/sbin/postcat -h "$(ls -d queue/hold/* queue/hold/*/* 2>/dev/null | head -1)" | sed -n 's/^\(Received: [a-z]* [a-z]*\).*/\1/p')
both=$(reply 'message_strip_characters = o' 'message_reject_characters = o' | cut -c1-9)
seen="strip o: $received; both: $both"
echo "seen: $seen"
[ "$seen" = "strip o: Received: frm hst; both: 550 5.7.1" ]
