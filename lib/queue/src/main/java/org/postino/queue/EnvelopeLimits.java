// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

/// The limits of the envelope in a queue file, which its reader holds in memory.
///
/// @param recipients `R` records
/// @param others records beside recipients and content
/// @param record bytes of one of these records
/// @param all bytes of all of them together
public record EnvelopeLimits(int recipients, int others, int record, long all) {
    /// For files that cleanup wrote, which has looked at what it took.
    public static final EnvelopeLimits NONE =
            new EnvelopeLimits(
                    Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);

    /// For files in `maildrop`, which any local user may have written: 10000 recipients, 2 MB.
    public static final EnvelopeLimits DROPPED =
            new EnvelopeLimits(10_000, 100, 16 * 1024, 2 * 1024 * 1024);
}
