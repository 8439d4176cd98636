# SPDX-License-Identifier: Apache-2.0
"""Mailboxes of reproducible messages, written to the disk without a server. Python 3 standard library only."""
import os
import random

RARE = "zanzibar"  # in the subject and text of one message in a hundred
WORDS = ("river stone yellow report meeting garden winter letter harbour window signal copper engine market "
         "paper mountain silver answer budget travel").split()
DAY = 1767225600  # 2026-01-01


def text(chance, size):
    lines = []
    while size > 0:
        line = " ".join(chance.choice(WORDS) for _ in range(10)) + "\r\n"
        lines.append(line)
        size -= len(line)
    return "".join(lines)


def letter(number, size):
    """The message of a number: six of ten are plain, three have an HTML version, one an attachment. Octets with CRLF."""
    chance = random.Random(number)
    rare = number % 100 == 0
    head = (f"Return-Path: <sender@test.example>\r\n"
            f"Received: from client.test.example (client.test.example [192.0.2.{number % 250 + 1}])\r\n"
            f"\tby mail.test.example with ESMTP id {number:012X};\r\n\tThu, 1 Jan 2026 {number % 24:02d}:00:00 +0000\r\n"
            f"From: \"{chance.choice(WORDS).title()} {chance.choice(WORDS).title()}\" <sender@test.example>\r\n"
            f"To: <user@test.example>\r\n"
            f"Subject: {' '.join(chance.choice(WORDS) for _ in range(5))}{' ' + RARE if rare else ''}\r\n"
            f"Date: Thu, 1 Jan 2026 {number % 24:02d}:00:00 +0000\r\n"
            f"Message-ID: <{number}.{chance.getrandbits(48):x}@test.example>\r\n"
            f"In-Reply-To: <{number - 1}.parent@test.example>\r\nMIME-Version: 1.0\r\n")
    mark = RARE + " in the text\r\n" if rare else ""
    kind = number * 7 % 10
    if kind < 6:
        head += "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        return (head + mark + text(chance, size - len(head))).encode()
    edge = f"=_{number:x}_{chance.getrandbits(32):x}"
    room = max(200, size - len(head) - 500)
    if kind < 9:
        parts = [("text/plain; charset=utf-8", mark + text(chance, room // 2)),
                 ("text/html; charset=utf-8", f"<html><body><p>\r\n{text(chance, room // 2)}</p></body></html>\r\n")]
        whole = "alternative"
    else:
        parts = [("text/plain; charset=utf-8", mark + text(chance, room // 3)),
                 (f"application/octet-stream; name=\"{number}.bin\"\r\nContent-Transfer-Encoding: base64",
                  ("QUJD" * 18 + "\r\n") * max(1, room * 2 // 3 // 74))]
        whole = "mixed"
    body = "".join(f"--{edge}\r\nContent-Type: {kind}\r\n\r\n{content}" for kind, content in parts)
    return f"{head}Content-Type: multipart/{whole}; boundary=\"{edge}\"\r\n\r\n{body}--{edge}--\r\n".encode()


def made(path, owner):
    if not os.path.isdir(path):
        made(os.path.dirname(path), owner)
        os.mkdir(path, 0o755)
        if os.getuid() == 0:
            os.chown(path, owner, owner)


def home(path, owner):
    """A home with an empty Maildir in it."""
    for sub in ("cur", "new", "tmp"):
        made(os.path.join(path, "Maildir", sub), owner)


def fill(path, count, size, owner):
    """A Maildir of `count` read messages."""
    for sub in ("cur", "new", "tmp"):
        made(os.path.join(path, sub), owner)
    for i in range(1, count + 1):
        content = letter(i, size).replace(b"\r\n", b"\n")
        name = os.path.join(path, "cur", f"{DAY + i}.M{i}P1.bench,S={len(content)}:2,S")
        with open(name, "wb") as f:
            f.write(content)
        os.utime(name, (DAY + i, DAY + i))
        if os.getuid() == 0:
            os.chown(name, owner, owner)


def evict(top):
    """Drops the page cache of the files below a directory."""
    for directory, _, names in os.walk(top):
        for name in names:
            path = os.path.join(directory, name)
            if os.path.islink(path):
                continue
            fd = os.open(path, os.O_RDONLY)
            os.fdatasync(fd)
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(fd)
