// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

/// Hears of what each filter of a session is told and of its answer, for somebody who wants to see why something was decided. Called by
/// the thread that tells.
@FunctionalInterface
public interface MilterListener {
    /// A filter has answered, or the default action stands in place of its answer.
    ///
    /// @param filter its address: `inet:127.0.0.1:8891`
    /// @param told the event and its arguments: `MAIL <a@b.test> SIZE=1`
    void answered(String filter, String told, MilterVerdict answer);
}
