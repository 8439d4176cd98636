// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.util.InetText;

/// The filters of one session, which are asked one after the other until one refuses or discards. Owned by the session's thread.
///
/// Each filter sees a message as those before it have left it.
public final class Milters {
    /// The words of the log about a message that goes to nobody any more.
    public static final String NOBODY_LEFT = "milter removes all recipients";

    private final List<Milter> milters;
    private final MilterListener listener;

    Milters(List<Milter> milters, MilterListener listener) {
        this.milters = milters;
        this.listener = listener;
    }

    /// Tells that a client has connected.
    ///
    /// @param name of the client; its address in brackets if that has none
    /// @param address null for a client on a Unix socket
    public MilterVerdict connect(
            String name, @Nullable InetAddress address, int port, MacroSource source) {
        var data = new ByteArrayOutputStream();
        MilterMacros.text(data, name);
        if (address == null) {
            data.write('U');
        } else {
            data.write(address instanceof Inet6Address ? '6' : '4');
            data.write(port >> 8);
            data.write(port);
            MilterMacros.text(data, InetText.of(address));
        }
        return tell(MilterEvent.CONNECT, List.of(name), data.toByteArray(), source);
    }

    /// Tells what the client calls itself.
    public MilterVerdict helo(String name, MacroSource source) {
        return tell(MilterEvent.HELO, List.of(name), source);
    }

    /// Tells of a sender.
    ///
    /// @param words the address in `<>`, and ESMTP parameters
    public MilterVerdict mail(List<String> words, MacroSource source) {
        return tell(MilterEvent.MAIL, words, source);
    }

    /// Tells of a recipient.
    ///
    /// @param words the address in `<>`, and ESMTP parameters
    public MilterVerdict rcpt(List<String> words, MacroSource source) {
        return tell(MilterEvent.RCPT, words, source);
    }

    /// Tells those filters that want to know of a recipient whom somebody else has refused. What they say does not matter.
    public void refusedRcpt(List<String> words, MacroSource source) {
        for (Milter milter : milters) {
            if (milter.wantsRefused()) {
                milter.event(MilterEvent.RCPT, texts(words), source);
            }
        }
    }

    /// Tells that the envelope is complete.
    public MilterVerdict data(MacroSource source) {
        return tell(MilterEvent.DATA, List.of(), source);
    }

    /// Tells of a command that the server does not know.
    public MilterVerdict unknown(String line, MacroSource source) {
        return tell(MilterEvent.UNKNOWN, List.of(line), source);
    }

    /// Shows a complete message, and has it changed.
    ///
    /// @throws IOException the message cannot be read
    public MilterVerdict message(MilterMessage message, MacroSource source) throws IOException {
        MilterVerdict all = MilterVerdict.PASS;
        for (Milter milter : milters) {
            MilterVerdict one = message(milter, message, source);
            listener.answered(milter.name(), "the message", one);
            if (isLast(one)) {
                return one;
            }
            all = one instanceof MilterVerdict.Quarantine ? one : all;
        }
        return all;
    }

    private static MilterVerdict message(Milter milter, MilterMessage message, MacroSource source)
            throws IOException {
        if (milter.wantsContent()) {
            try (InputStream content = message.content()) {
                MilterVerdict said = new MilterContent(milter, source).show(content);
                if (!(said instanceof MilterVerdict.Pass)) {
                    return said;
                }
            }
        }
        return milter.endOfMessage(source, message);
    }

    /// The message under way has ended or is given up, or the client begins anew.
    public void abort() {
        milters.forEach(Milter::abort);
    }

    /// The session is over.
    public void close() {
        milters.forEach(Milter::close);
    }

    private MilterVerdict tell(MilterEvent event, List<String> words, MacroSource source) {
        return tell(event, words, texts(words), source);
    }

    private MilterVerdict tell(
            MilterEvent event, List<String> words, byte[] data, MacroSource source) {
        MilterVerdict all = MilterVerdict.PASS;
        for (Milter milter : milters) {
            MilterVerdict one = milter.event(event, data, source);
            listener.answered(milter.name(), (event + " " + String.join(" ", words)).strip(), one);
            if (isLast(one)) {
                return one;
            }
            all = one instanceof MilterVerdict.Quarantine ? one : all;
        }
        return all;
    }

    private static boolean isLast(MilterVerdict verdict) {
        return verdict instanceof MilterVerdict.Refuse || verdict instanceof MilterVerdict.Discard;
    }

    private static byte[] texts(List<String> texts) {
        var data = new ByteArrayOutputStream();
        texts.forEach(text -> MilterMacros.text(data, text));
        return data.toByteArray();
    }
}
