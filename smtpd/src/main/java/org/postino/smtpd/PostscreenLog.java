// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.postino.queue.StatusLine;
import org.postino.smtp.Reply;
import org.postino.util.InetText;
import org.postino.util.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of postscreen(8) about one client, which administrators' tools parse.
final class PostscreenLog {
    private static final Logger LOG = LoggerFactory.getLogger("postscreen");

    private final String client;

    PostscreenLog(InetSocketAddress client) {
        this.client = text(client);
    }

    /// `[192.0.2.1]:4711`.
    private static String text(InetSocketAddress address) {
        return "[" + InetText.of(address.getAddress()) + "]:" + address.getPort();
    }

    void connect(InetSocketAddress to) {
        LOG.info("CONNECT from {} to {}", client, text(to));
    }

    /// @param what `PASS NEW`, `DENYLISTED` and so on
    void judged(String what) {
        LOG.info("{} {}", what, client);
    }

    void dnsblRank(int rank) {
        LOG.info("DNSBL rank {} for {}", rank, client);
    }

    /// A list has an entry for the client.
    static void listed(String address, String domain, String answer) {
        LOG.info("addr {} listed by domain {} as {}", address, domain, answer);
    }

    void pregreet(int bytes, Duration after, String start) {
        LOG.info(
                "PREGREET {} after {} from {}: {}",
                bytes,
                StatusLine.seconds(after),
                client,
                SessionLog.input(start));
    }

    /// @param handshake true if the client had been greeted
    void hangup(Duration after, boolean handshake) {
        LOG.info(
                "HANGUP after {} from {} in tests {} SMTP handshake",
                StatusLine.seconds(after),
                client,
                handshake ? "after" : "before");
    }

    /// @param what `COMMAND PIPELINING`, `BARE NEWLINE` and so on
    /// @param where the command before, and what else there is to say
    void violation(String what, String where) {
        LOG.info("{} from {} after {}", what, client, Printable.text(where));
    }

    /// A command in whose place another is carried out.
    void replaced(String command, String instead) {
        LOG.info(
                "{}: replacing command \"{}\" with \"{}\"",
                client,
                SessionLog.input(command),
                SessionLog.input(instead));
    }

    /// A command that hands over content, though no recipient was accepted.
    void noRecipient(String verb) {
        LOG.info("{} without valid RCPT from {}", verb, client);
    }

    void rejectConnect(String why) {
        LOG.info("NOQUEUE: reject: CONNECT from {}: {}", client, why);
    }

    void rejectRecipient(
            Reply reply, String sender, String recipient, String protocol, String helo) {
        LOG.info(
                "NOQUEUE: reject: RCPT from {}: {}; from={}, to={}, proto={}, helo=<{}>",
                client,
                Printable.text(reply.toString()),
                Printable.text(sender),
                Printable.text(recipient),
                protocol,
                Printable.text(helo));
    }

    void disconnect() {
        judged("DISCONNECT");
    }

    static void warning(String text) {
        LOG.warn("{}", Printable.text(text));
    }
}
