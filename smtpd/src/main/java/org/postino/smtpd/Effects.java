// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What access tables want done with a message besides accepting it. Lives as long as the transaction.
final class Effects {
    private static final int MAX_PREPENDS = 100;

    private final List<String> prepends = new ArrayList<>();
    boolean hold;
    boolean discard;

    /// All recipients are replaced by this one.
    @Nullable String redirect;

    /// A further recipient, once.
    @Nullable String bcc;

    /// The same, for a transaction of its own.
    Effects copy() {
        var copy = new Effects();
        copy.hold = hold;
        copy.discard = discard;
        copy.redirect = redirect;
        copy.bcc = bcc;
        copy.prepends.addAll(prepends);
        return copy;
    }

    /// A header field for the top of the message; the same field is put there once.
    void prepend(String field) {
        if (!prepends.contains(field) && prepends.size() < MAX_PREPENDS) {
            prepends.add(field);
        }
    }

    List<String> prepends() {
        return prepends;
    }
}
