// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// A file that the store keeps beside a mailbox, and the state in which it is.
///
/// @param file its name without the directory
/// @param detail numbers, or the reason
public record Finding(String file, State state, String detail) {
    /// The state of a file.
    public enum State {
        /// It is as it should be.
        OK,
        /// It is not there; it is made when it is needed.
        ABSENT,
        /// It does not know of the latest changes; it will when the mailbox is opened next.
        STALE,
        /// It is not as any program of ours writes it.
        DAMAGED
    }
}
