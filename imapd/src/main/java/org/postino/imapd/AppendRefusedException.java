// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;

/// A message that a client brings is not taken; the client hears why.
final class AppendRefusedException extends IOException {
    private final transient Tagged answer;

    AppendRefusedException(Tagged answer) {
        super(answer.text());
        this.answer = answer;
    }

    Tagged answer() {
        return answer;
    }
}
