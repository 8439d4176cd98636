// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.postino.qmgr.ActiveMessage.State;
import org.postino.queue.Envelope;
import org.postino.queue.QueueId;
import org.postino.queue.Recipient;
import org.postino.queue.RecipientLog;
import org.postino.smtp.Dsn;

/// The transitions of a message in the active queue, and those that are refused.
final class ActiveMessageTest {
    private static final Outcome ANSWERED = new Outcome.Answered(List.of(), null);

    private final Destination destination =
            new Transport("smtp", Bench.limits(100, 5, 20, 50)).destination("y.test", "y.test");
    private long order;

    private static ActiveMessage message(int recipients) {
        var envelope = new Envelope("a@x.test", Instant.EPOCH, "TRACE", Map.of());
        return new ActiveMessage(
                new QueueId("ABCDEF123"), envelope, 100, Instant.EPOCH, false, recipients);
    }

    private static List<Recipient> recipients(int count) {
        var all = new ArrayList<Recipient>();
        for (int i = 0; i < count; i++) {
            String address = "user" + i + "@y.test";
            all.add(Recipient.of(address, address, "SUCCESS", ""));
        }
        return all;
    }

    private static List<RecipientLog.Entry> entries(int count, String action) {
        var all = new ArrayList<RecipientLog.Entry>();
        for (Recipient r : recipients(count)) {
            all.add(
                    new RecipientLog.Entry(
                            r, action, Dsn.of("2.0.0", "ok"), "none", Instant.EPOCH));
        }
        return all;
    }

    private Batch batch(ActiveMessage m, int count) {
        return new Batch(m, destination, recipients(count), 0, order++, 0);
    }

    private Batch queued(ActiveMessage m, int count) {
        Batch b = batch(m, count);
        m.queued(b);
        return b;
    }

    private Batch begun(ActiveMessage m, int count) {
        Batch b = queued(m, count);
        m.deliveryBegun(b);
        return b;
    }

    private static BatchRunner.Ended result(Batch b, Outcome outcome, int sent, int deferred) {
        return new BatchRunner.Ended(
                b,
                outcome,
                entries(sent, "delivered"),
                List.of(),
                entries(deferred, "delayed"),
                List.of());
    }

    private static void assertRefused(ActiveMessage m, String why, Executable transition) {
        State before = m.state();
        var refusal = assertThrows(IllegalStateException.class, transition);
        assertEquals("ABCDEF123 is " + before + ": " + why, refusal.getMessage());
        assertEquals(before, m.state());
    }

    @Test
    void messageWithOpenRecipientsWaits() {
        assertEquals(State.WAITING, message(1).state());
    }

    @Test
    void messageWithoutOpenRecipientsIsSettledFromTheStart() {
        assertEquals(State.SETTLED, message(0).state());
    }

    @Test
    void deliveryOfTheLastRecipientSettlesTheMessage() {
        ActiveMessage m = message(2);
        Batch b = queued(m, 2);
        assertEquals(State.WAITING, m.state());
        m.deliveryBegun(b);
        assertEquals(State.DELIVERING, m.state());
        m.deliveryEnded(result(b, ANSWERED, 1, 1));
        assertEquals(State.SETTLED, m.state());
        assertEquals(1, m.deferred().size());
        assertEquals(1, m.delivered().size());
    }

    @Test
    void bouncedRecipientIsSettledAndNeitherDeferredNorDelivered() {
        ActiveMessage m = message(1);
        Batch b = begun(m, 1);
        m.deliveryEnded(
                new BatchRunner.Ended(
                        b, ANSWERED, List.of(), entries(1, "failed"), List.of(), List.of()));
        assertEquals(State.SETTLED, m.state());
        assertEquals(List.of(), m.deferred());
        assertEquals(List.of(), m.delivered());
    }

    @Test
    void recipientOfWhomTheNextServerTellsIsInNoLog() {
        ActiveMessage m = message(1);
        Batch b = begun(m, 1);
        var sent = entries(1, ActiveMessage.PASSED_ON);
        m.deliveryEnded(new BatchRunner.Ended(b, ANSWERED, sent, List.of(), List.of(), List.of()));
        assertEquals(State.SETTLED, m.state());
        assertEquals(List.of(), m.delivered());
    }

    @Test
    void messageIsDeliveringUntilTheLastAgentIsDone() {
        ActiveMessage m = message(2);
        Batch one = begun(m, 1);
        Batch two = begun(m, 1);
        m.deliveryEnded(result(one, ANSWERED, 1, 0));
        assertEquals(State.DELIVERING, m.state());
        m.deliveryEnded(result(two, ANSWERED, 1, 0));
        assertEquals(State.SETTLED, m.state());
    }

    @Test
    void recipientsThatAnAgentLeftWaitAgain() {
        ActiveMessage m = message(3);
        Batch b = begun(m, 3);
        m.deliveryEnded(result(b, new Outcome.Lost(List.of(), "killed"), 1, 0));
        assertEquals(State.WAITING, m.state());
        Batch again = b.again(recipients(2));
        m.queued(again);
        m.deliveryBegun(again);
        m.deliveryEnded(result(again, ANSWERED, 2, 0));
        assertEquals(State.SETTLED, m.state());
    }

    @Test
    void deferralWithoutADeliverySettlesTheMessage() {
        ActiveMessage m = message(2);
        Batch b = queued(m, 1);
        m.defer(entries(1, "delayed"));
        assertEquals(State.WAITING, m.state());
        m.dequeued(b);
        m.defer(entries(1, "delayed"));
        assertEquals(State.SETTLED, m.state());
        assertEquals(2, m.deferred().size());
    }

    @Test
    void withdrawnMessageIsDeliveringAsLongAsAnotherAgentHasIt() {
        ActiveMessage m = message(2);
        Batch one = begun(m, 1);
        Batch two = begun(m, 1);
        m.deliveryEnded(result(one, new Outcome.Gone(), 0, 0));
        assertEquals(State.DELIVERING, m.state());
        assertTrue(m.isLost());
        m.deliveryEnded(result(two, ANSWERED, 1, 0));
        assertEquals(State.WITHDRAWN, m.state());
        assertTrue(m.isWithdrawn());
    }

    @Test
    void damagedMessageKeepsTheReasonEvenIfItIsEmpty() {
        for (String reason : List.of("bad record", "")) {
            ActiveMessage m = message(1);
            m.deliveryEnded(result(begun(m, 1), new Outcome.Corrupt(reason), 0, 0));
            assertEquals(State.DAMAGED, m.state());
            assertTrue(m.isLost());
            assertFalse(m.isWithdrawn());
            assertEquals(reason, m.damage());
        }
    }

    @Test
    void messageWhoseDamagedFileWasTakenAwayIsWithdrawn() {
        ActiveMessage m = message(2);
        Batch one = begun(m, 1);
        Batch two = begun(m, 1);
        m.deliveryEnded(result(one, new Outcome.Corrupt("bad record"), 0, 0));
        m.deliveryEnded(result(two, new Outcome.Gone(), 0, 0));
        assertEquals(State.WITHDRAWN, m.state());
    }

    @Test
    void waitingBatchesAreTakenOutTogether() {
        ActiveMessage m = message(3);
        Batch one = queued(m, 1);
        Batch two = queued(m, 1);
        begun(m, 1);
        assertEquals(List.of(one, two), m.dequeueAll());
        assertEquals(List.of(), m.dequeueAll());
    }

    @Test
    void passEndsInAnyStateInWhichNoAgentHasTheMessage() {
        ActiveMessage waiting = message(1);
        queued(waiting, 1);
        ActiveMessage withdrawn = message(1);
        withdrawn.deliveryEnded(result(begun(withdrawn, 1), new Outcome.Gone(), 0, 0));
        ActiveMessage damaged = message(1);
        damaged.deliveryEnded(result(begun(damaged, 1), new Outcome.Corrupt("x"), 0, 0));
        for (ActiveMessage m : List.of(waiting, withdrawn, damaged, message(0))) {
            m.endPass();
            assertEquals(State.ENDING, m.state());
        }
    }

    @Test
    void messageCountsWithAllItsRecipientsToTheEnd() {
        ActiveMessage m = message(3);
        m.deliveryEnded(result(begun(m, 3), ANSWERED, 2, 1));
        m.endPass();
        assertEquals(3, m.recipients());
    }

    @Test
    void expiryLeavesNobodyToWait() {
        ActiveMessage m = message(1);
        m.defer(entries(1, "delayed"));
        m.endPass();
        m.expired();
        assertEquals(List.of(), m.deferred());
        assertEquals(State.ENDING, m.state());
    }

    @Test
    void messageFoundWithdrawnAtItsEndIsStillEnding() {
        ActiveMessage m = message(0);
        m.endPass();
        m.withdraw();
        assertTrue(m.isWithdrawn());
        assertEquals(State.ENDING, m.state());
    }

    @Test
    void nothingIsQueuedBegunOrDeferredAfterTheEndOfThePass() {
        ActiveMessage m = message(1);
        Batch b = queued(m, 1);
        m.endPass();
        assertRefused(m, "a batch is queued", () -> m.queued(b));
        assertRefused(m, "a delivery begins", () -> m.deliveryBegun(b));
        assertRefused(m, "recipients are deferred", () -> m.defer(entries(1, "delayed")));
        assertEquals(List.of(), m.deferred());
    }

    @Test
    void batchThatDoesNotWaitIsNeitherDeliveredNorTakenBack() {
        ActiveMessage m = message(2);
        Batch b = begun(m, 1);
        assertRefused(m, "a batch is delivered that does not wait", () -> m.deliveryBegun(b));
        assertRefused(m, "a batch is taken back that does not wait", () -> m.dequeued(b));
        m.deliveryEnded(result(b, ANSWERED, 1, 0));
        assertEquals(State.WAITING, m.state());
    }

    @Test
    void deliveryThatDidNotBeginDoesNotEnd() {
        ActiveMessage m = message(1);
        Batch b = queued(m, 1);
        assertRefused(
                m,
                "a delivery ends that did not begin",
                () -> m.deliveryEnded(result(b, ANSWERED, 1, 0)));
    }

    @Test
    void noMoreRecipientsAreSettledThanAreOpen() {
        ActiveMessage m = message(2);
        String why = "more recipients are settled than are open";
        assertRefused(m, why, () -> m.defer(entries(3, "delayed")));
        Batch b = begun(m, 2);
        assertRefused(m, why, () -> m.deliveryEnded(result(b, ANSWERED, 2, 1)));
        m.deliveryEnded(result(b, ANSWERED, 1, 1));
        assertRefused(m, why, () -> m.defer(entries(1, "delayed")));
        assertEquals(1, m.deferred().size());
    }

    @Test
    void passDoesNotEndWhileAnAgentHasTheMessage() {
        ActiveMessage m = message(1);
        begun(m, 1);
        assertRefused(m, "the pass ends", m::endPass);
    }

    @Test
    void passEndsOnce() {
        ActiveMessage m = message(0);
        m.endPass();
        assertRefused(m, "the pass ends a second time", m::endPass);
    }

    @Test
    void whatTheEndOfThePassFindsOutIsRefusedBefore() {
        ActiveMessage m = message(1);
        m.defer(entries(1, "delayed"));
        assertRefused(m, "it expires before the end of its pass", m::expired);
        assertRefused(m, "it is found withdrawn before the end of its pass", m::withdraw);
        assertEquals(1, m.deferred().size());
        assertFalse(m.isWithdrawn());
    }

    @Test
    void soundMessageHasNoDamage() {
        ActiveMessage m = message(1);
        assertRefused(m, "its damage is asked for", m::damage);
    }
}
