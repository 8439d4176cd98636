// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postino.message.Address;
import org.postino.util.Printable;

/// Reads a command line: a verb, then what the grammar of that verb says (RFC 5321, 4.1.1).
final class CommandParser {
    private static final int MAX_NAME = 255;

    /// Characters that a name in a greeting never has, or that could end it in a header field or a line of the log.
    private static final String NO_NAME = " <>()\\\";@";

    private final String text;
    private final boolean strict;

    private CommandParser(String text, boolean strict) {
        this.text = text;
        this.strict = strict;
    }

    static Command parse(byte[] line, boolean strict) {
        String text;
        try {
            text = decode(line);
        } catch (CharacterCodingException e) {
            return new Command.Bad(Verb.UNKNOWN, Replies.BAD_UTF8);
        }
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
            return new Command.Bad(Verb.UNKNOWN, Replies.BAD_SYNTAX);
        }
        Verb verb = Verb.of(trimmed.substring(0, endOfWord(trimmed, 0)));
        try {
            return new CommandParser(trimmed, strict).command(verb);
        } catch (CommandSyntaxException e) {
            return new Command.Bad(verb, e.reply());
        }
    }

    private static String decode(byte[] line) throws CharacterCodingException {
        for (byte b : line) {
            if (b < 0) {
                var decoder = StandardCharsets.UTF_8.newDecoder();
                return decoder.decode(ByteBuffer.wrap(line)).toString();
            }
        }
        return new String(line, StandardCharsets.ISO_8859_1);
    }

    private Command command(Verb verb) throws CommandSyntaxException {
        return switch (verb) {
            case HELO -> new Command.Helo(name(Replies.SYNTAX_HELO));
            case EHLO -> new Command.Ehlo(name(Replies.SYNTAX_EHLO));
            case LHLO -> new Command.Lhlo(name(Replies.SYNTAX_LHLO));
            case MAIL -> mail();
            case RCPT -> rcpt();
            case BDAT -> bdat();
            case VRFY -> vrfy();
            case AUTH -> auth();
            case DATA -> alone(Command.Plain.DATA);
            case RSET -> alone(Command.Plain.RSET);
            case STARTTLS -> alone(Command.Plain.STARTTLS);
            case XFORWARD -> new Command.Xforward(words().subList(1, words().size()));
            case XCLIENT -> new Command.Xclient(words().subList(1, words().size()));
            case QUIT -> Command.Plain.QUIT;
            case NOOP -> Command.Plain.NOOP;
            case HELP -> Command.Plain.HELP;
            case EXPN, ETRN, UNKNOWN -> throw new CommandSyntaxException(Replies.NOT_RECOGNIZED);
        };
    }

    private Command alone(Command.Plain command) throws CommandSyntaxException {
        if (words().size() > 1) {
            throw new CommandSyntaxException(Replies.syntax(command.verb().name()));
        }
        return command;
    }

    private String name(Reply problem) throws CommandSyntaxException {
        String rest = text.substring(endOfWord(text, 0)).strip();
        if (rest.isEmpty()) {
            throw new CommandSyntaxException(problem);
        }
        return Printable.without(NO_NAME, rest, MAX_NAME);
    }

    private Command mail() throws CommandSyntaxException {
        int start = pathStart("FROM:", Replies.SYNTAX_MAIL);
        int end = PathParser.endOfPath(text, start);
        Address sender = path(start, end, Replies.BAD_SENDER);
        var parameters = MailParameters.NONE;
        for (String parameter : parameters(end, Replies.BAD_SENDER)) {
            parameters = ParameterParser.mail(parameters, parameter);
        }
        if (!sender.isAscii() && !parameters.smtputf8()) {
            throw new CommandSyntaxException(Replies.SENDER_NEEDS_SMTPUTF8);
        }
        return new Command.Mail(sender, parameters);
    }

    private Command rcpt() throws CommandSyntaxException {
        int start = pathStart("TO:", Replies.SYNTAX_RCPT);
        int end = PathParser.endOfPath(text, start);
        Address recipient = path(start, end, Replies.BAD_RECIPIENT);
        if (recipient.isNull()) {
            throw new CommandSyntaxException(Replies.BAD_RECIPIENT);
        }
        var parameters = RcptParameters.NONE;
        for (String parameter : parameters(end, Replies.BAD_RECIPIENT)) {
            parameters = ParameterParser.rcpt(parameters, parameter);
        }
        return new Command.Rcpt(recipient, parameters);
    }

    /// The index of the path behind the verb and `FROM:` or `TO:`; a blank before the path is forgiven unless strict.
    private int pathStart(String keyword, Reply problem) throws CommandSyntaxException {
        int at = skipBlanks(endOfWord(text, 0));
        if (!text.regionMatches(true, at, keyword, 0, keyword.length())) {
            throw new CommandSyntaxException(problem);
        }
        int start = skipBlanks(at + keyword.length());
        if (start == text.length()) {
            throw new CommandSyntaxException(problem);
        }
        if (strict && (start != at + keyword.length() || text.charAt(start) != '<')) {
            throw new CommandSyntaxException(problem);
        }
        return start;
    }

    private Address path(int start, int end, Reply problem) throws CommandSyntaxException {
        if (end < 0) {
            throw new CommandSyntaxException(problem);
        }
        boolean bracketed = text.charAt(start) == '<';
        String inner = bracketed ? text.substring(start + 1, end - 1) : text.substring(start, end);
        return PathParser.mailbox(inner).orElseThrow(() -> new CommandSyntaxException(problem));
    }

    private List<String> parameters(int from, Reply problem) throws CommandSyntaxException {
        if (from < text.length() && text.charAt(from) != ' ' && text.charAt(from) != '\t') {
            throw new CommandSyntaxException(problem);
        }
        return words(from);
    }

    private Command bdat() throws CommandSyntaxException {
        List<String> words = words();
        boolean last = words.size() == 3 && words.get(2).equalsIgnoreCase("LAST");
        if (words.size() < 2 || words.size() > 3 || (words.size() == 3 && !last)) {
            throw new CommandSyntaxException(Replies.SYNTAX_BDAT);
        }
        long size = ParameterParser.number(words.get(1));
        if (size < 0 || size == Long.MAX_VALUE) {
            throw new CommandSyntaxException(Replies.SYNTAX_BDAT);
        }
        return new Command.Bdat(size, last);
    }

    private Command vrfy() throws CommandSyntaxException {
        int start = skipBlanks(endOfWord(text, 0));
        if (start == text.length()) {
            throw new CommandSyntaxException(Replies.SYNTAX_VRFY);
        }
        int end = PathParser.endOfPath(text, start);
        Address mailbox = path(start, end, Replies.BAD_RECIPIENT);
        List<String> rest = parameters(end, Replies.BAD_RECIPIENT);
        boolean utf8 = rest.size() == 1 && rest.getFirst().equalsIgnoreCase("SMTPUTF8");
        if (mailbox.isNull() || (!rest.isEmpty() && !utf8)) {
            throw new CommandSyntaxException(Replies.BAD_RECIPIENT);
        }
        return new Command.Vrfy(mailbox);
    }

    private Command auth() throws CommandSyntaxException {
        List<String> words = words();
        if (words.size() < 2 || words.size() > 3) {
            throw new CommandSyntaxException(Replies.SYNTAX_AUTH);
        }
        String mechanism = Printable.text(words.get(1), 64).toUpperCase(Locale.ROOT);
        return new Command.Auth(mechanism, words.size() == 3 ? words.get(2) : null);
    }

    private List<String> words() {
        return words(0);
    }

    private List<String> words(int from) {
        var words = new ArrayList<String>();
        int i = skipBlanks(from);
        while (i < text.length()) {
            int end = endOfWord(text, i);
            words.add(text.substring(i, end));
            i = skipBlanks(end);
        }
        return words;
    }

    private int skipBlanks(int from) {
        int i = from;
        while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
            i++;
        }
        return i;
    }

    private static int endOfWord(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) != ' ' && text.charAt(i) != '\t') {
            i++;
        }
        return i;
    }
}
