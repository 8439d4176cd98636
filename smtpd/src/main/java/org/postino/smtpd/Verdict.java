// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

/// The answer of a restriction, or of a list of them: an opinion, none, or [Action.Refuse].
sealed interface Verdict permits Verdict.Dunno, Verdict.Permit, Action.Refuse {
    Verdict DUNNO = new Dunno();
    Verdict PERMIT = new Permit();

    /// No opinion: the next one is asked.
    record Dunno() implements Verdict {}

    /// Yes: the rest of this list is not asked. Other lists still are.
    record Permit() implements Verdict {}
}
