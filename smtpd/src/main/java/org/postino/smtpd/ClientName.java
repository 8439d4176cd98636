// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import org.jspecify.annotations.Nullable;

/// A client's name as the domain name system gives it, and how sure it is.
///
/// @param name confirmed by its own addresses, else `unknown`
/// @param status how sure that is
/// @param reverse what the address claims to be called, confirmed or not, else `unknown`
/// @param problem what an administrator should know of it; null if nothing
record ClientName(
        String name,
        Status status,
        String reverse,
        Status reverseStatus,
        @Nullable String problem) {
    static final String UNKNOWN = "unknown";

    /// Ourselves.
    static final ClientName LOCALHOST = confirmed("localhost");

    /// The results of asking for a name.
    enum Status {
        OK,
        /// No server could say.
        TEMPORARY,
        /// There is none.
        NONE,
        /// The name does not have the client's address.
        FORGED
    }

    static ClientName confirmed(String name) {
        return new ClientName(name, Status.OK, name, Status.OK, null);
    }

    /// The address has no name, or it could not be found.
    static ClientName nameless(Status why) {
        return new ClientName(UNKNOWN, why, UNKNOWN, why, null);
    }

    /// The address has a name that is not confirmed.
    static ClientName doubtful(String reverse, Status why, String problem) {
        return new ClientName(UNKNOWN, why, reverse, Status.OK, problem);
    }

    /// True if no server could say, so that asking again may help.
    boolean isTemporary() {
        return status == Status.TEMPORARY;
    }
}
