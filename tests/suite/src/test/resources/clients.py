# SPDX-License-Identifier: Apache-2.0
"""Python's own mail libraries against an instance: clients.py SMTP SUBMISSIONS IMAP IMAPS POP3 POP3S."""
import email.message
import imaplib
import email.policy
import poplib
import smtplib
import ssl
import sys
import time

smtp_port, smtps_port, imap_port, imaps_port, pop_port, pops_port = map(int, sys.argv[1:7])
HOST, USER, PASSWORD = "127.0.0.1", "bob@mx.test", "secret"
anyone = ssl.create_default_context()
anyone.check_hostname = False
anyone.verify_mode = ssl.CERT_NONE


def letter(subject):
    m = email.message.EmailMessage()
    m["From"], m["To"], m["Subject"] = "alice@mx.test", USER, subject
    m.set_content("Grüße\n.\n..\nfrom here\n")
    m.add_attachment(b"\0\1\2" * 5000, maintype="application", subtype="octet-stream", filename="data.bin")
    return m


with smtplib.SMTP(HOST, smtp_port, timeout=30) as s:
    s.ehlo()
    assert s.has_extn("pipelining") and s.has_extn("8bitmime") and s.has_extn("size"), s.esmtp_features
    if s.has_extn("starttls"):
        s.starttls(context=anyone)
        s.ehlo()
    assert s.send_message(letter("one")) == {}
with smtplib.SMTP_SSL(HOST, smtps_port, timeout=30, context=anyone) as s:
    s.login(USER, PASSWORD)
    assert s.send_message(letter("two")) == {}
    try:
        s.sendmail("bob@mx.test", ["nobody-here@mx.test"], "x")
        raise SystemExit("a letter to nobody was accepted")
    except smtplib.SMTPRecipientsRefused as e:
        assert e.recipients["nobody-here@mx.test"][0] == 550, e.recipients


def imap_session(c):
    c.login(USER, PASSWORD)
    end = time.time() + 30
    while True:
        typ, data = c.select("INBOX")
        assert typ == "OK", data
        if int(data[0]) >= 2:
            break
        assert time.time() < end, "letters did not arrive"
        time.sleep(0.05)
    typ, data = c.search(None, "SUBJECT", "two")
    assert typ == "OK" and len(data[0].split()) >= 1, data
    typ, data = c.fetch(data[0].split()[0], "(FLAGS ENVELOPE BODYSTRUCTURE RFC822.SIZE BODY.PEEK[])")
    assert typ == "OK"
    m = email.message_from_bytes(data[0][1], policy=email.policy.default)
    assert m["Subject"] == "two" and m.get_body().get_content().replace("\r\n", "\n") == "Grüße\n.\n..\nfrom here\n", m
    assert [p.get_content() for p in m.iter_attachments()] == [b"\0\1\2" * 5000]
    for call in (lambda: c.create("Archive.2026"), lambda: c.copy("1", "Archive.2026"),
                 lambda: c.append("Archive.2026", r"(\Seen)", imaplib.Time2Internaldate(time.time()), b"Subject: kept\r\n\r\nx\r\n"),
                 lambda: c.status("Archive.2026", "(MESSAGES UNSEEN UIDNEXT)"), lambda: c.store("1", "+FLAGS", r"(\Flagged kept)"),
                 lambda: c.uid("SEARCH", "FLAGGED"), lambda: c.list(), lambda: c.subscribe("Archive.2026"), lambda: c.lsub(),
                 lambda: c.rename("Archive.2026", "Archive.old"), lambda: c.delete("Archive.old"), c.noop):
        typ, data = call()
        assert typ == "OK", data
    c.close()
    c.logout()


imap_session(imaplib.IMAP4(HOST, imap_port, timeout=30))
imap_session(imaplib.IMAP4_SSL(HOST, imaps_port, timeout=30, ssl_context=anyone))

for p in (poplib.POP3(HOST, pop_port, timeout=30), poplib.POP3_SSL(HOST, pops_port, timeout=30, context=anyone)):
    p.user(USER)
    p.pass_(PASSWORD)
    count, size = p.stat()
    assert count == 2 and size > 2000, (count, size)
    assert len(p.list()[1]) == 2 and len(p.uidl()[1]) == 2
    text = b"\n".join(p.retr(1)[1])
    assert b"Subject: one" in text, text[:500]
    assert p.top(2, 0)[0].startswith(b"+OK")
    p.quit()
print("all well")
