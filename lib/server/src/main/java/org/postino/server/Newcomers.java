// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Sessions in which nobody has logged in yet, and which of them makes room for others: a client that opens connections and says
/// nothing must not keep users out.
///
/// A newcomer that was shown out has no claim to a place any more, though its thread may need a moment to end. Touched by the
/// thread of the [ServerLoop]; sessions may end on others.
final class Newcomers {
    /// Only a newcomer that was silent for so long makes room: one that is busy logging in or handing over a message is not.
    static final Duration SILENCE = Duration.ofSeconds(1);

    /// Whoever has not gone so long after being shown out is cut off.
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Set<SessionKind.Session> all;
    private final int each;
    private final Map<SessionKind.Session, Long> shownOut = new ConcurrentHashMap<>();

    /// @param all the sessions of the daemon
    /// @param each how many newcomers one address may have; 0: any number
    Newcomers(Set<SessionKind.Session> all, int each) {
        this.all = all;
        this.each = each;
    }

    /// The number of sessions that hold a place.
    int occupied() {
        return all.size() - shownOut.size();
    }

    /// True if time may make room in a full row: somebody has not logged in.
    boolean areAny() {
        return all.stream().anyMatch(SessionKind.Session::isNewcomer);
    }

    boolean isAnyShownOut() {
        return !shownOut.isEmpty();
    }

    /// The session that must go if one more comes from an address: the oldest silent newcomer from there, if it has as many as it
    /// may.
    Optional<SessionKind.Session> tooManyFrom(String origin, long now) {
        if (each == 0 || origin.isEmpty()) {
            return Optional.empty();
        }
        int count = 0;
        SessionKind.Session oldest = null;
        for (SessionKind.Session session : all) {
            if (isNewcomer(session) && session.origin().equals(origin)) {
                count++;
                oldest = isSilent(session, now) ? older(oldest, session) : oldest;
            }
        }
        return count < each ? Optional.empty() : Optional.ofNullable(oldest);
    }

    /// The session that goes when all places are taken: of the address with the most silent newcomers the oldest of these; empty if
    /// there is none now.
    Optional<SessionKind.Session> toMakeRoom(long now) {
        var silent = new HashMap<String, Silent>();
        for (SessionKind.Session session : all) {
            if (isNewcomer(session) && isSilent(session, now)) {
                silent.merge(session.origin(), new Silent(1, session), Silent::and);
            }
        }
        return silent.values().stream().max(Silent.ORDER).map(Silent::oldest);
    }

    /// The silent newcomers of one address.
    private record Silent(int count, SessionKind.Session oldest) {
        /// The one that makes room comes last: most sessions, then the greater age.
        static final Comparator<Silent> ORDER =
                Comparator.comparingInt(Silent::count)
                        .thenComparing((a, b) -> Long.signum(b.oldest.since() - a.oldest.since()));

        Silent and(Silent other) {
            return new Silent(count + other.count, older(oldest, other.oldest));
        }
    }

    private static boolean isSilent(SessionKind.Session session, long now) {
        return now - session.lastActivity() >= SILENCE.toNanos();
    }

    /// An iteration may still show a session that has ended since: it leaves `all` before it leaves `shownOut`, so looking in this
    /// order takes it for what it is.
    private boolean isNewcomer(SessionKind.Session session) {
        return session.isNewcomer() && !shownOut.containsKey(session) && all.contains(session);
    }

    private static SessionKind.Session older(
            SessionKind.@Nullable Session one, SessionKind.Session other) {
        return one == null || other.since() - one.since() < 0 ? other : one;
    }

    /// Ends a session in order: it finds the end of its client's input.
    void showOut(SessionKind.Session session, long now) {
        shownOut.put(session, now);
        session.showOut();
        if (!all.contains(session)) {
            shownOut.remove(session); // it ended by itself meanwhile
        }
    }

    void ended(SessionKind.Session session) {
        shownOut.remove(session);
    }

    /// Cuts those off that were shown out and do not go.
    void hurry(long now) {
        shownOut.forEach((session, since) -> {
            if (now - since > PATIENCE.toNanos()) {
                session.abort();
            }
        });
    }
}
