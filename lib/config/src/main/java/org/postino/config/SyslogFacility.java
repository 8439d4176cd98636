// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.util.ArrayList;
import java.util.List;

/// The facilities of the system log, in the order of their numbers (RFC 5424, 6.2.1).
public final class SyslogFacility {
    /// A word's position is its number; unnamed numbers are empty.
    private static final List<String> NUMBERED =
            List.of(
                    "kern",
                    "user",
                    "mail",
                    "daemon",
                    "auth",
                    "syslog",
                    "lpr",
                    "news",
                    "uucp",
                    "cron",
                    "authpriv",
                    "ftp",
                    "",
                    "",
                    "",
                    "",
                    "local0",
                    "local1",
                    "local2",
                    "local3",
                    "local4",
                    "local5",
                    "local6",
                    "local7");

    static final List<String> WORDS = named();

    private SyslogFacility() {}

    // Every command's way to its configuration leads through here: no stream, whose first costs
    // more than all the rest.
    private static List<String> named() {
        var words = new ArrayList<String>();
        for (String word : NUMBERED) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return List.copyOf(words);
    }

    /// The number of a word that `syslog_facility` takes.
    public static int number(String word) {
        return NUMBERED.indexOf(word);
    }
}
