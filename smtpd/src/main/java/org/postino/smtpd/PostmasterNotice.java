// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.log.Trace;
import org.postino.message.MailDate;
import org.postino.queue.Envelope;
import org.postino.queue.Submission;
import org.postino.suite.SmtpdParams;
import org.postino.util.Printable;
import org.slf4j.Logger;

/// Tells the postmaster that somebody sends too much. Safe for use by several threads.
final class PostmasterNotice {
    private static final String END =
            """

            This is said once a day. The limits stand in main.cf: smtpd_user_volume_limits and
            smtpd_client_volume_limits.
            """;

    private static final String HELD =
            """
            Its mail goes to the hold queue from now on. If somebody else has the password, change it
            and delete what is held; otherwise release it:

                postqueue -p            shows it, with ! behind the queue id
                postsuper -d QUEUE_ID   deletes it
                postsuper -H QUEUE_ID   releases it
            """
                    + END;

    private static final String REFUSED = "Its mail is refused for now.\n" + END;

    private final Services.Queue queue;
    private final String recipient;
    private final String hostname;
    private final Clock clock;
    private final Logger log;

    PostmasterNotice(Config config, Services.Queue queue, Clock clock, Logger log) {
        this.queue = queue;
        this.clock = clock;
        this.log = log;
        recipient = config.get(SmtpdParams.SMTPD_VOLUME_NOTICE_RECIPIENT);
        hostname = config.get(MainParams.MYHOSTNAME);
    }

    /// Sends a notice. If that fails the log says so.
    ///
    /// @param held true if the mail is in the hold queue; otherwise it is refused
    void send(String who, String what, boolean held) {
        if (recipient.isBlank()) {
            return;
        }
        var envelope = new Envelope("", clock.instant(), Trace.current(), Map.of());
        try (Submission message = queue.open(envelope)) {
            message.content().write(text(who, what, held).getBytes(StandardCharsets.UTF_8));
            message.recipient(recipient, "", "", "");
            message.finish();
        } catch (IOException e) {
            log.warn("cannot tell {}: {}", recipient, e.toString());
        }
    }

    private String text(String who, String what, boolean held) {
        String name = Printable.ascii(who, 200);
        return "From: Mail Delivery System <MAILER-DAEMON@"
                + hostname
                + ">\r\nTo: "
                + recipient
                + "\r\nSubject: Too much mail from "
                + name
                + "\r\nDate: "
                + MailDate.print(clock.instant(), ZoneId.systemDefault())
                + "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\n\r\n"
                + Printable.text(what)
                + ".\r\n\r\n"
                + (held ? HELD : REFUSED).replace("\n", "\r\n");
    }
}
