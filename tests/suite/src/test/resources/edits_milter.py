# A filter that asks for every edit there is. Arguments: socket, log file.
import sys

import Milter


class Edits(Milter.Base):
    def __init__(self):
        self.id = Milter.uniqueID()

    def note(self, *words):
        with open(sys.argv[2], "a") as log:
            print(*words, file=log)

    def connect(self, name, family, address):
        self.note("connect", name, address[0])
        return Milter.CONTINUE

    def hello(self, name):
        self.note("helo", name)
        return Milter.CONTINUE

    def envfrom(self, sender, *words):
        self.note("mail", sender, *words)
        return Milter.CONTINUE

    def envrcpt(self, recipient, *words):
        self.note("rcpt", recipient, *words)
        return Milter.CONTINUE

    def header(self, name, value):
        self.note("header", name, value)
        return Milter.CONTINUE

    def eoh(self):
        self.note("eoh", self.getsymval("i"))
        return Milter.CONTINUE

    def body(self, chunk):
        self.note("body", len(chunk))
        return Milter.CONTINUE

    def eom(self):
        self.addheader("X-First", "front", 0)
        self.addheader("X-Last", "back")
        self.chgheader("Subject", 1, "changed")
        self.chgheader("X-Remove", 1, "")
        self.chgfrom("<new@mx.test>")
        self.addrcpt("<ann@mx.test>")
        self.delrcpt("<bob@mx.test>")
        self.progress()
        self.replacebody("another body\n")
        return Milter.ACCEPT


Milter.factory = Edits
Milter.set_flags(Milter.CHGBODY + Milter.CHGHDRS + Milter.ADDHDRS + Milter.ADDRCPT + Milter.DELRCPT + Milter.CHGFROM)
Milter.runmilter("edits", sys.argv[1], 10)
