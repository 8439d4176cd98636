// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// The messages that went from a mailbox by themselves ([MailStore#expire]).
///
/// @param mailbox its name
/// @param old those that had been there for too long
/// @param surplus those that were too many
public record Expired(String mailbox, int old, int surplus) {
    /// The words for the log: `mailbox=Trash, old=3, surplus=0`.
    @Override
    public String toString() {
        return "mailbox=" + mailbox + ", old=" + old + ", surplus=" + surplus;
    }
}
