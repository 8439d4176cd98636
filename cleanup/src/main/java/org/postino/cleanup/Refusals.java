// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.util.Locale;
import org.postino.queue.CleanupResult.Refused;
import org.postino.smtp.Reply;

/// The reasons for which cleanup refuses a message, each with the reply for the client.
final class Refusals {
    private Refusals() {}

    static Refused tooBig(long limit) {
        return new Refused(
                Reply.of(552, 5, 3, 4, "Message size exceeds fixed limit"),
                "message is larger than " + limit + " bytes");
    }

    static Refused tooManyHops(long limit) {
        return new Refused(
                Reply.of(554, 5, 4, 6, "Error: too many hops"),
                "more than " + limit + " Received: header fields");
    }

    static Refused noRecipients() {
        return new Refused(
                Reply.of(550, 5, 1, 0, "Error: no recipients specified"),
                "no recipients specified");
    }

    static Refused lookup(String reason) {
        return new Refused(Reply.of(451, 4, 3, 0, "Temporary lookup failure"), reason);
    }

    static Refused aliasExpansion(String address) {
        return new Refused(
                Reply.of(451, 4, 6, 0, "Alias expansion error"),
                "unreasonable virtual alias expansion for " + address);
    }

    static Refused noSpace(String reason) {
        return new Refused(Reply.of(452, 4, 3, 1, "Insufficient system storage"), reason);
    }

    static Refused fieldTooLong(String name, int limit) {
        return new Refused(
                Reply.of(451, 4, 3, 0, "Error: message content cannot be changed"),
                "a field " + name + ": of more than header_size_limit (" + limit + ") bytes");
    }

    static Refused tooManyEdits(int limit) {
        return new Refused(
                Reply.of(451, 4, 3, 0, "Error: message content cannot be changed"),
                "more than " + limit + " changes to header fields");
    }

    /// The refusal after a failed write; a full disk has a reply of its own.
    static Refused write(IOException e) {
        String reason = String.valueOf(e.getMessage());
        String text = reason.toLowerCase(Locale.ROOT);
        return text.contains("no space left") || text.contains("quota exceeded")
                ? noSpace(reason)
                : new Refused(Reply.of(451, 4, 3, 0, "Error: queue file write error"), reason);
    }
}
