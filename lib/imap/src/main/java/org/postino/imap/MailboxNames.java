// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The names of mailboxes in a command of a client that speaks UTF-8 (RFC 9051, 5.1): one that is not in the normal form C is taken for
/// the mailbox of the same name in that form, and the client is told so. A mailbox that another program has given a name in another form
/// is found under that.
public final class MailboxNames {
    private final Existence existence;
    private final Map<String, String> given = HashMap.newHashMap(1);

    /// Tells whether there is a mailbox of a name.
    @FunctionalInterface
    public interface Existence {
        boolean test(String name) throws IOException;
    }

    public MailboxNames(Existence existence) {
        this.existence = existence;
    }

    public static boolean isNormal(String name) {
        return Normalizer.isNormalized(name, Normalizer.Form.NFC);
    }

    public static String normal(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    /// The name of the mailbox that a client means.
    String kept(String name) throws IOException {
        if (isNormal(name) || existence.test(name)) {
            return name;
        }
        var normal = normal(name);
        given.put(normal, name);
        return normal;
    }

    /// The name by which the client has called a mailbox; null if it is the mailbox's own.
    public @Nullable String given(String name) {
        return given.get(name);
    }
}
