// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The ESMTP parameters of RCPT (RFC 3461).
///
/// @param events when to tell the sender, empty if he did not say
/// @param orcpt the original recipient as it was sent: `rfc822;` and xtext
public record RcptParameters(Set<Event> events, @Nullable String orcpt) {
    public static final RcptParameters NONE = new RcptParameters(Set.of(), null);

    /// An event of which the sender wants to hear.
    public enum Event {
        NEVER,
        SUCCESS,
        FAILURE,
        DELAY
    }

    public RcptParameters {
        events = Set.copyOf(events);
    }

    /// `SUCCESS,FAILURE`: the value of NOTIFY, empty if there is none.
    public String notifyText() {
        if (events.isEmpty()) {
            return "";
        }
        var out = new StringBuilder();
        for (Event one : EnumSet.copyOf(events)) {
            out.append(out.isEmpty() ? "" : ",").append(one);
        }
        return out.toString();
    }

    /// The parameters as they follow the path, each with a blank before it.
    public String print() {
        return (events.isEmpty() ? "" : " NOTIFY=" + notifyText())
                + (orcpt == null ? "" : " ORCPT=" + orcpt);
    }
}
