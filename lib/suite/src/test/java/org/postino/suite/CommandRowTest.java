// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.postino.config.MasterCf;
import org.postino.config.ValueException;

/// Rows of pipe(8), as real ones look.
class CommandRowTest {
    private static CommandRow row(String words) throws ValueException {
        return CommandRow.pipe(MasterCf.row("s unix - n n - - pipe " + words, 1).args());
    }

    @Test
    void rowsOfRealInstallationsAreRead() throws Exception {
        for (String words :
                List.of(
                        "flags=DRXhu user=vmail argv=/usr/bin/maildrop -d ${recipient}",
                        "flags=Fqhu user=uucp argv=uux -r -n -z -a$sender - $nexthop!rmail ($recipient)",
                        "flags=F user=ftn argv=/usr/lib/ifmail/ifmail -r $nexthop ($recipient)",
                        "flags=Fq. user=bsmtp argv=/usr/lib/bsmtp/bsmtp -t$nexthop -f$sender $recipient",
                        "flags=R user=scalemail argv=/usr/lib/scalemail/bin/scalemail-store ${nexthop} ${user} ${extension}",
                        "flags=FRX user=list argv=/usr/lib/mailman/bin/postfix-to-mailman.py ${nexthop} ${user}",
                        "user=debian-spamd argv=/usr/bin/spamc -f -e /usr/sbin/sendmail -oi -f ${sender} ${recipient}",
                        "flags=DRhu user=vmail:vmail argv=/usr/lib/dovecot/deliver -f ${sender} -d ${recipient}",
                        "user=cyrus argv=/cyrus/bin/deliver -e -r ${sender} -m ${extension} ${user}",
                        "flags=R user=cyrus argv=/usr/sbin/cyrdeliver -e -m ${extension} ${user}",
                        "flags=Rq user=filter null_sender= argv=/path/to/script -f ${sender} -- ${recipient}")) {
            assertEquals(
                    words.substring(words.indexOf("user=") + 5).split("[ :]")[0],
                    row(words).user());
        }
    }

    @Test
    void valuesAreWhatTheySay() throws Exception {
        var row =
                row(
                        "flags=DR user=a:b directory=/d eol=\\r\\n\\101\\\\ size=5 null_sender=x argv=/c {d e} $$f");
        assertEquals(
                new CommandRow(
                        "a", "b", "/d", "DR", "\r\nA\\", "x", 5, List.of("/c", "d e", "$$f")),
                row);
        var plain = row("user=a argv= /c");
        assertEquals(
                new CommandRow("a", "", "", "", "\n", "MAILER-DAEMON", 0, List.of("/c")), plain);
    }

    @Test
    void whatIsWrongIsSaid() {
        wrong("user= is missing, the account as which the command runs", "argv=/bin/true");
        wrong("argv= is missing, the command and its arguments", "user=a");
        wrong("argv= is missing, the command and its arguments", "user=a argv=");
        wrong("user=root: a command never runs as root", "user=root argv=/bin/true");
        wrong(
                "unknown attribute \"usr=a\": must be one of chroot=, directory=, eol=, flags=, null_sender=, size=, user= and, as the last, argv=",
                "usr=a argv=/bin/true");
        wrong(
                "flags=Z: unknown flag \"Z\": must be of BDFORXhqu.>",
                "flags=Z user=a argv=/bin/true");
        wrong(
                "chroot= is not supported: commands are confined without it; take it out",
                "chroot=/x user=a argv=/bin/true");
        wrong("size=x: must be a number of bytes", "size=x user=a argv=/bin/true");
        wrong("directory=x: must begin with /", "directory=x user=a argv=/bin/true");
        wrong("eol=\\q: unknown escape behind \\", "eol=\\q user=a argv=/bin/true");
        wrong(
                "argv=: unknown macro ${recipent}; $$ is a dollar sign",
                "user=a argv=/bin/true ${recipent}");
    }

    private static void wrong(String message, String words) {
        var e = assertThrows(ValueException.class, () -> row(words), words);
        assertEquals(message, e.getMessage());
    }
}
