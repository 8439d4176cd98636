// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.util.EnumSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postino.message.Xtext;
import org.postino.util.Printable;

/// The ESMTP parameters of MAIL and RCPT, one `KEYWORD[=value]` at a time; an unknown one is refused.
final class ParameterParser {
    private static final int MAX_ENVID = 100; // RFC 3461, 4.4
    private static final int MAX_AUTH = 500; // RFC 4954, 5
    private static final int MAX_ORCPT = 500; // RFC 3461, 4.2

    private ParameterParser() {}

    static MailParameters mail(MailParameters so, String parameter) throws CommandSyntaxException {
        String value = value(parameter);
        return switch (keyword(parameter)) {
            case "SIZE" -> so.withSize(size(value));
            case "BODY" -> so.withBody(body(parameter, value));
            case "SMTPUTF8" -> smtputf8(so, parameter, value);
            case "RET" -> so.withRet(ret(value));
            case "ENVID" -> so.withEnvid(envid(value));
            case "AUTH" -> so.withAuth(auth(value));
            case "REQUIRETLS" -> requireTls(so, parameter, value);
            default -> throw unsupported(parameter);
        };
    }

    static RcptParameters rcpt(RcptParameters so, String parameter) throws CommandSyntaxException {
        String value = value(parameter);
        return switch (keyword(parameter)) {
            case "NOTIFY" -> new RcptParameters(events(value), so.orcpt());
            case "ORCPT" -> new RcptParameters(so.events(), orcpt(value));
            default -> throw unsupported(parameter);
        };
    }

    /// A number of at most 20 digits (RFC 1870); -1 if it is none, [Long#MAX_VALUE] if it does not fit.
    static long number(@Nullable String digits) {
        if (digits == null || digits.isEmpty() || digits.length() > 20) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number > (Long.MAX_VALUE - 9) / 10 ? Long.MAX_VALUE : number * 10 + digit;
        }
        return number;
    }

    private static CommandSyntaxException unsupported(String parameter) {
        return new CommandSyntaxException(
                Replies.unsupportedOption(Printable.text(parameter, 100)));
    }

    private static long size(@Nullable String value) throws CommandSyntaxException {
        long size = number(value);
        if (size < 0) {
            throw new CommandSyntaxException(Replies.BAD_SIZE);
        }
        return size;
    }

    private static MailParameters.Body body(String parameter, @Nullable String value)
            throws CommandSyntaxException {
        return switch (value == null ? "" : value.toUpperCase(Locale.ROOT)) {
            case "7BIT" -> MailParameters.Body.SEVENBIT;
            case "8BITMIME" -> MailParameters.Body.EIGHTBITMIME;
            default -> throw unsupported(parameter);
        };
    }

    private static MailParameters smtputf8(
            MailParameters so, String parameter, @Nullable String value)
            throws CommandSyntaxException {
        if (value != null) {
            throw unsupported(parameter);
        }
        return so.withSmtputf8();
    }

    private static MailParameters requireTls(
            MailParameters so, String parameter, @Nullable String value)
            throws CommandSyntaxException {
        if (value != null) {
            throw unsupported(parameter);
        }
        return so.withRequireTls();
    }

    private static MailParameters.Ret ret(@Nullable String value) throws CommandSyntaxException {
        return switch (value == null ? "" : value.toUpperCase(Locale.ROOT)) {
            case "FULL" -> MailParameters.Ret.FULL;
            case "HDRS" -> MailParameters.Ret.HDRS;
            default -> throw new CommandSyntaxException(Replies.BAD_RET);
        };
    }

    private static String envid(@Nullable String value) throws CommandSyntaxException {
        if (value == null || value.isEmpty() || value.length() > MAX_ENVID) {
            throw new CommandSyntaxException(Replies.BAD_ENVID);
        }
        if (!Xtext.isPrintable(value)) {
            throw new CommandSyntaxException(Replies.BAD_ENVID);
        }
        return value;
    }

    private static String auth(@Nullable String value) throws CommandSyntaxException {
        if (value == null || value.isEmpty() || value.length() > MAX_AUTH) {
            throw new CommandSyntaxException(Replies.BAD_AUTH_PARAMETER);
        }
        if (!Xtext.isValid(value)) {
            throw new CommandSyntaxException(Replies.BAD_AUTH_PARAMETER);
        }
        return value;
    }

    private static EnumSet<RcptParameters.Event> events(@Nullable String value)
            throws CommandSyntaxException {
        var events = EnumSet.noneOf(RcptParameters.Event.class);
        for (String word : (value == null ? "" : value).toUpperCase(Locale.ROOT).split(",", -1)) {
            events.add(
                    switch (word) {
                        case "NEVER" -> RcptParameters.Event.NEVER;
                        case "SUCCESS" -> RcptParameters.Event.SUCCESS;
                        case "FAILURE" -> RcptParameters.Event.FAILURE;
                        case "DELAY" -> RcptParameters.Event.DELAY;
                        default -> throw new CommandSyntaxException(Replies.BAD_NOTIFY);
                    });
        }
        if (events.contains(RcptParameters.Event.NEVER) && events.size() > 1) {
            throw new CommandSyntaxException(Replies.BAD_NOTIFY);
        }
        return events;
    }

    /// `rfc822;` or `utf-8;` and the address; the type is kept as it was sent (RFC 3461, 4.2; RFC 6533, 3).
    private static String orcpt(@Nullable String value) throws CommandSyntaxException {
        if (value == null || value.length() > MAX_ORCPT) {
            throw new CommandSyntaxException(Replies.BAD_ORCPT);
        }
        int semicolon = value.indexOf(';');
        if (semicolon <= 0 || semicolon == value.length() - 1) {
            throw new CommandSyntaxException(Replies.BAD_ORCPT);
        }
        String address = value.substring(semicolon + 1);
        String type = value.substring(0, semicolon);
        boolean utf8 = type.equalsIgnoreCase("utf-8");
        if (!isAtom(type) || !(utf8 ? Utf8Address.isValid(address) : Xtext.isPrintable(address))) {
            throw new CommandSyntaxException(Replies.BAD_ORCPT);
        }
        return value;
    }

    private static boolean isAtom(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || "()<>@,;:\\\".[]+=".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static String keyword(String parameter) {
        int equals = parameter.indexOf('=');
        return (equals < 0 ? parameter : parameter.substring(0, equals)).toUpperCase(Locale.ROOT);
    }

    private static @Nullable String value(String parameter) {
        int equals = parameter.indexOf('=');
        return equals < 0 ? null : parameter.substring(equals + 1);
    }
}
