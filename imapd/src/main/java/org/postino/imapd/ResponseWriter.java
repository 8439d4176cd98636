// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.imap.ImapWriter;
import org.postino.imap.SequenceSet;
import org.postino.imap.ThreadPrinter;
import org.postino.mailstore.MessageEntry;

/// Prints responses.
final class ResponseWriter {
    private final ImapWriter out;

    ResponseWriter(ImapWriter out) {
        this.out = out;
    }

    void tagged(String tag, Tagged result) throws IOException {
        out.ascii(tag).sp().ascii(result.status().name());
        status(result.code(), result.text());
    }

    /// A continuation request.
    void continuation(String text) throws IOException {
        out.ascii("+ ").ascii(text).crlf();
        out.flush();
    }

    void untagged(Untagged response) throws IOException {
        out.ascii("* ");
        switch (response) {
            case Untagged.Ok(var code, var text) -> status("OK", code, text);
            case Untagged.No(var code, var text) -> status("NO", code, text);
            case Untagged.Bad(var text) -> status("BAD", null, text);
            case Untagged.Bye(var text) -> status("BYE", null, text);
            case Untagged.Capability(var names) -> words("CAPABILITY", names);
            case Untagged.Enabled(var names) -> words("ENABLED", names);
            case Untagged.Exists(var n) -> out.number(n).ascii(" EXISTS").crlf();
            case Untagged.Recent(var n) -> out.number(n).ascii(" RECENT").crlf();
            case Untagged.Expunge(var n) -> out.number(n).ascii(" EXPUNGE").crlf();
            case Untagged.FlagNames(var names) ->
                    out.ascii("FLAGS (").ascii(String.join(" ", names)).octet(')').crlf();
            case Untagged.Vanished(var uids, var earlier) ->
                    out.ascii(earlier ? "VANISHED (EARLIER) " : "VANISHED ")
                            .ascii(SequenceSet.print(uids))
                            .crlf();
            case Untagged.MessageFlags message -> flags(message);
            case Untagged.MessageModSeq(var n, var message, var uid) -> {
                changed(n, message, uid);
                out.ascii("MODSEQ (").number(message.modseq()).ascii("))").crlf();
            }
            case Untagged.ListLine line -> list(line);
            case Untagged.Status status -> counts(status);
            case Untagged.SearchResult result -> search(result);
            case Untagged.Threads(var threads, var names) -> {
                out.ascii("THREAD");
                new ThreadPrinter(out, names).print(threads);
                out.crlf();
            }
            case Untagged.Esearch result -> esearch(result);
            case Untagged.Namespace(var prefix, var separator) ->
                    out.ascii("NAMESPACE ((")
                            .prefix(prefix)
                            .ascii(" ")
                            .string(String.valueOf(separator))
                            .ascii(")) NIL NIL")
                            .crlf();
            case Untagged.Metadata(var mailbox, var entries) -> metadata(mailbox, entries);
            case Untagged.MetadataNames(var mailbox, var entries) ->
                    out.ascii("METADATA ")
                            .mailbox(mailbox)
                            .sp()
                            .ascii(String.join(" ", entries))
                            .crlf();
            case Untagged.Id(var name) -> out.ascii("ID (\"name\" ").string(name).octet(')').crlf();
        }
    }

    private void status(String word, @Nullable ResponseCode code, String text) throws IOException {
        out.ascii(word);
        status(code, text);
    }

    private void status(@Nullable ResponseCode code, String text) throws IOException {
        if (code != null) {
            out.ascii(" [").ascii(code.text()).octet(']');
        }
        out.sp().text(text).crlf();
    }

    private void words(String first, List<String> names) throws IOException {
        out.ascii(first);
        for (var name : names) {
            out.sp().ascii(name);
        }
        out.crlf();
    }

    private void changed(int sequence, MessageEntry message, boolean withUid) throws IOException {
        if (out.dialect().uidOnly()) {
            out.number(message.uid()).ascii(" UIDFETCH (");
            return;
        }
        out.number(sequence).ascii(" FETCH (");
        if (withUid) {
            out.ascii("UID ").number(message.uid()).sp();
        }
    }

    private void flags(Untagged.MessageFlags response) throws IOException {
        var message = response.message();
        changed(response.sequence(), message, response.withUid());
        if (response.withModSeq()) {
            out.ascii("MODSEQ (").number(message.modseq()).ascii(") ");
        }
        out.ascii("FLAGS (").ascii(String.join(" ", message.flags().names()));
        if (message.recent() && out.dialect().recent()) {
            out.ascii(message.flags().isEmpty() ? "\\Recent" : " \\Recent");
        }
        out.ascii("))").crlf();
    }

    private void list(Untagged.ListLine line) throws IOException {
        out.ascii(line.lsub() ? "LSUB (" : "LIST (")
                .ascii(String.join(" ", line.attributes()))
                .ascii(") ")
                .string(String.valueOf(line.separator()))
                .sp()
                .mailbox(line.name());
        var oldName = line.oldName();
        if (oldName != null) {
            out.ascii(" (\"OLDNAME\" (").mailbox(oldName).ascii("))");
        } else if (line.subscribedBelow()) {
            out.ascii(" (\"CHILDINFO\" (\"SUBSCRIBED\"))");
        }
        out.crlf();
    }

    private void counts(Untagged.Status status) throws IOException {
        out.ascii("STATUS ").mailbox(status.mailbox()).sp();
        char before = '(';
        for (var value : status.values().entrySet()) {
            out.octet(before).ascii(value.getKey()).sp().ascii(value.getValue());
            before = ' ';
        }
        out.octet(')').crlf();
    }

    private void metadata(String mailbox, Map<String, Optional<byte[]>> entries)
            throws IOException {
        out.ascii("METADATA ").mailbox(mailbox).sp();
        char before = '(';
        for (var entry : entries.entrySet()) {
            out.octet(before).ascii(entry.getKey()).sp();
            before = ' ';
            byte @Nullable [] value = entry.getValue().orElse(null);
            if (value == null) {
                out.ascii("NIL");
            } else {
                out.stringOrLiteral8(value);
            }
        }
        out.octet(')').crlf();
    }

    private void search(Untagged.SearchResult result) throws IOException {
        out.ascii(result.sorted() ? "SORT" : "SEARCH");
        for (long number : result.numbers()) {
            out.sp().number(number);
        }
        if (result.modSeq() != null) {
            out.ascii(" (MODSEQ ").number(result.modSeq()).octet(')');
        }
        out.crlf();
    }

    private void esearch(Untagged.Esearch response) throws IOException {
        out.ascii("ESEARCH (TAG ").string(response.tag());
        var source = response.source();
        if (source != null) {
            out.ascii(" MAILBOX ").mailbox(source.mailbox());
            out.ascii(" UIDVALIDITY ").number(source.uidValidity());
        }
        out.octet(')');
        if (response.uid()) {
            out.ascii(" UID");
        }
        for (var result : response.results()) {
            out.sp().ascii(result.name()).sp().ascii(result.value());
        }
        out.crlf();
    }
}
