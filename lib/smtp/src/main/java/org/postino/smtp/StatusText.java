// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import org.jspecify.annotations.Nullable;

/// A text that people write for a refusal, in front of which they may put an enhanced status: `5.7.1 no mail from you`.
///
/// @param status null if the text does not begin with one
/// @param text the words behind the status; without a status all that was written, as it was
public record StatusText(@Nullable EnhancedStatus status, String text) {
    /// Takes the status off a text. It ends with a blank, a tab or the text.
    public static StatusText of(String written) {
        int end = 0;
        while (end < written.length()
                && written.charAt(end) != ' '
                && written.charAt(end) != '\t') {
            end++;
        }
        var status = EnhancedStatus.parse(written.substring(0, end)).orElse(null);
        return new StatusText(status, status == null ? written : written.substring(end).strip());
    }

    /// The status, or another one if the text has none.
    public EnhancedStatus statusOr(EnhancedStatus other) {
        return status == null ? other : status;
    }
}
