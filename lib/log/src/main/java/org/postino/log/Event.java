// SPDX-License-Identifier: Apache-2.0

package org.postino.log;

import org.postino.util.Printable;

/// One line of the log before it has a time stamp.
///
/// @param trace the session it belongs to, `-` if none
/// @param text one line without control characters
public record Event(Severity severity, String trace, String text) {
    public Event {
        text = Printable.text(text); // whatever a peer said, it is one line
    }
}
