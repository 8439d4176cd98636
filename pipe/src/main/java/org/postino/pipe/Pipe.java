// SPDX-License-Identifier: Apache-2.0

package org.postino.pipe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.postino.config.MainParams;
import org.postino.config.ValueException;
import org.postino.linux.CommandRun;
import org.postino.mailstore.MboxDelivery;
import org.postino.message.Address;
import org.postino.message.DeliveredTo;
import org.postino.queue.Agent;
import org.postino.queue.CommandOutcome;
import org.postino.queue.DeliveryJob;
import org.postino.queue.DeliveryRequest;
import org.postino.queue.DeliveryServer;
import org.postino.queue.Recipient;
import org.postino.server.Daemon;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.postino.suite.CommandRow;
import org.postino.suite.Programs;
import org.postino.util.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// pipe(8), delivery to a command. Manual page: `pipe.8`.
///
/// @param service the name of the row, which is the relay in the log
/// @param delimiters `recipient_delimiter`
record Pipe(String service, RowCommand command, CommandRow row, String delimiters)
        implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger("pipe");

    static Agent start(Daemon daemon) {
        var command = RowCommand.of(daemon, CommandRow::pipe, LOG);
        return new Pipe(
                daemon.service(),
                command,
                command.row(),
                daemon.config().get(MainParams.RECIPIENT_DELIMITER));
    }

    @Override
    public void deliver(DeliveryJob job) throws IOException {
        command.left().collect();
        // A field that names the recipient is for a message to that one alone.
        boolean single = row.has('D') || row.has('O');
        if (!single) {
            deliver(job, job.recipients());
            return;
        }
        for (Recipient r : job.recipients()) {
            if (job.cancelled()) {
                return;
            }
            deliver(job, List.of(r));
        }
    }

    private void deliver(DeliveryJob job, List<Recipient> recipients) throws IOException {
        if (row.size() > 0 && job.message().contentLength() > row.size()) {
            report(job, recipients, bounced("5.2.3", "message too large"));
            return;
        }
        if (row.has('D') && wasDelivered(job, recipients.getFirst())) {
            String loop = "mail forwarding loop for " + recipients.getFirst().address();
            report(job, recipients, bounced("5.4.6", Printable.text(loop)));
            return;
        }
        try {
            var arguments = new PipeArguments(row, delimiters, job.request());
            var good = new ArrayList<Recipient>();
            for (Recipient r : recipients) {
                if (arguments.isMisleading(r)) {
                    report(job, List.of(r), bounced("5.1.3", "bad address syntax"));
                } else {
                    good.add(r);
                }
            }
            if (arguments.isMisleading(null)) {
                report(job, good, bounced("5.1.7", "bad sender address syntax"));
            } else if (!good.isEmpty()) {
                report(job, good, run(job, arguments.words(good), good));
            }
        } catch (ValueException e) {
            LOG.warn("{}: {}", service, e.getMessage());
            Dsn why = Dsn.of("4.3.5", "mail system configuration error");
            report(job, recipients, new Delivery.Deferred(why));
        }
    }

    private static boolean wasDelivered(DeliveryJob job, Recipient recipient) throws IOException {
        try (var in = job.message().content()) {
            return DeliveredTo.read(in).names(recipient.address());
        }
    }

    private Delivery run(DeliveryJob job, List<String> words, List<Recipient> recipients)
            throws ValueException {
        if (job.request().isProbe()) {
            String would = "delivers to command: " + Printable.text(words.getFirst());
            return new Delivery.Sent(Dsn.of("2.0.0", would));
        }
        try {
            CommandRun run = command.run(words);
            String head = head(job.request(), recipients.getFirst());
            var end = run.run(new PipeInput(row, head, job.message().content()));
            return CommandOutcome.of(words.getFirst(), end, sent(end.output()));
        } catch (IOException e) {
            return CommandOutcome.notStarted(e);
        }
    }

    /// The lines in front of the message that the flags ask for.
    private String head(DeliveryRequest request, Recipient recipient) {
        String sender = request.sender().isEmpty() ? row.nullSender() : request.sender();
        var head = new StringBuilder();
        if (row.has('F')) {
            head.append(MboxDelivery.fromLine(sender, request.arrival()));
        }
        if (row.has('R')) {
            String path = Address.parse(sender).path();
            head.append("Return-Path: " + Printable.text(path) + "\n");
        }
        if (row.has('O')) {
            head.append("X-Original-To: " + Printable.text(recipient.original()) + "\n");
        }
        if (row.has('D')) {
            head.append("Delivered-To: " + Printable.text(recipient.address()) + "\n");
        }
        return head.toString();
    }

    private Delivery.Sent sent(String output) {
        String text =
                "delivered via "
                        + service
                        + " service"
                        + (output.isEmpty() ? "" : " (" + output + ")");
        return new Delivery.Sent(
                Dsn.of("2.0.0", text),
                row.has('X') ? Delivery.Goal.DELIVERED : Delivery.Goal.RELAYED);
    }

    private static Delivery bounced(String status, String text) {
        return new Delivery.Bounced(Dsn.of(status, text));
    }

    private void report(DeliveryJob job, List<Recipient> recipients, Delivery outcome) {
        for (Recipient r : recipients) {
            job.report(r, outcome, service);
        }
    }

    static void main(String[] args) {
        System.exit(DeliveryServer.run(args, Programs.options("pipe"), Pipe::start));
    }
}
