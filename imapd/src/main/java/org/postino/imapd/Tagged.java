// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import org.jspecify.annotations.Nullable;

/// The tagged response that ends a command.
record Tagged(Status status, @Nullable ResponseCode code, String text) {
    enum Status {
        OK,
        NO,
        BAD
    }

    /// The mailbox into which messages should go is not there.
    static final Tagged NO_MAILBOX = no(ResponseCode.TRYCREATE, "Mailbox doesn't exist.");

    static Tagged ok(String text) {
        return new Tagged(Status.OK, null, text);
    }

    static Tagged ok(@Nullable ResponseCode code, String text) {
        return new Tagged(Status.OK, code, text);
    }

    static Tagged no(String text) {
        return new Tagged(Status.NO, null, text);
    }

    static Tagged no(@Nullable ResponseCode code, String text) {
        return new Tagged(Status.NO, code, text);
    }

    static Tagged bad(String text) {
        return new Tagged(Status.BAD, null, text);
    }
}
