// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.message.Address;
import org.postino.queue.ProbeSender;
import org.postino.queue.VerifyClient;
import org.postino.queue.VerifyClient.Answer;
import org.postino.queue.VerifyClient.Status;
import org.postino.smtp.EnhancedStatus;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;

/// Restrictions that ask whether mail to an address would bounce: verify(8) knows, or finds out. Safe for use by several threads.
final class VerifiedAddresses {
    private static final int LONGEST_REASON = 250;
    private static final EnhancedStatus BAD_RECIPIENT = new EnhancedStatus(4, 1, 1);
    private static final EnhancedStatus BAD_SENDER = new EnhancedStatus(4, 1, 7);

    private final AddressLookup addresses;
    private final @Nullable VerifyClient verify;
    private final ProbeSender probes;
    private final Clock clock;
    private final long polls;
    private final Duration delay;
    private final Words recipients;
    private final Words senders;

    /// The parameters of one of both restrictions.
    ///
    /// @param reason in the place of what the probe was told; empty for that
    private record Words(int rejectCode, int deferCode, String reason, boolean defers) {}

    /// @param verify null if nobody can be asked
    VerifiedAddresses(
            Config c, AddressLookup addresses, @Nullable VerifyClient verify, Clock clock) {
        this.addresses = addresses;
        this.verify = verify;
        this.clock = clock;
        probes = ProbeSender.of(c);
        polls = c.get(SmtpdParams.ADDRESS_VERIFY_POLL_COUNT);
        delay = c.get(SmtpdParams.ADDRESS_VERIFY_POLL_DELAY);
        recipients =
                new Words(
                        c.get(SmtpdParams.UNVERIFIED_RECIPIENT_REJECT_CODE).intValue(),
                        c.get(SmtpdParams.UNVERIFIED_RECIPIENT_DEFER_CODE).intValue(),
                        c.get(SmtpdParams.UNVERIFIED_RECIPIENT_REJECT_REASON),
                        c.get(SmtpdParams.UNVERIFIED_RECIPIENT_TEMPFAIL_ACTION).equals("defer"));
        senders =
                new Words(
                        c.get(SmtpdParams.UNVERIFIED_SENDER_REJECT_CODE).intValue(),
                        c.get(SmtpdParams.UNVERIFIED_SENDER_DEFER_CODE).intValue(),
                        c.get(SmtpdParams.UNVERIFIED_SENDER_REJECT_REASON),
                        c.get(SmtpdParams.UNVERIFIED_SENDER_TEMPFAIL_ACTION).equals("defer"));
    }

    Verdict sender(Evaluation e) throws TableException {
        return check(e, Subject.Kind.SENDER, e.facts().sender(), senders);
    }

    Verdict recipient(Evaluation e) throws TableException {
        return check(e, Subject.Kind.RECIPIENT, e.facts().recipient(), recipients);
    }

    /// The null sender and those of probes are not asked about: two servers that ask about each other's would never end.
    private Verdict check(Evaluation e, Subject.Kind kind, @Nullable Address mailbox, Words words)
            throws TableException {
        if (mailbox == null || mailbox.isNull()) {
            return Verdict.DUNNO;
        }
        String address = addresses.address(mailbox).toString();
        if (probes.isOne(address, clock.instant())) {
            return Verdict.DUNNO;
        }
        var subject = Subject.of(kind, e.facts());
        var status = kind == Subject.Kind.SENDER ? BAD_SENDER : BAD_RECIPIENT;
        try {
            return verdict(e, subject, status, words, ask(address));
        } catch (IOException f) {
            e.warning("address verify service: " + f.getMessage());
            return wait(e, words, subject.refuse(450, status, "address verification problem"));
        }
    }

    private Answer ask(String address) throws IOException {
        VerifyClient known = verify;
        if (known == null) {
            throw new IOException("nobody to ask");
        }
        Answer answer = known.query(address, Duration.ZERO);
        for (long i = 1; i < polls && answer.status() == Status.UNKNOWN; i++) {
            answer = known.query(address, delay);
        }
        return answer;
    }

    private static Verdict verdict(
            Evaluation e, Subject subject, EnhancedStatus status, Words words, Answer answer) {
        if (answer.status() == Status.DELIVERABLE) {
            return Verdict.DUNNO;
        }
        int code = answer.status() == Status.UNDELIVERABLE ? words.rejectCode() : words.deferCode();
        String why = words.reason().isEmpty() ? answer.text() : words.reason();
        String text =
                (code >= 500 ? "undeliverable" : "unverified")
                        + " address: "
                        + why.substring(0, Math.min(why.length(), LONGEST_REASON));
        if (code < 400) {
            e.note("\"" + text + "\"");
            return Verdict.DUNNO;
        }
        Verdict refusal = subject.refuse(code, status, text);
        return code < 500 ? wait(e, words, refusal) : refusal;
    }

    private static Verdict wait(Evaluation e, Words words, Verdict refusal) {
        return words.defers() ? refusal : e.deferIfPermit(refusal);
    }
}
