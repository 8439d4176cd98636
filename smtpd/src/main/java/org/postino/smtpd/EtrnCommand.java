// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.net.InetAddress;
import org.postino.queue.QmgrRefusedException;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.SmtpStage;
import org.postino.table.TableException;
import org.postino.util.Printable;

/// The command ETRN (RFC 1985): a client that is not always connected has the mail sent that waits for its domain.
///
/// How many messages wait is said only to those who have logged in and to machines of ours.
final class EtrnCommand {
    private final Services services;
    private final SessionState state;
    private final SessionLog log;
    private final Inspectors inspectors;

    EtrnCommand(Services services, SessionState state, SessionLog log, Inspectors inspectors) {
        this.services = services;
        this.state = state;
        this.log = log;
        this.inspectors = inspectors;
    }

    /// @param node a domain, perhaps behind `@` (with its subdomains) or `#`, which make no difference here
    Reply run(String node) {
        String domain = node.startsWith("@") || node.startsWith("#") ? node.substring(1) : node;
        boolean literal = domain.startsWith("[") && HostSyntax.isAddress(domain);
        if (!literal && !HostSyntax.isHostname(domain)) {
            return Replies.BAD_ETRN;
        }
        state.etrnDomain = domain;
        try {
            Reply refusal = inspectors.client(SmtpStage.ETRN, SmtpStage.ETRN.word());
            return refusal == null ? flush(domain) : refusal;
        } finally {
            state.etrnDomain = null;
        }
    }

    private Reply flush(String domain) {
        try {
            if (!services.siteFlush().serves(domain)) {
                log.etrnRejected(domain);
                return Replies.etrnDenied(Printable.text(domain));
            }
            int count = services.siteFlush().flush(domain);
            return isOurs()
                    ? Replies.etrnStarted(Printable.text(domain), count)
                    : Replies.QUEUING_STARTED;
        } catch (QmgrRefusedException e) {
            log.warning("qmgr: " + e.getMessage());
            return Replies.etrnDenied(Printable.text(domain));
        } catch (TableException | IOException e) {
            log.warning("unable to have mail sent: " + e.getMessage());
            return Replies.CANNOT_QUEUE;
        }
    }

    private boolean isOurs() throws TableException {
        InetAddress address = state.client.address();
        return state.login != null || address == null || services.siteFlush().isOurs(state.client);
    }
}
