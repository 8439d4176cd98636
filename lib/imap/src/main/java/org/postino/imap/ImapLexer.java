// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.ModifiedUtf7;

/// The tokens of one command, taken one by one by the command's own parser (RFC 3501, 9).
///
/// Texts are ISO-8859-1, one character for each byte sent. A literal is asked for when its token is taken, so a command
/// that is refused before never makes the client send it.
public final class ImapLexer {
    private static final String ATOM_SPECIALS = "(){%*\"\\]";
    private static final long MAX_NUMBER = 0xffffffffL;

    private final ImapFraming framing;
    private final Enabled enabled;
    private final MailboxNames names;
    private int at;
    private int depth;

    /// For a client that has enabled nothing.
    public ImapLexer(ImapFraming framing) {
        this(framing, new Enabled(), new MailboxNames(_ -> false));
    }

    /// @param names of the mailboxes that the command may name
    public ImapLexer(ImapFraming framing, Enabled enabled, MailboxNames names) {
        this.framing = framing;
        this.enabled = enabled;
        this.names = names;
    }

    /// The names of mailboxes that the command has.
    public MailboxNames names() {
        return names;
    }

    /// The tokens of a text that no client sends.
    public static ImapLexer of(String text) throws IOException {
        return new ImapLexer(ImapFraming.of(text));
    }

    /// True if the client has enabled an extension of the grammar.
    public boolean has(Extension extension) {
        return enabled.has(extension);
    }

    /// The next byte without taking it, or -1 at the end of the command's line.
    public int peek() {
        return at < framing.length() ? framing.line()[at] & 0xff : -1;
    }

    boolean atEnd() {
        return at >= framing.length();
    }

    /// Takes the byte `c` if it is next.
    public boolean accept(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    public ImapLexer expect(char c) throws ImapSyntaxException {
        if (!accept(c)) {
            throw new ImapSyntaxException("Expected '" + c + "'" + where());
        }
        return this;
    }

    /// Takes the space before an argument; clients send more than the one that the grammar has.
    public ImapLexer sp() throws ImapSyntaxException {
        if (!blanks()) {
            throw new ImapSyntaxException(
                    atEnd() ? "Missing arguments" : "Expected a space" + where());
        }
        return this;
    }

    /// Takes spaces; false if there is none.
    public boolean blanks() {
        int from = at;
        while (accept(' ')) {
            // all of them
        }
        return at > from;
    }

    /// Takes what parts the elements of a list; false if no other element follows.
    public boolean next() {
        return blanks() && !atEnd() && peek() != ')';
    }

    /// Takes the parenthesis that begins a list.
    public ImapLexer open() throws ImapSyntaxException {
        expect('(').blanks();
        return this;
    }

    /// Takes the parenthesis that ends a list.
    public ImapLexer close() throws ImapSyntaxException {
        blanks();
        return expect(')');
    }

    public void end() throws ImapSyntaxException {
        blanks();
        if (!atEnd()) {
            throw new ImapSyntaxException("Unexpected arguments" + where());
        }
    }

    private String where() {
        return " at position " + (at + 1);
    }

    /// Takes `word` in any case if it is next and ends there.
    public boolean acceptWord(String word) {
        int from = at;
        if (acceptText(word) && !isAtomChar(peek())) {
            return true;
        }
        at = from;
        return false;
    }

    /// Takes `text`, which is in upper case, in any case if it is next.
    public boolean acceptText(String text) {
        int end = at + text.length();
        if (end > framing.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (upper(framing.line()[at + i]) != text.charAt(i)) {
                return false;
            }
        }
        at = end;
        return true;
    }

    private static int upper(byte b) {
        return b >= 'a' && b <= 'z' ? b - 32 : b;
    }

    public static boolean isAtomChar(int c) {
        return c > ' ' && c < 127 && ATOM_SPECIALS.indexOf(c) < 0;
    }

    private String take(int from) {
        return new String(framing.line(), from, at - from, StandardCharsets.ISO_8859_1);
    }

    /// The command's tag: no `+`, nor what an atom may not contain.
    public String tag() throws ImapSyntaxException {
        int from = at;
        while (peek() != '+' && (isAtomChar(peek()) || peek() == ']')) {
            at++;
        }
        if (from == at) {
            throw new ImapSyntaxException("Invalid tag");
        }
        return take(from);
    }

    public String atom() throws ImapSyntaxException {
        int from = at;
        while (isAtomChar(peek())) {
            at++;
        }
        if (from == at) {
            throw new ImapSyntaxException(
                    atEnd() ? "Missing argument" : "Expected an atom" + where());
        }
        return take(from);
    }

    /// An atom in upper case: the words of the grammar are case-insensitive.
    public String keyword() throws ImapSyntaxException {
        return atom().toUpperCase(Locale.ROOT);
    }

    /// A header field name, status item, fetch item: what ends at a bracket, too.
    public String word() throws ImapSyntaxException {
        int from = at;
        while (isAtomChar(peek()) && peek() != '[' && peek() != '<') {
            at++;
        }
        if (from == at) {
            throw new ImapSyntaxException("Expected a word" + where());
        }
        return take(from).toUpperCase(Locale.ROOT);
    }

    public String astring() throws IOException, ImapSyntaxException {
        return new String(astringBytes(), StandardCharsets.ISO_8859_1);
    }

    public byte[] astringBytes() throws IOException, ImapSyntaxException {
        int c = peek();
        if (c == '"') {
            return quoted();
        }
        if (c == '{') {
            return literal();
        }
        return unquoted("]");
    }

    private byte[] unquoted(String extra) throws ImapSyntaxException {
        int from = at;
        while (isAtomChar(peek()) || (peek() >= 0 && extra.indexOf(peek()) >= 0)) {
            at++;
        }
        if (from == at) {
            throw new ImapSyntaxException(
                    atEnd() ? "Missing argument" : "Expected a string" + where());
        }
        return Arrays.copyOfRange(framing.line(), from, at);
    }

    /// `string` of the grammar: quoted or literal, no atom.
    public String string() throws IOException, ImapSyntaxException {
        byte[] bytes = peek() == '{' ? literal() : quoted();
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /// True with NIL taken; false if something else is next.
    public boolean nil() {
        return acceptWord("NIL");
    }

    /// A string, or a literal8 (RFC 3516), which may have any octets; nothing for NIL.
    public Optional<byte[]> nstringOrLiteral8() throws IOException, ImapSyntaxException {
        if (nil()) {
            return Optional.empty();
        }
        if (accept('~')) {
            requireAnnouncementHere();
            byte[] data = framing.literal(framing.maxLiteral());
            at = 0;
            return Optional.of(data);
        }
        return Optional.of(peek() == '{' ? literal() : quoted());
    }

    private byte[] quoted() throws ImapSyntaxException {
        expect('"');
        byte[] line = framing.line();
        byte[] text = new byte[framing.length() - at];
        int n = 0;
        while (true) {
            int c = peek();
            at++;
            if (c == '"') {
                return Arrays.copyOf(text, n);
            }
            if (c == '\\') {
                c = peek();
                at++;
                if (c != '"' && c != '\\') {
                    throw new ImapSyntaxException("Invalid escape in a quoted string");
                }
            }
            if (c < 0) {
                throw new ImapSyntaxException("Missing '\"'");
            }
            if (c == 0 || c == '\r') {
                throw new ImapSyntaxException("Invalid character in a quoted string");
            }
            text[n++] = line[at - 1];
        }
    }

    private byte[] literal() throws IOException, ImapSyntaxException {
        requireAnnouncementHere();
        byte[] data = framing.literal(framing.maxLiteral());
        at = 0;
        for (byte b : data) {
            if (b == 0) {
                throw new ImapSyntaxException("NUL in a literal");
            }
        }
        return data;
    }

    private void requireAnnouncementHere() throws ImapSyntaxException {
        if (framing.announcement() != at) {
            throw new ImapSyntaxException("Invalid literal" + where());
        }
    }

    /// The size of the literal that stands here, for a decision before it is asked for.
    public ImapFraming.Announced announcedLiteral() throws ImapSyntaxException {
        requireAnnouncementHere();
        return framing.announced();
    }

    /// The literal that stands here, unread; after its end call [#afterStream()].
    public InputStream literalStream() throws IOException, ImapSyntaxException {
        requireAnnouncementHere();
        return framing.stream();
    }

    public void afterStream() throws IOException {
        framing.afterStream();
        at = 0;
    }

    /// Everything up to the end of the line.
    public String rest() {
        int from = at;
        at = framing.length();
        return take(from);
    }

    /// A mailbox name, decoded; INBOX in any case is `INBOX`.
    ///
    /// @throws MailStoreException `INVALID_NAME`: no mailbox can have it
    public String mailbox() throws IOException, ImapSyntaxException {
        return name(astring());
    }

    private String name(String wire) throws IOException {
        if (wire.equalsIgnoreCase("INBOX")) {
            return "INBOX";
        }
        boolean utf8 = enabled.dialect().utf8Names();
        var name =
                decoded(wire)
                        .orElseThrow(() ->
                                new MailStoreException(
                                        MailStoreException.Problem.INVALID_NAME,
                                        utf8
                                                ? "Mailbox name is not valid UTF-8"
                                                : "Mailbox name is not valid mUTF-7"));
        return utf8 ? names.kept(name) : name;
    }

    private Optional<String> decoded(String wire) {
        if (!enabled.dialect().utf8Names()) {
            return ModifiedUtf7.decode(wire);
        }
        try {
            byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
            var name = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return Optional.of(name.toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    /// A pattern of LIST: as a mailbox, but `%` and `*` may stand unquoted; decoded likewise. Null if no name can match it.
    public @Nullable String listPattern() throws IOException, ImapSyntaxException {
        int c = peek();
        var wire =
                c == '"' || c == '{'
                        ? astring()
                        : new String(unquoted("]%*"), StandardCharsets.ISO_8859_1);
        return decoded(wire).orElse(null);
    }

    public long number() throws ImapSyntaxException {
        return number(MAX_NUMBER);
    }

    /// A number up to 2^63 - 1.
    public long number64() throws ImapSyntaxException {
        return number(Long.MAX_VALUE);
    }

    public long nonZero() throws ImapSyntaxException {
        long value = number();
        if (value == 0) {
            throw new ImapSyntaxException("Expected a number above 0");
        }
        return value;
    }

    private long number(long max) throws ImapSyntaxException {
        int from = at;
        long value = 0;
        while (peek() >= '0' && peek() <= '9') {
            int digit = peek() - '0';
            if (value > (max - digit) / 10) {
                throw new ImapSyntaxException("Number too large");
            }
            value = value * 10 + digit;
            at++;
        }
        if (from == at) {
            throw new ImapSyntaxException("Expected a number" + where());
        }
        return value;
    }

    public SequenceSet sequenceSet() throws ImapSyntaxException {
        var set = accept('$') ? SequenceSet.SAVED : sequenceNumbers();
        if (!atEnd() && peek() != ' ' && peek() != ')') {
            throw new ImapSyntaxException("Invalid messageset");
        }
        return set;
    }

    private SequenceSet sequenceNumbers() throws ImapSyntaxException {
        var ranges = new ArrayList<SequenceSet.Range>();
        do {
            long first = sequenceNumber();
            long last = accept(':') ? sequenceNumber() : first;
            ranges.add(new SequenceSet.Range(first, last));
        } while (accept(','));
        return new SequenceSet(ranges);
    }

    private long sequenceNumber() throws ImapSyntaxException {
        if (accept('*')) {
            return SequenceSet.LAST;
        }
        try {
            return nonZero();
        } catch (ImapSyntaxException e) {
            throw new ImapSyntaxException("Invalid messageset", e);
        }
    }

    /// `(\Seen keyword)`: the names as written.
    public List<String> flagList() throws ImapSyntaxException {
        open();
        var flags = new ArrayList<String>();
        if (accept(')')) {
            return flags;
        }
        do {
            flags.add(flag());
        } while (next());
        close();
        return flags;
    }

    /// Flags with or without parentheses, as STORE allows.
    public List<String> flags() throws ImapSyntaxException {
        if (peek() == '(') {
            return flagList();
        }
        var flags = new ArrayList<String>();
        do {
            flags.add(flag());
        } while (next());
        return flags;
    }

    private String flag() throws ImapSyntaxException {
        return accept('\\') ? "\\" + atom() : atom();
    }

    /// Enters a parenthesis of a recursive rule.
    void enter(int maxDepth) throws ImapSyntaxException {
        open().descend(maxDepth);
    }

    void descend(int maxDepth) throws ImapSyntaxException {
        if (++depth > maxDepth) {
            throw new ImapSyntaxException("Nested too deeply");
        }
    }

    void ascend() {
        depth--;
    }
}
