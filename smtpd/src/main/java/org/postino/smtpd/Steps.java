// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import org.postino.table.TableListener;

/// Hears of each step by which a request is judged, as it is made: postexplain(1) prints them. A daemon has none.
interface Steps extends TableListener {
    /// A list of restrictions is asked.
    ///
    /// @param parameter its name in main.cf
    void list(String parameter);

    /// A restriction is asked; what it asks for itself comes before its verdict.
    ///
    /// @param restriction with its argument, as it is written
    void asked(String restriction);

    /// The restriction asked last that has no verdict yet has one.
    void judged(Verdict verdict);

    /// The restriction asked last that has no verdict yet cannot have one, as a table failed.
    void undecided();

    /// The domain name system has answered.
    void resolved(String question, String answer);

    /// A policy server has answered.
    ///
    /// @param request the attributes it was sent
    /// @param answer what it said, or what its silence stands for
    void served(String server, String request, String answer);
}
