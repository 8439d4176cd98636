// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.milter.MacroSource;
import org.postino.milter.MilterList;
import org.postino.milter.MilterMessage;
import org.postino.milter.MilterVerdict;
import org.postino.milter.Milters;
import org.postino.queue.CleanupResult.Refused;
import org.postino.queue.Envelope;
import org.postino.queue.MessageEdit;
import org.postino.queue.Recipient;
import org.postino.smtp.MailParameters;
import org.postino.smtp.RcptParameters;
import org.postino.smtp.SmtpStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has milters look at one complete message, as if it came by SMTP from this machine. Owned by one thread.
///
/// All that smtpd would tell them is told at once: the client, its greeting, the sender, each recipient, and the content.
final class MilterPass implements MilterMessage {
    private static final Logger LOG = LoggerFactory.getLogger("cleanup");
    private static final String LOCALHOST = "localhost";
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final MilterList list;
    private final LocalMilters shared;
    private final Intake message;
    private final String clientName;
    private final InetAddress clientAddress;

    MilterPass(MilterList list, LocalMilters shared, Intake message) {
        this.list = list;
        this.shared = shared;
        this.message = message;
        InetAddress known = address(message.envelope().attribute(Envelope.CLIENT_ADDRESS));
        String name = message.envelope().attribute(Envelope.CLIENT_NAME);
        clientName = known == null ? LOCALHOST : name;
        clientAddress = known == null ? LOOPBACK : known;
    }

    private static @Nullable InetAddress address(String text) {
        try {
            return text.isEmpty() ? null : InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// Asks them; false if the message ends here.
    ///
    /// @throws IOException the message cannot be read
    boolean pass() throws IOException {
        Milters milters = list.open(text -> LOG.warn("{}: {}", message.id(), text));
        try {
            return ask(milters);
        } finally {
            milters.close();
        }
    }

    private boolean ask(Milters milters) throws IOException {
        MacroSource macros = name -> macro(name, "");
        String sender = Address.parse(message.envelope().sender()).path();
        boolean goesOn =
                goesOn(milters.connect(clientName, clientAddress, 0, macros), SmtpStage.CONNECT)
                        && goesOn(milters.helo(clientName, macros), SmtpStage.HELO)
                        && goesOn(milters.mail(List.of(sender), macros), SmtpStage.MAIL);
        for (Recipient r : message.recipients().waiting()) {
            MacroSource own = name -> macro(name, r.address());
            List<String> words = List.of(Address.parse(r.address()).path());
            goesOn = goesOn && goesOn(milters.rcpt(words, own), SmtpStage.RCPT);
        }
        boolean any = !message.recipients().waiting().isEmpty();
        goesOn =
                goesOn
                        && goesOn(milters.data(macros), SmtpStage.DATA)
                        && goesOn(milters.message(this, macros), SmtpStage.END_OF_MESSAGE);
        if (goesOn && any && message.recipients().waiting().isEmpty()) {
            log("discard", SmtpStage.END_OF_MESSAGE, Milters.NOBODY_LEFT);
            message.discard();
            return false;
        }
        return goesOn;
    }

    private boolean goesOn(MilterVerdict verdict, SmtpStage stage) {
        switch (verdict) {
            case MilterVerdict.Pass _ -> {
                return true;
            }
            case MilterVerdict.Refuse(var reply) -> {
                log("reject", stage, reply.toString());
                message.refuse(new Refused(reply, ""));
                return false;
            }
            case MilterVerdict.Discard _ -> {
                log("discard", stage, "milter triggers DISCARD action");
                message.discard();
                return false;
            }
            case MilterVerdict.Quarantine(var reason) -> {
                hold(reason, stage);
                return true;
            }
        }
    }

    private void log(String action, SmtpStage stage, String text) {
        String from = clientName + "[" + clientAddress.getHostAddress() + "]";
        message.log().milter(action, stage.word(), from, text);
    }

    private void hold(String reason, SmtpStage stage) {
        log("quarantine", stage, reason);
        message.attribute(Envelope.HOLD, Envelope.YES);
        message.attribute(Envelope.QUARANTINE, reason);
    }

    private @Nullable String macro(String name, String recipient) {
        String address = clientAddress.getHostAddress();
        return switch (name) {
            case "i" -> message.id().text();
            case "_" -> clientName + " [" + address + "]";
            case "{client_addr}", "{daemon_addr}", "{if_addr}" ->
                    name.equals("{client_addr}") ? address : LOOPBACK.getHostAddress();
            case "{client_name}", "{client_ptr}" -> clientName;
            case "{client_port}", "{daemon_port}" -> "0";
            case "{mail_addr}" -> message.envelope().sender();
            case "{rcpt_addr}" -> recipient;
            default -> shared.macro(name);
        };
    }

    @Override
    public InputStream content() throws IOException {
        return message.message();
    }

    @Override
    public void edit(MessageEdit edit) {
        message.edit(edit);
    }

    @Override
    public void addRecipient(Address address, RcptParameters parameters) {
        String orcpt = parameters.orcpt();
        message.recipient(
                Recipient.of(
                        address.toString(),
                        "",
                        parameters.notifyText(),
                        orcpt == null ? "" : orcpt));
    }

    @Override
    public void removeRecipient(Address address) {
        message.recipients().remove(address);
    }

    @Override
    public void changeSender(Address address, MailParameters parameters) {
        message.attribute(Envelope.NEW_SENDER, address.toString());
        var ret = parameters.ret();
        if (ret != null) {
            message.attribute(Envelope.RET, ret.name());
        }
        String envid = parameters.envid();
        if (envid != null) {
            message.attribute(Envelope.ENVID, envid);
        }
    }

    @Override
    public void quarantine(String reason) {
        hold(reason, SmtpStage.END_OF_MESSAGE);
    }
}
