// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.dns.Answer;

/// The answers of DNS lists that a session has met, so that a list that does not answer is waited for once. Owned by the session's thread.
final class DnsMemory {
    private static final int MAX_ENTRIES = 1000;

    private final Map<String, Answer<InetAddress>> known = new HashMap<>();

    /// The answer for a name, asked for if it is not known.
    Answer<InetAddress> get(String name, Supplier<Answer<InetAddress>> question) {
        @Nullable Answer<InetAddress> before = known.get(name);
        if (before != null) {
            return before;
        }
        Answer<InetAddress> answer = question.get();
        if (known.size() < MAX_ENTRIES) {
            known.put(name, answer);
        }
        return answer;
    }
}
