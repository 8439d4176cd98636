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

    /// True if milters shall be asked, and not only named.
    boolean asksMilters();

    /// A milter is told something, or would be.
    ///
    /// @param milter its address
    /// @param told the event and its arguments
    /// @param answer what it said, or that it is not asked
    void milter(String milter, String told, String answer);

    /// The memory of clients, anvil(8), was asked, and nothing was counted.
    void remembered(String question, String answer);

    /// Something would be done besides.
    void note(String text);
}
