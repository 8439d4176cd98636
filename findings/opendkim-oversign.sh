#!/bin/sh
# OpenDKIM 2.11.0~beta2-8+deb12u1: OversignHeaders is said to name a field once more than it stands in the message. A field that is
# not among those it signs (Message-Id by default: RFC 6376 took it off its list) is then named once in h= without its text being
# hashed: a message that has the field is signed, and the signature is invalid to everyone, OpenDKIM itself included. Oversigning
# Message-Id takes SignHeaders with it.
#
# Output seen: "From,To: verified; From,To,Message-Id: failed" (the same message, the same key, signed as a milter's client).
set -eu
version=2.11.0~beta2-8+deb12u1
dir=$(mktemp -d)
signer=
trap '[ -z "$signer" ] || kill "$signer"; rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -qq "opendkim=$version" "libopendkim11=$version" librbl1 libvbr2 libmilter1.0.1 liblua5.3-0 libunbound8 \
    libmemcached11 libhashkit2 libopendbx1 libevent-2.1-7 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
export LD_LIBRARY_PATH="$dir/root/usr/lib/$(uname -m)-linux-gnu"
openssl genrsa -traditional -out key 2048 2>/dev/null
public=$(openssl rsa -in key -pubout -outform DER 2>/dev/null | base64 -w0)
echo "k._domainkey.a.test v=DKIM1; k=rsa; p=$public" > public
chmod 755 .
chmod 644 key public

cat > sign.py <<'PY'
# A milter's client: sends one message, prints it with the field that the milter inserts in front.
import socket, struct, sys, time
fields = [(b"From", b"ann@a.test"), (b"To", b"bob@b.test"), (b"Message-Id", b"<1@a.test>"), (b"Subject", b"x")]
body = b"text\r\n"
for _ in range(100):
    try:
        s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); break
    except OSError:
        time.sleep(0.1)
f = s.makefile("rb")
def send(command, data=b""):
    s.sendall(struct.pack(">I", 1 + len(data)) + command + data)
def reply():
    (size,) = struct.unpack(">I", f.read(4)); packet = f.read(size); return packet[:1], packet[1:]
def ask(command, data=b""):
    send(command, data); return reply()
# version 6, actions: add and change fields, insert; steps: nothing left out
ask(b"O", struct.pack(">III", 6, 0x1f, 0))
ask(b"C", b"localhost\0" + b"4" + struct.pack(">H", 25) + b"127.0.0.1\0")
ask(b"H", b"localhost\0")
ask(b"M", b"<ann@a.test>\0")
ask(b"R", b"<bob@b.test>\0")
send(b"D", b"Ni\0" + b"1\0")
for name, value in fields:
    ask(b"L", name + b"\0" + value + b"\0")
ask(b"N")
ask(b"B", body)
send(b"E")
signature = None
while True:
    code, data = reply()
    if code == b"i":
        name, value = data[4:].split(b"\0")[:2]
        if name == b"DKIM-Signature":
            signature = value.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if code in b"acrtd":
        break
sys.stdout.buffer.write(b"DKIM-Signature: " + signature + b"\r\n"
    + b"".join(n + b": " + v + b"\r\n" for n, v in fields) + b"\r\n" + body)
PY

as=
[ "$(id -u)" != 0 ] || as="setpriv --reuid=65534 --regid=65534 --clear-groups"
chmod 777 .
trial() {
    printf '%s\n' "Mode sv" "Domain a.test" "Selector k" "KeyFile $dir/key" "TestPublicKeys $dir/public" "RequireSafeKeys no" \
        "OversignHeaders $1" "Syslog no" "Background no" "Socket local:$dir/socket" "UMask 000" > conf
    $as root/usr/sbin/opendkim -f -x conf &
    signer=$!
    python3 sign.py "$dir/socket" > letter
    kill "$signer"
    wait "$signer" || true
    signer=
    rm -f socket
    printf '%s\n' "Mode v" "TestPublicKeys $dir/public" "Syslog no" "Socket local:$dir/unused" > verify.conf
    if root/usr/sbin/opendkim -x verify.conf -vv -t letter 2>&1 | grep -q "verification .* succeeded"; then
        echo verified
    else
        echo failed
    fi
}
seen="From,To: $(trial From,To); From,To,Message-Id: $(trial From,To,Message-Id)"
echo "seen: $seen"
[ "$seen" = "From,To: verified; From,To,Message-Id: failed" ]
