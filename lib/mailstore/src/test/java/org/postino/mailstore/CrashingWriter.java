// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/// A program that adds, flags and expunges messages and says what it has done, until it is killed.
final class CrashingWriter {
    private CrashingWriter() {}

    static MailLocation location(String form, Path dir) {
        return form.equals("maildir")
                ? new MailLocation.Maildir(dir.resolve("Maildir"))
                : new MailLocation.Mbox(dir.resolve("mail"), dir.resolve("inbox"));
    }

    static String text(String subject) {
        return "Subject: " + subject + "\r\n\r\n" + "line of text\r\n".repeat(200);
    }

    public static void main(String[] args) throws IOException {
        var location = location(args[0], Path.of(args[1]));
        try (var stores = new MailStores(Clock.systemUTC());
                var store = stores.open(location, StoreOwner.self());
                Mailbox box = store.open("INBOX", false)) {
            for (int i = 0; ; i++) {
                String subject = args[2] + "-" + i;
                byte[] bytes = text(subject).getBytes(StandardCharsets.ISO_8859_1);
                var at = box.append(Flags.NONE, null, new ByteArrayInputStream(bytes));
                say("added " + at.uidValidity() + " " + at.uid() + " " + subject);
                box.sync();
                box.store(List.of(at.uid()), StoreMode.ADD, Flags.of(Flag.SEEN), Long.MAX_VALUE);
                say("seen " + at.uid());
                if (i % 4 == 3) {
                    long victim = box.uid(1 + i % box.size());
                    say("expunging " + victim);
                    box.expunge(List.of(victim));
                }
            }
        }
    }

    @SuppressWarnings("SystemOut") // the test reads it
    private static void say(String text) {
        System.out.println(text);
        System.out.flush();
    }
}
