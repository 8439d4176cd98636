// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

import org.postino.smtp.Reply;

/// A filter's answer.
public sealed interface MilterVerdict {
    /// The answer of a filter that has no objection, or no opinion.
    MilterVerdict PASS = new Pass();

    /// Goes on.
    record Pass() implements MilterVerdict {}

    /// Refuses the command or the message.
    ///
    /// @param reply of 4xx or 5xx; 421 ends the session
    record Refuse(Reply reply) implements MilterVerdict {}

    /// Takes the message and throws it away.
    record Discard() implements MilterVerdict {}

    /// Takes the message and puts it into the hold queue: the answer in place of a filter that has failed. What a filter itself quarantines
    /// comes with [MilterMessage#quarantine].
    record Quarantine(String reason) implements MilterVerdict {}
}
