// SPDX-License-Identifier: Apache-2.0

package org.postino.verify;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.queue.ProbeSender;
import org.postino.queue.VerifyClient.Status;
import org.postino.suite.VerifyFile;
import org.postino.suite.VerifyParams;

/// The settings of verify(8) in main.cf, read once.
///
/// @param file in which knowledge is kept; null if it is not kept
/// @param keepsBad addresses that are not good are remembered too
/// @param cleanup how often what is too old is taken out; zero: never
/// @param pending how many probes may be under way
record VerifySettings(
        @Nullable Path file,
        Life good,
        Life bad,
        boolean keepsBad,
        Duration cleanup,
        long pending,
        ProbeSender sender,
        String hostname) {

    /// The time for which those who wait for a result can have it, though it is not to be remembered.
    private static final Duration FOR_WAITING = Duration.ofSeconds(10);

    /// The time for which a result counts.
    ///
    /// @param refresh after this time another probe is sent
    /// @param expire after this time the result is forgotten
    record Life(Duration refresh, Duration expire) {}

    static VerifySettings of(Config c) {
        return new VerifySettings(
                VerifyFile.of(c).orElse(null),
                new Life(
                        c.get(VerifyParams.ADDRESS_VERIFY_POSITIVE_REFRESH_TIME),
                        c.get(VerifyParams.ADDRESS_VERIFY_POSITIVE_EXPIRE_TIME)),
                new Life(
                        c.get(VerifyParams.ADDRESS_VERIFY_NEGATIVE_REFRESH_TIME),
                        c.get(VerifyParams.ADDRESS_VERIFY_NEGATIVE_EXPIRE_TIME)),
                c.get(VerifyParams.ADDRESS_VERIFY_NEGATIVE_CACHE),
                c.get(VerifyParams.ADDRESS_VERIFY_CACHE_CLEANUP_INTERVAL),
                c.get(VerifyParams.ADDRESS_VERIFY_PENDING_REQUEST_LIMIT),
                ProbeSender.of(c),
                c.get(MainParams.MYHOSTNAME));
    }

    private Life life(Status status) {
        return status == Status.DELIVERABLE ? good : bad;
    }

    /// True if a result is too old to count.
    boolean isExpired(Knowledge k, Instant now) {
        boolean passing = !keepsBad && k.status() != Status.DELIVERABLE;
        Duration life = passing ? FOR_WAITING : life(k.status()).expire();
        return !now.isBefore(k.updated().plus(life));
    }

    /// True if a result still counts, and shall be looked after.
    boolean isStale(Knowledge k, Instant now) {
        return !now.isBefore(k.updated().plus(life(k.status()).refresh()));
    }
}
