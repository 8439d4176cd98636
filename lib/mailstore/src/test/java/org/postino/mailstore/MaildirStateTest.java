// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The states of names and directories, and each way from one to another.
final class MaildirStateTest {
    private Instant now = Instant.ofEpochSecond(1_700_000_000);
    private final InstantSource source = () -> now;
    private final MaildirState state = new MaildirState(source.withZone(ZoneOffset.UTC));

    /// Nanoseconds, this long before now.
    private long ago(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(now.toEpochMilli() - millis);
    }

    private void pass(long millis) {
        now = now.plusMillis(millis);
    }

    private static UidList.Entry line(long uid, String base) {
        return new UidList.Entry(uid, "", base);
    }

    private static MaildirMessage message(long uid, String base, boolean inNew) {
        return new MaildirMessage(uid, base, "", inNew, false, Flags.NONE, 1, -1, -1);
    }

    private void publish(MaildirMessage... messages) {
        state.publish(new Snapshot<>(1, 10, 1, List.of(messages), List.of()));
    }

    /// Listed long after their last changes.
    private void trust() {
        state.curListed(ago(5000));
        state.newListed(ago(5000));
        state.reconciled();
    }

    @Test
    void aLineIsListedUntilItsFileIsMet() {
        state.expect(List.of(line(1, "a"), line(2, "b")));
        assertNotNull(state.listed("a"));
        assertEquals(line(1, "a"), state.meet("a"));
        assertNull(state.listed("a"));
        assertNull(state.meet("a"));
        assertFalse(state.isDead("a"));
        assertEquals(Set.of(line(2, "b")), Set.copyOf(state.listed()));
    }

    @Test
    void aLineWithoutAFileIsDeadAndAMetOneIsNot() {
        state.expect(List.of(line(1, "a"), line(2, "b")));
        state.meet("a");
        state.buryListed();
        assertFalse(state.isDead("a"));
        assertTrue(state.isDead("b"));
        assertTrue(state.listed().isEmpty());
    }

    @Test
    void theDeadAreForgottenWithTheirLines() {
        state.bury("a");
        assertEquals(1, state.deadCount());
        state.forgetDead();
        assertFalse(state.isDead("a"));
    }

    @Test
    void freshAreMessagesInNewAndThoseUnclaimed() {
        assertFalse(state.hasFresh());
        publish(
                message(1, "a", true),
                message(2, "b", false),
                message(3, "c", false).withUnclaimed(true));
        assertTrue(state.hasFresh());
        assertEquals(Set.of(1L, 3L), state.fresh());
        publish(message(2, "b", false));
        assertFalse(state.hasFresh());
        assertEquals(Set.of(), state.fresh());
    }

    @Test
    void whatWasLookedUpIsFoldedIntoTheMessages() {
        var looked = new MaildirMessage.Details(5, 7);
        publish(message(1, "a", false), message(2, "b", false));
        state.learn(2, looked);
        assertEquals(looked, state.details(message(2, "b", false)));
        assertEquals(-1, state.snapshot().messages().get(1).virtual());
        state.foldLearned();
        assertEquals(looked, state.snapshot().messages().get(1).details());
        assertEquals(-1, state.snapshot().messages().getFirst().virtual());
        assertFalse(state.hasLearned());
    }

    @Test
    void nothingIsTrustedBeforeItIsReconciled() {
        long then = ago(5000);
        assertFalse(state.isTrusted(then, then, true));
        state.curListed(then);
        state.newListed(then);
        assertFalse(state.isTrusted(then, then, true));
        state.reconciled();
        assertTrue(state.isLoaded());
        assertTrue(state.isTrusted(then, then, true));
    }

    @Test
    void anotherTimeOfEitherDirectoryEndsTrust() {
        trust();
        long then = ago(5000);
        assertTrue(state.isTrusted(then, then, true));
        assertFalse(state.isTrusted(then + 1, then, true));
        assertFalse(state.isTrusted(then, then + 1, true));
    }

    @Test
    void newListedInTheTickOfItsTimeIsDoubtfulUntilListedAgain() {
        trust();
        long then = ago(5000);
        long just = ago(20);
        state.newListed(just);
        assertFalse(state.isTrusted(then, just, true));
        pass(10_000);
        assertFalse(state.isTrusted(then, just, true));
        state.newListed(just);
        assertTrue(state.isTrusted(then, just, true));
    }

    @Test
    void curListedInTheTickOfItsTimeIsDoubtfulAfterTwoSecondsUnlessNobodyAnnounces() {
        trust();
        long then = ago(5000);
        long just = ago(20);
        state.curListed(just);
        assertTrue(state.isTrusted(just, then, true));
        assertFalse(state.isTrusted(just, then, false));
        pass(2000);
        assertTrue(state.isTrusted(just, then, true));
        pass(1);
        assertFalse(state.isTrusted(just, then, true));
        state.curListed(just);
        assertTrue(state.isTrusted(just, then, false));
    }

    @Test
    void aChangeOfOursLeavesCurInDoubtAndNewOnlyIfItChanged() {
        trust();
        long fresh = ago(5000);
        long cur = ago(0);
        state.changedByUs(cur, fresh);
        assertTrue(state.isTrusted(cur, fresh, true));
        pass(2001);
        assertTrue(state.mustListCur(cur, true));
        state.changedByUs(cur, fresh + 1);
        assertFalse(state.mustListCur(cur, true));
        assertFalse(state.isTrusted(cur, fresh + 1, true));
    }

    @Test
    void distrustMakesBothUnread() {
        trust();
        long then = ago(5000);
        state.distrust();
        assertTrue(state.mustListCur(then, true));
        state.curListed(then);
        assertFalse(state.isTrusted(then, then, true));
        state.newListed(then);
        assertTrue(state.isTrusted(then, then, true));
    }

    @Test
    void anIndexOfThisUidListIsBelievedAndBuriesTheRest() {
        state.expect(List.of(line(1, "a")));
        var stamps =
                new MaildirIndex.Stamps(ago(5000), ago(4000), 0, UidList.Stamp.MISSING.mark(), 0);
        state.adopt(stamps, true);
        assertTrue(state.isTrusted(ago(5000), ago(4000), true));
        assertTrue(state.isDead("a"));
    }

    @Test
    void anIndexOfAnotherUidListTellsNothingOfTheDirectories() {
        state.expect(List.of(line(1, "a")));
        var stamps =
                new MaildirIndex.Stamps(ago(5000), ago(4000), 0, UidList.Stamp.MISSING.mark(), 0);
        state.adopt(stamps, false);
        assertTrue(state.isLoaded());
        assertTrue(state.mustListCur(ago(5000), true));
        assertNotNull(state.listed("a"));
    }

    @Test
    void doubtAboutCurIsHandedOnThroughTheIndex() {
        trust();
        state.curListed(ago(20));
        MaildirIndex.Stamps stamps = state.stamps(UidList.Stamp.MISSING);
        var next = new MaildirState(source.withZone(ZoneOffset.UTC));
        next.adopt(stamps, true);
        assertFalse(next.mustListCur(stamps.cur(), true));
        pass(2001);
        assertTrue(next.mustListCur(stamps.cur(), true));
    }

    @Test
    void beginningAnewForgetsNamesAndDirectoriesButNotWhatIsShown() {
        trust();
        publish(message(1, "a", false));
        state.expect(List.of(line(2, "b")));
        state.bury("c");
        state.forget();
        assertFalse(state.isLoaded());
        assertNull(state.listed("b"));
        assertFalse(state.isDead("c"));
        assertTrue(state.mustListCur(ago(5000), true));
        assertEquals(1, state.snapshot().messages().size());
    }
}
