// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostconfTest {
    @TempDir Path dir;

    @BeforeEach
    void files() throws IOException {
        main(
                """
                # who
                myhostname = mx.example.com

                mydestination = $myhostname,
                    # in between
                    localhost,\tother
                here = $mydomain
                relayhost = [$here]
                """);
        master(
                """
                # rows
                smtp      inet  n       -       y       -       -       smtpd
                  -o smtpd_banner=b -o { relayhost = d e } -v
                #submission inet n - - - - smtpd
                relay unix - - n - - smtp -o syslog_name=postino/$service_name
                """);
    }

    private void main(String text) throws IOException {
        Files.writeString(dir.resolve("main.cf"), text);
    }

    private void master(String text) throws IOException {
        Files.writeString(dir.resolve("master.cf"), text);
    }

    private String text(String name) throws IOException {
        return Files.readString(dir.resolve(name));
    }

    private Ran run(String... args) {
        var all = new String[args.length + 2];
        all[0] = "-c";
        all[1] = dir.toString();
        System.arraycopy(args, 0, all, 2, args.length);
        return Ran.postconf(all);
    }

    @Test
    void whatMainCfAssignsIsShownInOrderOfNames() {
        assertEquals(
                """
                here = $mydomain
                mydestination = $myhostname, localhost, other
                myhostname = mx.example.com
                relayhost = [$here]
                """,
                run("-n").ok().out());
    }

    @Test
    void valuesAreExpandedOnDemand() {
        assertEquals("[example.com]\n", run("-xh", "relayhost").ok().out());
        assertEquals("relayhost =\n", run("-d", "relayhost").ok().out());
        assertEquals(
                "smtpd_banner = mx.example.com ESMTP Postino\n",
                run("-x", "smtpd_banner").ok().out());
    }

    @Test
    void namesAndValuesCanBeLeftOut() {
        assertEquals("mx.example.com\n", run("-h", "myhostname").ok().out());
        assertEquals("myhostname\n", run("-H", "myhostname").ok().out());
        assertEquals(
                "{\"name\": \"myhostname\", \"value\": \"mx.example.com\"}\n",
                run("-j", "myhostname").ok().out());
    }

    @Test
    void anUnknownNameIsAWarningWithTheNearestKnownOne() {
        var ran = run("relayhosts", "relayhost");
        assertEquals(0, ran.status());
        assertEquals("relayhost = [$here]\n", ran.out());
        assertEquals(
                "postconf: warning: relayhosts: unknown parameter; did you mean relayhost?\n",
                ran.err());
    }

    @Test
    void anAssignmentThatNobodyReadsIsAWarning() throws IOException {
        main("relayhots = x\n");
        assertEquals(
                "postconf: warning: "
                        + dir
                        + "/main.cf: unused parameter: relayhots=x; did you mean relayhost?\n",
                run("-n").err());
    }

    @Test
    void editingKeepsEverythingElse() throws IOException {
        Files.setPosixFilePermissions(
                dir.resolve("main.cf"), PosixFilePermissions.fromString("rw-r-----"));
        run("-e", "mydestination = a, b", "soft_bounce=yes", "relayhost=").ok();
        assertEquals(
                """
                # who
                myhostname = mx.example.com

                mydestination = a, b
                here = $mydomain
                relayhost =
                soft_bounce = yes
                """,
                text("main.cf"));
        assertEquals(
                "rw-r-----",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(dir.resolve("main.cf"))));
    }

    @Test
    void assignmentsAreTakenOutOrMadeComments() throws IOException {
        run("-#", "mydestination").ok();
        run("-X", "relayhost", "here").ok();
        assertEquals(
                """
                # who
                myhostname = mx.example.com

                #mydestination = $myhostname,
                #    # in between
                #    localhost,\tother
                """,
                text("main.cf"));
    }

    @Test
    void badEditsChangeNothing() throws IOException {
        String before = text("main.cf");
        for (var bad : new String[] {"noequals", "a=b\nc=d", "# x=y"}) {
            var ran = run("-e", bad);
            assertEquals(1, ran.status(), bad);
            assertTrue(ran.err().startsWith("postconf: fatal: "), ran.err());
        }
        assertEquals(before, text("main.cf"));
    }

    @Test
    void rowsAreShownInColumns() {
        assertEquals(
                """
                smtp       inet  n       -       y       -       -       smtpd -o smtpd_banner=b -o {relayhost=d e} -v
                relay      unix  -       -       n       -       -       smtp -o syslog_name=postino/$service_name
                """,
                run("-M").ok().out());
        assertEquals(
                """
                smtp       inet  n       -       y       -       -       smtpd
                    -o smtpd_banner=b
                    -o {relayhost=d e}
                    -v
                """,
                run("-Mf", "smtp/inet").ok().out());
        assertEquals(
                "smtp/inet/relayhost = d e\nsmtp/inet/smtpd_banner = b\n",
                run("-P", "smtp").ok().out());
        assertEquals("postino/relay\n", run("-Phx", "relay/unix/syslog_name").ok().out());
        assertEquals("relay/unix/chroot = n\n", run("-F", "relay/unix/chroot").ok().out());
        assertEquals(
                "postconf: warning: unmatched request: \"nosuch/inet\"\n",
                run("-M", "nosuch/inet").err());
    }

    @Test
    void aNameWithAValueIsEditedWithoutTheOptionToo() throws IOException {
        run("relayhost=[mx.example.net]", "soft_bounce = yes").ok();
        run("-F", "smtp/inet/process_limit=7").ok();
        run("-P", "smtp/inet/smtpd_banner=z").ok();
        run("-M", "foo/unix=foo unix - n n - - pipe user=x argv=/bin/mail -oi {a b}").ok();
        run("-P", "foo/unix/syslog_name=foo").ok();
        assertEquals("[mx.example.net]\nyes\n", run("-h", "relayhost", "soft_bounce").ok().out());
        assertEquals("smtp/inet/process_limit = 7\n", run("-F", "smtp/inet/process_limit").out());
        assertEquals(
                "smtp/inet/relayhost = d e\nsmtp/inet/smtpd_banner = z\n",
                run("-P", "smtp").ok().out());
        assertEquals(
                """
                foo        unix  -       n       n       -       -       pipe
                    -o syslog_name=foo
                    user=x argv=/bin/mail -oi {a b}
                """,
                run("-Mf", "foo/unix").ok().out());
        for (var both : List.of("-d", "-n", "-x", "-h", "-H")) {
            assertEquals(1, run(both, "relayhost=x").status(), both);
        }
        assertEquals("[mx.example.net]\n", run("-h", "relayhost").ok().out());
    }

    @Test
    void rowsAreEdited() throws IOException {
        run("-Fe", "smtp/inet/process_limit=7").ok();
        run("-Pe", "smtp/inet/smtpd_banner=x y").ok();
        run("-Me", "relay/unix=relay unix - - n - 5 smtp").ok();
        run("-Me", "foo/unix = foo unix - - n - - discard").ok();
        run("-PX", "smtp/inet/relayhost").ok();
        assertEquals(
                """
                # rows
                smtp       inet  n       -       y       -       7       smtpd
                    -v
                    -o {smtpd_banner=x y}
                #submission inet n - - - - smtpd
                relay      unix  -       -       n       -       5       smtp
                foo        unix  -       -       n       -       -       discard
                """,
                text("master.cf"));
        run("-MX", "foo/unix").ok();
        run("-M#", "relay/unix").ok();
        assertTrue(
                text("master.cf")
                        .endsWith(
                                "\n#relay      unix  -       -       n       -       5       smtp\n"));
    }
}
