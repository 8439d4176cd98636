// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All that this process knows of one Maildir, and how far it may be believed. Memory only: [MaildirScan] reads the disk into it.
///
/// **Names.** A message keeps its base name for ever, while the suffix of its file changes with its flags. Each base that was ever
/// heard of is in one of three states:
///
/// ```
///                  a line of the UID list
///   never heard of ----------------------> LISTED
///         |                                 |   |
///         | its file is met,                |   | a whole listing of `cur`
///         | it gets a UID         its file  |   | lacks its file
///         v                       is met    |   |
///       KNOWN <-----------------------------+   |
///        |  ^                                   v
///        |  +---- its file came back -------- DEAD
///        |        and gets a new UID            ^
///        +--------------------------------------+
///              its file is gone, or was expunged
/// ```
///
/// KNOWN are the messages of the snapshot, and only they are shown to sessions. A UID that was used up is never given again: that
/// is what DEAD is for. When many are dead, their lines leave the UID list, and they are forgotten here.
///
/// **Directories.** An unchanged modification time means an unchanged directory, unless the directory was looked at within the
/// clock tick of that time: then a later change may not show.
///
/// ```
///            listed, or changed by us,                      listed later
///   UNREAD ---------------------------------> DOUBTFUL ----------------------> TRUSTED
///     ^      in the tick of its time             |                                |
///     |                                          |                                |
///     +------------------------------------------+--------------------------------+
///          another time, a file that was not where it should be, a new UIDVALIDITY
/// ```
///
/// A doubtful `new` is listed again at once: delivery agents write there. A doubtful `cur` is listed again after two seconds, for
/// our own processes announce what they do there by the generation of [MaildirIndex]; without a usable index at once.
///
/// The guard of [MaildirFolder] guards it; [#snapshot()] may be called by any thread.
final class MaildirState {
    private static final long TICK_NANOS = 50_000_000;
    private static final long DOUBT_MILLIS = 2_000;
    private static final long UNREAD = -1;

    private final Clock clock;
    private volatile Snapshot<MaildirMessage> known = Snapshot.unread();
    private boolean hasFresh;
    private final Map<String, UidList.Entry> listed = new HashMap<>();
    private final Set<String> dead = new HashSet<>();
    private final Map<Long, MaildirMessage.Details> learned = new HashMap<>();
    private boolean loaded;
    private long curStamp = UNREAD;
    private long newStamp = UNREAD;
    private boolean newDoubtful;
    private long curDoubtfulSince; // milliseconds, 0 if it is not
    private UidList.Stamp names = UidList.Stamp.MISSING;
    private long expunged;

    MaildirState(Clock clock) {
        this.clock = clock;
    }

    /// The messages that are known.
    Snapshot<MaildirMessage> snapshot() {
        return known;
    }

    void publish(Snapshot<MaildirMessage> now) {
        if (!now.sharesMessagesWith(known)) {
            hasFresh = false;
            for (MaildirMessage m : now.messages()) {
                hasFresh |= m.isFresh();
            }
        }
        known = now;
    }

    /// True if there are messages that no session was told of.
    boolean hasFresh() {
        return hasFresh;
    }

    /// The UIDs of the messages that no session was told of.
    Set<Long> fresh() {
        var fresh = new HashSet<Long>();
        if (hasFresh) {
            for (MaildirMessage m : known.messages()) {
                if (m.isFresh()) {
                    fresh.add(m.uid());
                }
            }
        }
        return fresh;
    }

    // names

    /// Takes up lines of the UID list whose files the next listing will meet.
    void expect(Collection<UidList.Entry> lines) {
        for (UidList.Entry line : lines) {
            listed.put(line.base(), line);
        }
    }

    /// The line of a base whose file was not met yet; null if there is none.
    UidList.@Nullable Entry listed(String base) {
        return listed.get(base);
    }

    /// All lines whose files were not met yet.
    Collection<UidList.Entry> listed() {
        return listed.values();
    }

    /// Takes the line of a base whose file is met now; null if there is none.
    UidList.@Nullable Entry meet(String base) {
        return listed.remove(base);
    }

    /// Gives up the lines whose files were not met: `cur` was listed whole.
    void buryListed() {
        dead.addAll(listed.keySet());
        listed.clear();
    }

    /// Notes that a file is gone; its UID is used up.
    void bury(String base) {
        dead.add(base);
    }

    boolean isDead(String base) {
        return dead.contains(base);
    }

    int deadCount() {
        return dead.size();
    }

    /// Forgets the dead, whose lines have left the UID list.
    void forgetDead() {
        dead.clear();
    }

    // sizes and dates

    /// The size and date of a message as far as anybody looked them up.
    MaildirMessage.Details details(MaildirMessage m) {
        return learned.getOrDefault(m.uid(), m.details());
    }

    /// Notes what was looked up; the messages get it with [#foldLearned()].
    void learn(long uid, MaildirMessage.Details details) {
        learned.put(uid, details);
    }

    boolean hasLearned() {
        return !learned.isEmpty();
    }

    /// Puts sizes and dates looked up meanwhile into the messages, so that the index gets them.
    void foldLearned() {
        if (learned.isEmpty()) {
            return;
        }
        var messages = new ArrayList<MaildirMessage>(known.messages().size());
        for (MaildirMessage m : known.messages()) {
            MaildirMessage.Details d = learned.get(m.uid());
            messages.add(d == null ? m : m.with(d));
        }
        learned.clear();
        publish(known.with(messages, known.highestModSeq()));
    }

    /// A copy of the known messages that may be changed.
    List<MaildirMessage> copy() {
        var copy = new ArrayList<MaildirMessage>(known.messages().size() + 4);
        copy.addAll(known.messages());
        return copy;
    }

    // directories

    /// True once the disk or the index was read.
    boolean isLoaded() {
        return loaded;
    }

    /// Begins anew, as another UIDVALIDITY or a failure asks for; the snapshot stays until the next run.
    void forget() {
        listed.clear();
        dead.clear();
        loaded = false;
        expunged = 0;
        distrust();
    }

    /// Makes both directories unread: a file was not where it should be.
    void distrust() {
        curStamp = UNREAD;
        newStamp = UNREAD;
    }

    /// True if neither directory has to be listed.
    ///
    /// @param cur modification time of `cur`, nanoseconds
    /// @param fresh that of `new`
    /// @param announced our own processes announce by the index what they do in `cur`
    boolean isTrusted(long cur, long fresh, boolean announced) {
        return !mustListCur(cur, announced) && fresh == newStamp && !newDoubtful;
    }

    /// True if `cur` has to be listed.
    boolean mustListCur(long modified, boolean announced) {
        boolean doubtful =
                curDoubtfulSince != 0
                        && (!announced || clock.millis() - curDoubtfulSince > DOUBT_MILLIS);
        return !loaded || doubtful || modified != curStamp;
    }

    /// Notes that `cur` was listed.
    void curListed(long modified) {
        curStamp = modified;
        curDoubtfulSince = isInTick(modified) ? clock.millis() : 0;
    }

    /// Notes that `new` was listed.
    void newListed(long modified) {
        newStamp = modified;
        newDoubtful = isInTick(modified);
    }

    /// Notes that both are reconciled.
    void reconciled() {
        loaded = true;
    }

    /// Notes the directories after a change of our own.
    void changedByUs(long cur, long fresh) {
        curStamp = cur;
        curDoubtfulSince = clock.millis();
        if (fresh != newStamp) {
            newDoubtful = true;
            newStamp = fresh;
        }
    }

    /// Takes up what the index says of the directories.
    ///
    /// @param sameList the index was written when the UID list was as it is now: every line without a message is dead
    void adopt(MaildirIndex.Stamps stamps, boolean sameList) {
        if (sameList) {
            buryListed();
        }
        curStamp = sameList ? stamps.cur() : UNREAD;
        newStamp = sameList ? stamps.fresh() : UNREAD;
        newDoubtful = isInTick(stamps.fresh());
        curDoubtfulSince = stamps.doubtSince();
        expunged = stamps.expunged();
        loaded = true;
    }

    /// The directories for the index.
    MaildirIndex.Stamps stamps(UidList.Stamp uidList) {
        return new MaildirIndex.Stamps(
                curStamp, newStamp, curDoubtfulSince, uidList.mark(), expunged);
    }

    /// The length of [ExpungeLog]; 0 if there is none to believe.
    long expunged() {
        return expunged;
    }

    void expunged(long length) {
        expunged = length;
    }

    private boolean isInTick(long modified) {
        return clock.millis() * 1_000_000 - modified < TICK_NANOS;
    }

    /// The file of keywords whose names the known messages bear.
    UidList.Stamp names() {
        return names;
    }

    void named(UidList.Stamp keywords) {
        names = keywords;
    }
}
