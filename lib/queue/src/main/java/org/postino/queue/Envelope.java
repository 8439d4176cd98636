// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The facts about a message beside its recipients and content.
///
/// @param sender the address in internal form, empty for the null sender
/// @param arrival the time at which the message came, in whole milliseconds
/// @param trace the trace id of the session that brought it
/// @param attributes values by the names below; a reader keeps names that it does not know
public record Envelope(
        String sender, Instant arrival, String trace, Map<String, String> attributes) {
    public static final String CLIENT_NAME = "client_name";
    public static final String CLIENT_ADDRESS = "client_address";
    public static final String CLIENT_PORT = "client_port";
    public static final String HELO_NAME = "helo_name";
    public static final String PROTOCOL_NAME = "protocol_name";
    public static final String SASL_METHOD = "sasl_method";
    public static final String SASL_USERNAME = "sasl_username";
    public static final String SASL_SENDER = "sasl_sender";

    /// The client that brought the message to a content filter, as that said with XFORWARD; absent where nothing was said. The plain
    /// names above are those of the filter then.
    public static final String LOG_CLIENT_NAME = "log_client_name";

    public static final String LOG_CLIENT_ADDRESS = "log_client_address";
    public static final String LOG_CLIENT_PORT = "log_client_port";
    public static final String LOG_HELO_NAME = "log_helo_name";
    public static final String LOG_PROTOCOL_NAME = "log_protocol_name";

    /// The queue id at the sender of XFORWARD.
    public static final String LOG_IDENT = "log_ident";

    /// `7bit` or `8bit`, as BODY= said, or `8bit` because the message has such octets.
    public static final String ENCODING = "encoding";

    /// DSN ENVID and RET (RFC 3461).
    public static final String ENVID = "envid";

    public static final String RET = "ret";

    /// The sender's full name, for a From: field that must be made.
    public static final String FULL_NAME = "full_name";

    /// `local` if the message comes from one of our own clients (see `local_header_rewrite_clients`) and missing header fields
    /// are to be added; absent otherwise.
    public static final String REWRITE = "rewrite";

    /// The earlier queue id of a message that `postsuper -r` put back.
    public static final String ORIGINAL_ID = "orig_id";

    /// [#YES] if the message is to go into the hold queue.
    public static final String HOLD = "hold";

    /// The reason why a scanner or milter put the message into the hold queue, to be looked at.
    public static final String QUARANTINE = "quarantine";

    /// `transport:nexthop` of the content filter to which the message goes first; the next hop may be empty.
    public static final String FILTER = "content_filter";

    /// The last recipient that was named, for log lines of cleanup about the content, if recipients come behind that; not kept.
    public static final String LAST_RECIPIENT = "last_recipient";

    /// Another sender than the one that was named first; not kept as an attribute.
    public static final String NEW_SENDER = "new_sender";

    /// [#YES] if the client said that addresses or header fields are UTF-8 (RFC 6531).
    public static final String SMTPUTF8 = "smtputf8";

    /// [#YES] if header fields are UTF-8 and only a server with SMTPUTF8 may get them.
    public static final String UTF8_HEADER = "utf8_header";

    /// [#YES] if the message may travel only over TLS, to servers that promise the same (REQUIRETLS, RFC 8689).
    public static final String REQUIRETLS = "requiretls";

    /// The header field that says [#YES] in place of REQUIRETLS, for those who do not know that (`requiretls_esmtp_header`).
    public static final String REQUIRE_TLS_FIELD = "Require-TLS-ESMTP";

    /// [#YES] if the sender prefers delivery to TLS (the header field TLS-Required: no, RFC 8689, 5).
    public static final String TLS_OPTIONAL = "tls_optional";

    /// The source of the message, as a word of `smtputf8_autodetect_classes`: `sendmail`, `bounce`; absent for clients.
    public static final String SOURCE = "source";

    /// The address that a probe of verify(8) is about: the message is delivered to nobody, and verify hears what would have become of it.
    public static final String PROBE = "probe";

    /// The report that `sendmail -bv` or `-v` wants, [#LOOKED_UP] or [#DELIVERED].
    public static final String REPORT = "report";

    /// The message is delivered to nobody, and its sender hears what would have become of it.
    public static final String LOOKED_UP = "verify";

    /// The message is delivered, and its sender hears what became of it.
    public static final String DELIVERED = "record";

    /// The word for [#HOLD], [#SMTPUTF8], [#UTF8_HEADER], [#REQUIRETLS] and [#TLS_OPTIONAL].
    public static final String YES = "yes";

    /// The word for [#REWRITE].
    public static final String LOCAL = "local";

    public Envelope {
        arrival = Instant.ofEpochMilli(arrival.toEpochMilli());
        attributes = Map.copyOf(attributes);
    }

    /// The attribute, or an empty text.
    public String attribute(String name) {
        return attributes.getOrDefault(name, "");
    }

    /// True if these are the attributes of a message that is delivered to nobody: agents say what they would do.
    public static boolean isProbe(Map<String, String> attributes) {
        return attributes.containsKey(PROBE) || LOOKED_UP.equals(attributes.get(REPORT));
    }

    /// This envelope with one more or another attribute.
    public Envelope with(String name, String value) {
        var more = new LinkedHashMap<>(attributes);
        more.put(name, value);
        return new Envelope(sender, arrival, trace, more);
    }

    /// The attributes for a message that is received once more: put back by `postsuper -r`, or forwarded. What was decided about the one
    /// before (hold, quarantine, filter) and its earlier id are left out.
    public static Map<String, String> receivedAnew(Map<String, String> attributes) {
        var kept = new LinkedHashMap<>(attributes);
        kept.keySet().removeAll(Set.of(HOLD, QUARANTINE, FILTER, ORIGINAL_ID));
        return kept;
    }

    /// This envelope with another sender.
    public Envelope withSender(String other) {
        return new Envelope(other, arrival, trace, attributes);
    }
}
