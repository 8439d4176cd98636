#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What bench/smtp --filters puts in a server's way, the same for each: tables, checks, a policy server, a milter.

  bench/filters.py --peers        the policy server and the milter as one process: prints their two ports,
                                  then their two counts of questions for each line of input; ends with it

The milter asks for an answer at the end of a message only, as a fast one does; it is sent everything.
"""
import os
import random
import shutil
import socket
import struct
import subprocess
import sys
import threading

SEED = 2026
ENTRIES = 10_000
NETWORKS = 50_000
PATTERNS = 1_000
PARTS = ("restrictions", "policy", "milter", "checks")

# The shapes of patterns that header_checks of installations have.
SHAPES = (
    "/^Subject:.*\\b{0}\\b.*{1}/ REJECT subject",
    "/^Subject: *{0} {1}/ REJECT subject",
    "/^From:.*@{0}-{1}\\.example>?$/ REJECT sender",
    "/^X-Mailer: *{0}.?{1}/ REJECT program",
    "/^Content-(Type|Disposition):.*name *= *\"?[^\"]*{0}{1}\\.(exe|scr|pif)\"?/ REJECT attachment",
    "/^(To|Cc):.*{0}\\.{1}@/ WARN recipient",
    "/^Received: from .*\\[10\\.{2}\\.[0-9]+\\.[0-9]+\\].*{0}/ IGNORE",
    "/^List-Unsubscribe:.*{0}.*{1}\\.example/ REJECT list",
)


def word(random):
    return "".join(random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(random.randint(5, 9)))


def write(path, lines):
    with open(path, "w") as f:
        f.writelines(line + "\n" for line in lines)


class Filters:
    """The parts named in `parts` for one server after another; close() ends the peers."""

    def __init__(self, parts):
        self.parts = parts
        self.peers = None
        if {"policy", "milter"} & set(parts):
            self.peers = subprocess.Popen([sys.executable, os.path.abspath(__file__), "--peers"],
                                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self.policy, self.milter = self.peers.stdout.readline().split()

    def settings(self, top, postmap):
        """Settings of main.cf as `name=value`; the tables lie below the directory `top`."""
        shutil.rmtree(top, ignore_errors=True)
        os.makedirs(top, 0o755)
        chance = random.Random(SEED)
        asked = []
        settings = []
        if "restrictions" in self.parts:
            asked += self.restrictions(top, postmap, chance)
        if "policy" in self.parts:
            asked.append(f"check_policy_service inet:127.0.0.1:{self.policy}")
        if "checks" in self.parts:
            patterns = [SHAPES[i % len(SHAPES)].format(word(chance), word(chance), chance.randint(0, 255))
                        for i in range(PATTERNS)]
            write(os.path.join(top, "header_checks"), patterns)
            settings.append(f"header_checks=pcre:{top}/header_checks")
        if "milter" in self.parts:
            settings.append(f"smtpd_milters=inet:127.0.0.1:{self.milter}")
        settings.append("smtpd_helo_required=yes")
        settings.append("smtpd_recipient_restrictions=" + ", ".join(
            asked + ["check_sender_access static:HOLD", "permit"]))
        return settings

    @staticmethod
    def restrictions(top, postmap, chance):
        write(os.path.join(top, "networks"), (
            f"{chance.randint(11, 120)}.{chance.randint(0, 255)}.{chance.randint(0, 255)}.0/24 REJECT network"
            for _ in range(NETWORKS)))
        for name, key in (("helo", "{0}.{1}.example"), ("sender", "{0}@{1}.example"), ("recipient", "{0}@{1}.example")):
            write(os.path.join(top, name), (
                key.format(word(chance), word(chance) + str(i)) + " REJECT listed" for i in range(ENTRIES)))
            subprocess.run([*postmap, "hash:" + os.path.join(top, name)], check=True)
        return ["reject_unauth_pipelining", "reject_non_fqdn_sender", "reject_non_fqdn_recipient",
                "reject_invalid_helo_hostname", "reject_non_fqdn_helo_hostname", "reject_unauth_destination",
                f"check_client_access cidr:{top}/networks", f"check_helo_access hash:{top}/helo",
                f"check_sender_access hash:{top}/sender", f"check_recipient_access hash:{top}/recipient"]

    def asked(self):
        """How often the policy server and the milter were asked about a message."""
        if not self.peers:
            return 0, 0
        self.peers.stdin.write("\n")
        self.peers.stdin.flush()
        return tuple(int(n) for n in self.peers.stdout.readline().split())

    def close(self):
        if self.peers:
            self.peers.stdin.close()
            self.peers.wait()
            self.peers.stdout.close()


class Peer:
    """A server with a thread for each connection; counts what it answers."""

    def __init__(self, talk):
        self.talk = talk
        self.count = 0
        self.lock = threading.Lock()
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with connection:
                self.talk(self, connection)
        except ConnectionError:
            pass  # the server under test has ended

    def answered(self):
        with self.lock:
            self.count += 1


def policy(peer, connection):
    pending = b""
    while True:
        piece = connection.recv(65536)
        if not piece:
            return
        pending += piece
        while b"\n\n" in pending:
            _, _, pending = pending.partition(b"\n\n")
            peer.answered()
            connection.sendall(b"action=DUNNO\n\n")


# Of the milter protocol, version 6: no reply is awaited to any command but the end of the body.
NO_REPLIES = 0xFF080


def milter(peer, connection):
    pending = b""
    while True:
        piece = connection.recv(262144)
        if not piece:
            return
        pending += piece
        at = 0
        while len(pending) - at >= 5:
            length = int.from_bytes(pending[at:at + 4])
            if len(pending) - at < 4 + length:
                break
            command = pending[at + 4:at + 5]
            at += 4 + length
            if command == b"O":
                connection.sendall(struct.pack(">IcIII", 13, b"O", 6, 0, NO_REPLIES))
            elif command == b"E":
                peer.answered()
                connection.sendall(struct.pack(">Ic", 1, b"c"))
            elif command == b"Q":
                return
        pending = pending[at:]


def peers():
    both = Peer(policy), Peer(milter)
    print(*(p.port for p in both), flush=True)
    for _ in sys.stdin:
        print(*(p.count for p in both), flush=True)


if __name__ == "__main__":
    if sys.argv[1:] != ["--peers"]:
        raise SystemExit(__doc__)
    peers()
