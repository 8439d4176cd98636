# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks share: instances, meters, medians. Python 3 standard library only."""
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
IMAGE = os.path.join(ROOT, "packaging/target/image")
WELL_KNOWN = (25, 110, 143, 465, 587, 993, 995)
TICK = os.sysconf("SC_CLK_TCK")


def command(name):
    return os.path.join(IMAGE, "bin", name)


def run(*words, **more):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more).stdout


def port_base(first=21000):
    """A base at which every port of an instance is free."""
    for base in range(first, 48000, 1000):
        try:
            for port in WELL_KNOWN:
                with socket.socket() as s:
                    s.bind(("127.0.0.1", base + port))
            return base
        except OSError:
            continue
    raise SystemExit("no free ports")


class Postino:
    """A throw-away instance of the image with users user1 .. userN."""
    name = "postino"

    def __init__(self, users=10, settings=(), owner=None):
        """`owner` is the user and group number of the mail; without it, whoever runs this."""
        if not os.path.exists(command("postino")):
            raise SystemExit("no image: run ./check or ./demo first")
        uid, gid = (os.getuid(), os.getgid()) if owner is None else (owner, owner)
        self.dir = tempfile.mkdtemp(prefix="postino-bench-")
        self.base = port_base()
        self.port = self.base + 25
        self.domain = "test.example"
        run(command("postino"), "create", self.dir, "--port-base", str(self.base), "--domain", self.domain)
        run(command("postconf"), "-c", self.dir, "-e", "auth_failure_delay=0s", *settings)
        if owner is not None:
            for way in (self.dir, os.path.join(self.dir, "mail")):
                os.chmod(way, 0o755)
        with open(os.path.join(self.dir, "passwd"), "a") as f:
            for i in range(1, users + 1):
                home = self.home(i)
                f.write(f"user{i}@{self.domain}:{{PLAIN}}secret:{uid}:{gid}::{home}::\n")

    def set(self, settings):
        run(command("postconf"), "-c", self.dir, "-e", *settings)

    def postmap(self):
        return [command("postmap"), "-c", self.dir]

    def home(self, i):
        return os.path.join(self.dir, "mail", self.domain, f"user{i}")

    def start(self):
        run(command("postino"), "-c", self.dir, "start")

    def stop(self):
        run(command("postino"), "-c", self.dir, "stop")

    def empty_queue(self):
        run(command("postsuper"), "-c", self.dir, "-d", "ALL")

    def empty_mail(self):
        shutil.rmtree(os.path.join(self.dir, "mail"), ignore_errors=True)
        os.makedirs(os.path.join(self.dir, "mail"))

    def delivered(self):
        return count_new(os.path.join(self.dir, "mail"))

    def master(self):
        with open(os.path.join(self.dir, "spool/pid/master.pid")) as f:
            return int(f.read().split()[0])

    def close(self):
        subprocess.run([command("postino"), "-c", self.dir, "stop"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.dir, ignore_errors=True)


class Postfix:
    """A private Postfix on one loopback port; needs root and Debian's package."""
    name = "postfix"

    @staticmethod
    def missing():
        if os.getuid() != 0:
            return "needs root"
        if not shutil.which("postfix"):
            return "not installed"
        return ""

    def __init__(self, users=10, settings=()):
        self.dir = tempfile.mkdtemp(prefix="postfix-bench-")
        os.chmod(self.dir, 0o755)
        self.domain = "test.example"
        self.base = port_base(21500)  # out of the way of an instance that has not started yet
        self.port = self.base + 25
        for d in ("etc", "spool", "data", "mail"):
            os.mkdir(os.path.join(self.dir, d))
        for d in ("data", "mail"):
            shutil.chown(os.path.join(self.dir, d), "postfix", "postfix")
        self.etc = os.path.join(self.dir, "etc")
        with open(os.path.join(self.etc, "mailboxes"), "w") as f:
            for i in range(1, users + 1):
                f.write(f"user{i}@{self.domain} user{i}/Maildir/\n")
        import pwd
        owner = pwd.getpwnam("postfix")
        self.write("main.cf", f"""
compatibility_level = 3.6
queue_directory = {self.dir}/spool
data_directory = {self.dir}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = bench.test.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
maillog_file = /dev/null
maillog_file_prefixes = /dev
virtual_mailbox_domains = {self.domain}
virtual_mailbox_base = {self.dir}/mail
virtual_mailbox_maps = texthash:{self.etc}/mailboxes
virtual_uid_maps = static:{owner.pw_uid}
virtual_gid_maps = static:{owner.pw_gid}
virtual_minimum_uid = 1
smtpd_tls_security_level =
""" + "\n".join(settings) + "\n")
        self.write("master.cf", f"""
127.0.0.1:{self.port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
virtual unix - n n - - virtual
local unix - n n - - local
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
""")

    def set(self, settings):
        run("postconf", "-c", self.etc, "-e", *settings)

    def postmap(self):
        return ["postmap", "-c", self.etc]

    def write(self, name, text):
        with open(os.path.join(self.etc, name), "w") as f:
            f.write(text.lstrip())

    def home(self, i):
        return os.path.join(self.dir, "mail", f"user{i}")

    def start(self):
        run("postfix", "-c", self.etc, "start")

    def stop(self):
        run("postfix", "-c", self.etc, "stop")

    def empty_queue(self):
        run("postsuper", "-c", self.etc, "-d", "ALL")

    def empty_mail(self):
        for name in os.listdir(os.path.join(self.dir, "mail")):
            shutil.rmtree(os.path.join(self.dir, "mail", name), ignore_errors=True)

    def delivered(self):
        return count_new(os.path.join(self.dir, "mail"))

    def master(self):
        with open(os.path.join(self.dir, "spool/pid/master.pid")) as f:
            return int(f.read().split()[0])

    def close(self):
        subprocess.run(["postfix", "-c", self.etc, "stop"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.dir, ignore_errors=True)


class Dovecot:
    """A private Dovecot with IMAP and POP3 on loopback ports; needs root and Debian's packages."""
    name = "dovecot"

    @staticmethod
    def missing():
        if os.getuid() != 0:
            return "needs root"
        if not os.path.exists("/usr/lib/dovecot/imap") or not os.path.exists("/usr/lib/dovecot/pop3"):
            return "not installed"
        return ""

    def __init__(self, users=10, owner=5000):
        self.dir = tempfile.mkdtemp(prefix="dovecot-bench-")
        os.chmod(self.dir, 0o755)
        self.domain = "test.example"
        self.base = port_base(21500)
        self.process = None
        with open(os.path.join(self.dir, "passwd"), "w") as f:
            for i in range(1, users + 1):
                f.write(f"user{i}@{self.domain}:{{PLAIN}}secret:{owner}:{owner}::{self.home(i)}::\n")
        with open(os.path.join(self.dir, "dovecot.conf"), "w") as f:
            f.write(f"""
base_dir = {self.dir}/run
state_dir = {self.dir}/state
log_path = {self.dir}/log
protocols = imap pop3
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
mail_max_userip_connections = 10000
passdb {{
  driver = passwd-file
  args = {self.dir}/passwd
}}
userdb {{
  driver = passwd-file
  args = {self.dir}/passwd
}}
namespace inbox {{
  inbox = yes
  separator = .
}}
service imap-login {{
  inet_listener imap {{
    port = {self.base + 143}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {self.base + 110}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
""")

    def home(self, i):
        return os.path.join(self.dir, "mail", self.domain, f"user{i}")

    def start(self):
        with open(os.path.join(self.dir, "err"), "w") as err:
            self.process = subprocess.Popen(["dovecot", "-F", "-c", os.path.join(self.dir, "dovecot.conf")],
                                            stdout=err, stderr=err)
        await_that("dovecot greets", self.greets)

    def greets(self):
        try:
            wire = Line(self.base + 143)
        except OSError:
            return False
        wire.close()
        return True

    def master(self):
        return self.process.pid

    def close(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
        shutil.rmtree(self.dir, ignore_errors=True)


def count_new(top):
    """Messages in the new/ folders below a directory."""
    count = 0
    todo = [top]
    while todo:
        try:
            entries = list(os.scandir(todo.pop()))
        except FileNotFoundError:
            continue
        for e in entries:
            if e.name == "new" and e.is_dir():
                count += len(os.listdir(e.path))
            elif e.is_dir() and e.name not in ("cur", "tmp"):
                todo.append(e.path)
    return count


def stat(pid):
    """(parent, name, own CPU seconds, CPU seconds of ended children) or None."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as f:
            head, _, tail = f.read().rpartition(b")")
    except OSError:
        return None
    fields = tail.split()
    return (int(fields[1]), head.partition(b"(")[2].decode(),
            (int(fields[11]) + int(fields[12])) / TICK, (int(fields[13]) + int(fields[14])) / TICK)


def tree(root):
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            s = stat(name)
            if s:
                parents.setdefault(s[0], []).append(int(name))
    todo, found = [root], []
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += parents.get(pid, [])
    return found


def pss_mib(root):
    """Proportional set size of a process tree, MiB."""
    total = 0
    for pid in tree(root):
        try:
            with open(f"/proc/{pid}/smaps_rollup") as f:
                total += next(int(l.split()[1]) for l in f if l.startswith("Pss:"))
        except (OSError, StopIteration):
            pass
    return total / 1024


def cpu_seconds(root):
    total = 0.0
    for pid in tree(root):
        s = stat(pid)
        if s:
            total += s[2] + s[3]
    return total


def await_that(what, condition, limit=60.0, pause=0.002):
    end = time.perf_counter() + limit
    while not condition():
        if time.perf_counter() > end:
            raise SystemExit(f"not within {limit} s: {what}")
        time.sleep(pause)


def in_threads(count, body):
    """body(index) in `count` threads at once; returns the seconds until the last has ended."""
    errors = []

    def work(index):
        try:
            body(index)
        except Exception as e:  # handed to the caller below
            errors.append(e)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(count)]
    begin = time.perf_counter()
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if errors:
        raise errors[0]
    return time.perf_counter() - begin


def spread(values):
    return f"median {statistics.median(values):10.3f}   min {min(values):10.3f}   max {max(values):10.3f}"


class Line:
    """A client's connection, line by line."""

    def __init__(self, port, timeout=60):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.sock.makefile("rb", buffering=65536)

    def send(self, data):
        self.sock.sendall(data)

    def line(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError("closed by the server")
        return line

    def until(self, tag):
        """Everything up to the line that begins with the tag, and that line."""
        data = bytearray()
        while True:
            more = self.file.read1(1 << 20)
            if not more:
                raise ConnectionError("closed by the server")
            data += more
            if data.endswith(b"\r\n"):
                last = data.rfind(b"\r\n", 0, len(data) - 2)
                if data.startswith(tag, 0 if last < 0 else last + 2):
                    return bytes(data)

    def reply(self, digit):
        line = self.line()
        while line[3:4] == b"-":
            line = self.line()
        if line[:1] != digit:
            raise ConnectionError("unexpected reply " + line.decode("latin-1").strip())
        return line

    def close(self):
        self.file.close()
        self.sock.close()
