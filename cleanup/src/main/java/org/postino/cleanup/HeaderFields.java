// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashSet;
import java.util.Set;
import org.postino.content.ContentChecks;
import org.postino.content.LookupException;
import org.postino.message.Address;
import org.postino.message.AddressFields;
import org.postino.message.EncodedWords;
import org.postino.message.HeaderField;
import org.postino.message.HeaderReader;
import org.postino.message.MailDate;
import org.postino.queue.Envelope;
import org.postino.queue.QueueId;
import org.postino.table.TableException;
import org.postino.util.Printable;

/// Removes, rewrites and counts header fields, and adds what a local message lacks.
///
/// A message passes through here on its way from [HeaderReader] or [ContentChecks] to [StoredContent]: each field, changed or not, and what stands between fields and body.
final class HeaderFields implements HeaderReader.Sink, ContentChecks.Out {
    private final CleanupSettings settings;
    private final RecipientRules rules;
    private final Envelope envelope;
    private final QueueId id;
    private final StoredContent out;
    private final boolean local;

    /// Addresses are completed and mapped, and missing fields added.
    private final boolean rewrites;

    private final Set<String> seen = new HashSet<>();
    private boolean unended;
    private int hops;
    private String messageId = "";
    private String resentMessageId = "";

    HeaderFields(
            CleanupSettings settings,
            RecipientRules rules,
            Envelope envelope,
            QueueId id,
            StoredContent out) {
        this.settings = settings;
        this.rules = rules;
        this.envelope = envelope;
        this.id = id;
        this.out = out;
        this.local = envelope.attribute(Envelope.REWRITE).equals(Envelope.LOCAL);
        this.rewrites = local || rules.rewritesRemote();
    }

    /// No empty line ends the header: a field will say so.
    void markUnended() {
        unended = true;
    }

    /// The number of Received: fields.
    int hops() {
        return hops;
    }

    /// The text of the `message-id=` log line.
    String messageIdLine() {
        return resentMessageId.isEmpty()
                ? "message-id=" + (messageId.isEmpty() ? "<>" : messageId)
                : "resent-message-id=" + resentMessageId;
    }

    /// Passes a field on, or drops it.
    ///
    /// @throws LookupException its addresses cannot be rewritten now
    @Override
    public void field(HeaderField field) throws IOException {
        String name = field.name();
        if (settings.dropHeaders().contains(name)) {
            return;
        }
        note(name, field);
        boolean sender = AddressFields.isSender(name);
        if (rewrites && (sender || AddressFields.isRecipient(name))) {
            rewritten(field, sender);
        } else {
            out.field(field.bytes(), field.from(), field.length());
        }
    }

    private void note(String name, HeaderField field) {
        switch (name) {
            case "received" -> hops++;
            case "message-id" -> messageId = firstWord(field);
            case "resent-message-id" -> resentMessageId = firstWord(field);
            case "date", "from", "to", "cc", "bcc", "sender" -> seen.add(name);
            default -> {
                if (name.startsWith("resent-")) {
                    seen.add(name);
                    seen.add("resent-");
                }
            }
        }
    }

    @Override
    public void body(byte[] bytes, int offset, int length) throws IOException {
        out.body(bytes, offset, length);
    }

    @Override
    public void front(byte[] field) throws IOException {
        out.field(field, 0, field.length);
    }

    /// Adds the fields that a message must have and lacks.
    @Override
    public void endOfHeader() throws IOException {
        boolean resent = seen.contains("resent-") || !resentMessageId.isEmpty();
        String prefix = resent ? "Resent-" : "";
        String key = resent ? "resent-" : "";
        if (rewrites || settings.alwaysAddMissing()) {
            if ((resent ? resentMessageId : messageId).isEmpty()) {
                addMessageId(prefix, resent);
            }
            if (!seen.contains(key + "date")) {
                add(prefix + "Date: " + MailDate.print(envelope.arrival(), settings.zone()));
            }
            if (!seen.contains(key + "from")) {
                add(prefix + "From: " + from());
            }
        }
        boolean undisclosed =
                !seen.contains("to") && !seen.contains("cc") && !seen.contains("resent-to");
        if (undisclosed && !settings.undisclosedField().isEmpty()) {
            add(settings.undisclosedField());
        }
        if (settings.requireTlsField()
                && !out.requiresTls()
                && envelope.attribute(Envelope.REQUIRETLS).equals(Envelope.YES)) {
            add(Envelope.REQUIRE_TLS_FIELD + ": " + Envelope.YES);
        }
        if (unended) {
            add("MIME-Error: message header was not terminated by empty line");
        }
    }

    private void addMessageId(String prefix, boolean resent) throws IOException {
        String made =
                "<" + stamp(envelope.arrival()) + "." + id + "@" + settings.myhostname() + ">";
        if (resent) {
            resentMessageId = made;
        } else {
            messageId = made;
        }
        add(prefix + "Message-Id: " + made);
    }

    private String from() {
        String address =
                envelope.sender().isEmpty()
                        ? "MAILER-DAEMON"
                        : Address.parse(envelope.sender()).quoted();
        String name = Printable.text(envelope.attribute(Envelope.FULL_NAME)).strip();
        if (name.isEmpty()) {
            return address;
        }
        return settings.oldFromFormat()
                ? address + " (" + comment(name) + ")"
                : phrase(name) + " <" + address + ">";
    }

    /// A name that stands in parentheses (RFC 5322, 3.2.2).
    private static String comment(String name) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(name)
                ? name.replaceAll("[()\\\\]", "\\\\$0")
                : EncodedWords.encode(name);
    }

    /// A display name: quoted unless it is words of letters and digits (RFC 5322, 3.2.5). Other letters than those of ASCII are
    /// encoded, so that the message goes to every server.
    private static String phrase(String name) {
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(name)) {
            return EncodedWords.encode(name);
        }
        boolean plain = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            plain &= c == ' ' || c == '-' || c == '\'' || Character.isLetterOrDigit(c);
        }
        return plain ? name : "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private void add(String field) throws IOException {
        byte[] bytes = (field + "\r\n").getBytes(StandardCharsets.UTF_8);
        out.field(bytes, 0, bytes.length);
    }

    /// Writes the field with its addresses completed and mapped; untouched if nothing changes.
    private void rewritten(HeaderField field, boolean sender) throws IOException {
        byte[] changed;
        try {
            changed =
                    AddressFields.replaced(
                            field, settings.addressTokens(), a -> rules.header(a, sender, local));
        } catch (TableException e) {
            throw new LookupException(e);
        }
        if (changed == null) {
            out.field(field.bytes(), field.from(), field.length());
        } else {
            out.field(changed, 0, changed.length);
        }
    }

    /// The id as it stands in the field, up to a blank, without control characters.
    private static String firstWord(HeaderField field) {
        int start = field.valueStart();
        int most = Math.min(field.to() - start, 1000);
        String value = new String(field.bytes(), start, most, StandardCharsets.ISO_8859_1).strip();
        int end = 0;
        while (end < value.length() && value.charAt(end) > ' ') {
            end++;
        }
        return Printable.text(value.substring(0, end));
    }

    /// `YYYYMMDDhhmmss` in UTC.
    private static String stamp(Instant time) {
        ZonedDateTime t = time.atZone(ZoneOffset.UTC);
        long day = t.getYear() * 10_000L + t.getMonthValue() * 100L + t.getDayOfMonth();
        long clock = t.getHour() * 10_000L + t.getMinute() * 100L + t.getSecond();
        return Long.toString(day * 1_000_000L + clock);
    }
}
