// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import org.postino.table.TableException;

/// One word of `smtpd_recipient_restrictions` and its like, ready to be asked.
@FunctionalInterface
interface Restriction {
    /// Turns the refusal of the restriction behind it into a warning; [Evaluation] knows it.
    Restriction WARN_IF_REJECT = (_, _) -> Verdict.DUNNO;

    /// Judges the request.
    ///
    /// @throws TableException a table could not be asked: the client shall come again
    Verdict check(Evaluation e, Subject subject) throws TableException;
}
