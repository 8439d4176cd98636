// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A Maildir whose INBOX, lists of UIDs and index lie in other places.
final class SplitMaildirStoreTest extends StoreContract {
    private MailLocation.Maildir places() {
        return new MailLocation.Maildir(
                dir.resolve("M"), dir.resolve("B"), dir.resolve("C"), dir.resolve("I"));
    }

    @Override
    MailLocation location() {
        return places();
    }

    @Override
    void makeForeign(byte[] name) throws IOException {
        byte[] file = new byte[name.length + 1];
        file[0] = '.';
        System.arraycopy(name, 0, file, 1, name.length);
        Files.createDirectory(named(places().root(), file));
    }

    @Test
    void eachFileLiesWhereDovecotPutsIt() throws IOException {
        add("x", Flag.SEEN);
        here.create("one.two");
        here.append(
                "one.two", Flags.parse(List.of("blue")).orElseThrow(), null, text(message("y")));
        here.subscribe("one.two");
        for (String box : List.of("INBOX", "one.two")) {
            try (var open = here.open(box, false)) {
                assertEquals(1, open.size());
            }
        }
        for (String file :
                List.of(
                        "C/.INBOX/dovecot-uidlist",
                        "C/.one.two/dovecot-uidlist",
                        "C/.one.two/dovecot-keywords",
                        "C/subscriptions",
                        "C/dovecot-uidvalidity",
                        "I/.INBOX/postino.index",
                        "I/.one.two/postino.index")) {
            assertTrue(Files.isRegularFile(dir.resolve(file)), file);
        }
        for (Path mailbox : List.of(dir.resolve("B"), dir.resolve("M/.one.two"))) {
            try (var there = Files.list(mailbox)) {
                var names = there.map(p -> String.valueOf(p.getFileName())).toList();
                assertTrue(
                        Set.of("cur", "new", "tmp", "maildirfolder").containsAll(names),
                        names.toString());
            }
        }
    }

    @Test
    void uidsFollowARenameAndDieWithAMailbox() throws IOException {
        here.create("one");
        here.append("one", Flags.NONE, null, text(message("a")));
        here.append("one", Flags.NONE, null, text(message("b")));
        long validity = here.status("one").uidValidity();
        here.rename("one", "other");
        assertEquals(validity, here.status("other").uidValidity());
        assertEquals(3, here.status("other").uidNext());
        assertFalse(Files.exists(dir.resolve("C/.one")));
        here.delete("other");
        assertFalse(Files.exists(dir.resolve("C/.other")));
        assertFalse(Files.exists(dir.resolve("I/.other")));
        here.create("other");
        assertNotEquals(validity, here.status("other").uidValidity());
    }
}
