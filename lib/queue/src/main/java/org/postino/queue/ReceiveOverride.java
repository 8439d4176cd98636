// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The parts of receiving a message that can be left out (`receive_override_options`).
public enum ReceiveOverride {
    /// smtpd does not look whether recipients in our domains exist.
    NO_UNKNOWN_RECIPIENT_CHECKS,
    /// cleanup leaves out canonical, virtual alias and BCC tables; addresses are completed all the same.
    NO_ADDRESS_MAPPINGS,
    /// cleanup does not ask the tables of header_checks(5).
    NO_HEADER_BODY_CHECKS,
    /// Milters are not asked, by smtpd or by cleanup.
    NO_MILTERS;

    /// Those for mail that the suite itself makes or passes on: reports, forwarded mail.
    public static final Set<ReceiveOverride> INTERNAL =
            Collections.unmodifiableSet(EnumSet.of(NO_HEADER_BODY_CHECKS, NO_MILTERS));

    private final String word = name().toLowerCase(Locale.ROOT);

    /// The option as main.cf has it, in letters of either case; null if there is no such option.
    public static @Nullable ReceiveOverride find(String word) {
        for (var option : values()) {
            if (option.word.equalsIgnoreCase(word)) {
                return option;
            }
        }
        return null;
    }

    /// The options of a list; what is none is left out.
    public static Set<ReceiveOverride> of(List<String> words) {
        var options = EnumSet.noneOf(ReceiveOverride.class);
        for (String word : words) {
            ReceiveOverride option = find(word);
            if (option != null) {
                options.add(option);
            }
        }
        return options;
    }

    /// The option as main.cf has it.
    public String word() {
        return word;
    }

    /// All options as main.cf has them.
    public static List<String> words() {
        return Arrays.stream(values()).map(ReceiveOverride::word).toList();
    }
}
