// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.Reply;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.util.Printable;

/// Replaces refusals by others (`smtpd_reject_filter_maps`), whoever made them. Safe for use by several threads.
final class RejectFilter {
    /// A refusal, with or without an enhanced status of the same severity (RFC 2034, 4).
    private static final Pattern REFUSAL =
            Pattern.compile("(([45])[0-5][0-9]) (?:(\\2)\\.([0-9]{1,3})\\.([0-9]{1,3}) )?(\\S.*)");

    private static final Pattern STATUS = Pattern.compile("[245]\\.[0-9]+\\.[0-9]+( .*)?");

    private final Maps maps;

    RejectFilter(Maps maps) {
        this.maps = maps;
    }

    /// The refusal in whose place another stands; itself if the tables have none.
    ///
    /// @param warning hears of a table that does not answer, or not with a refusal
    Reply apply(Reply refusal, Consumer<String> warning) {
        if (maps.isEmpty()) {
            return refusal;
        }
        String key = refusal.toString();
        Optional<String> found;
        try {
            found = maps.find(key);
        } catch (TableException e) {
            warning.accept(String.valueOf(e.getMessage()));
            return refusal;
        }
        if (found.isEmpty()) {
            return refusal;
        }
        Reply instead = parse(found.get().strip());
        if (instead == null) {
            warning.accept(
                    "smtpd_reject_filter_maps: \"" + found.get() + "\" is no refusal: " + key);
        }
        return instead == null ? refusal : instead;
    }

    private static @Nullable Reply parse(String text) {
        Matcher matcher = REFUSAL.matcher(text);
        if (!matcher.matches() || STATUS.matcher(matcher.group(6)).matches()) {
            return null;
        }
        EnhancedStatus status =
                matcher.group(3) == null
                        ? null
                        : new EnhancedStatus(
                                Integer.parseInt(matcher.group(3)),
                                Integer.parseInt(matcher.group(4)),
                                Integer.parseInt(matcher.group(5)));
        return new Reply(
                Integer.parseInt(matcher.group(1)),
                status,
                List.of(Printable.text(matcher.group(6), RefusalStyle.MAX_TEXT)));
    }
}
