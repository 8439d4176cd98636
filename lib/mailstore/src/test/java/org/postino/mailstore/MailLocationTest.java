// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MailLocationTest {
    private static Optional<MailLocation> parse(String text, String user) {
        return MailLocation.parse(text, Path.of("/home/bob"), user);
    }

    private static Path root(String text, String user) {
        return switch (parse(text, user).orElseThrow()) {
            case MailLocation.Maildir maildir -> maildir.root();
            case MailLocation.Mbox mbox -> mbox.inbox();
        };
    }

    @ParameterizedTest
    @CsvSource({
        "~/Maildir, /home/bob/Maildir",
        "maildir:~, /home/bob",
        "maildir:Mail, /home/bob/Mail",
        "maildir:/srv/%d/%n, /srv/Example.com/Bob",
        "maildir:/srv/%Ld/%1Ln/%1.1Ln/%Lu, /srv/example.com/b/o/bob@example.com",
        "maildir:/srv/%2.256Nu/%u, /srv/71/Bob@Example.com",
        "maildir:%h/x, /home/bob/x",
        "maildir:/srv/%{domain}/%{username}, /srv/Example.com/Bob",
        "maildir:/srv/100%%/%n, /srv/100%/Bob",
        "mbox:~/mail:INBOX=/var/mail/%n, /var/mail/Bob",
        "mbox:~/mail, /home/bob/mail/inbox"
    })
    void variablesAreFilledIn(String text, String expected) {
        assertEquals(Path.of(expected), root(text, "Bob@Example.com"));
    }

    @Test
    void theOtherPlacesOfAMaildirAreRead() {
        assertEquals(
                Optional.of(
                        new MailLocation.Maildir(
                                Path.of("/home/bob/M"),
                                Path.of("/in/bob"),
                                Path.of("/home/bob/C"),
                                Path.of("/ix/bob"))),
                parse(
                        "maildir:~/M:INBOX=/in/%u:LAYOUT=Maildir++:CONTROL=~/C:INDEX=/ix/%u:VOLATILEDIR=/tmp",
                        "bob"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mdbox:~/mdbox",
                "maildir:",
                "maildir:~/x:LAYOUT=fs",
                "maildir:~/x:INBOX=",
                "maildir:~/x:INDEX=MEMORY",
                "maildir:~/x:DIRNAME=mail",
                "maildir:~/x:WHATEVER",
                "mbox:~/x:CONTROL=/c",
                "maildir:/srv/%x",
                "maildir:/srv/%"
            })
    void whatCannotBeTrueIsRefused(String text) {
        assertEquals(Optional.empty(), parse(text, "bob"));
    }

    /// A name that the user database has must not lead out of the directory meant.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "../root",
                "a/b",
                "..",
                "..@example.com",
                "bob@..",
                "bob@a/../..",
                "x:INBOX=",
                "bob@",
                "@example.com"
            })
    void aNameThatLeadsElsewhereIsRefused(String user) {
        assertEquals(Optional.empty(), parse("maildir:/srv/%d/%n", user));
        assertEquals(Optional.empty(), parse("maildir:/srv/%u", user));
        assertEquals(
                Path.of("/home/bob/M"), root("maildir:~/M", user), "where no name is asked for");
    }
}
