// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answers about a message so far that are carried out when it is taken. Lives as long as the transaction.
final class Disposition {
    private static final int MAX_PREPENDS = 100;

    private final List<String> prepends = new ArrayList<>();
    boolean hold;
    boolean discard;

    /// All recipients are replaced by this one.
    @Nullable String redirect;

    /// A further recipient, once.
    @Nullable String bcc;

    /// A copy for a transaction of its own.
    Disposition copy() {
        var copy = new Disposition();
        copy.hold = hold;
        copy.discard = discard;
        copy.redirect = redirect;
        copy.bcc = bcc;
        copy.prepends.addAll(prepends);
        return copy;
    }

    /// Adds a header field for the top of the message; the same field is put there once.
    void prepend(String field) {
        if (!prepends.contains(field) && prepends.size() < MAX_PREPENDS) {
            prepends.add(field);
        }
    }

    List<String> prepends() {
        return prepends;
    }
}
