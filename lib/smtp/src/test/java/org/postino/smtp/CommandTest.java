// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.message.Address;
import org.postino.message.Xtext;

final class CommandTest {
    private static final List<Command.Plain> PLAIN =
            List.copyOf(EnumSet.allOf(Command.Plain.class));

    private static Command parse(String line) {
        return Command.parse(line.getBytes(StandardCharsets.UTF_8), false);
    }

    private static String reply(Command command) {
        Reply reply = assertInstanceOf(Command.Bad.class, command, command.toString()).reply();
        return reply.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FOO | 500 5.5.2 Error: command not recognized",
                "'' | 500 5.5.2 Error: bad syntax",
                "'   ' | 500 5.5.2 Error: bad syntax",
                "HELO | 501 Syntax: HELO hostname",
                "EHLO | 501 Syntax: EHLO hostname",
                "MAIL | 501 5.5.4 Syntax: MAIL FROM:<address>",
                "MAIL FROM | 501 5.5.4 Syntax: MAIL FROM:<address>",
                "MAIL FROM: | 501 5.5.4 Syntax: MAIL FROM:<address>",
                "MAIL TO:<a@b.test> | 501 5.5.4 Syntax: MAIL FROM:<address>",
                "MAIL FROM:<a@b..c> | 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:<a b@c.test> | 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:<a@b.test | 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:<a@b.test>junk | 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:<a@b.test>SIZE=1 | 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:<<a@b.test>> | 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:<bob@> | 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:<a@[::1]> | 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:<a@[1.2.3]> | 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:<a@b.test> FOO=bar | 555 5.5.4 Unsupported option: FOO=bar",
                "MAIL FROM:<a@b.test> SIZE=abc | 501 5.5.4 Bad message size syntax",
                "MAIL FROM:<a@b.test> SIZE=-1 | 501 5.5.4 Bad message size syntax",
                "MAIL FROM:<a@b.test> SIZE | 501 5.5.4 Bad message size syntax",
                "MAIL FROM:<a@b.test> BODY=FOO | 555 5.5.4 Unsupported option: BODY=FOO",
                "MAIL FROM:<a@b.test> BODY=BINARYMIME | 555 5.5.4 Unsupported option: BODY=BINARYMIME",
                "MAIL FROM:<a@b.test> RET=FOO | 501 5.5.4 Bad RET parameter syntax",
                "MAIL FROM:<a@b.test> ENVID= | 501 5.5.4 Bad ENVID parameter syntax",
                "MAIL FROM:<a@b.test> ENVID=a+0 | 501 5.5.4 Bad ENVID parameter syntax",
                "MAIL FROM:<\u00e9@b.test> | 553 5.6.7 Error: non-ASCII sender address requires SMTPUTF8",
                "RCPT | 501 5.5.4 Syntax: RCPT TO:<address>",
                "RCPT TO: | 501 5.5.4 Syntax: RCPT TO:<address>",
                "RCPT TO:<> | 501 5.1.3 Bad recipient address syntax",
                "RCPT TO:<a@b.test> NOTIFY=FOO | 501 5.5.4 Error: Bad NOTIFY parameter syntax",
                "RCPT TO:<a@b.test> NOTIFY=NEVER,SUCCESS | 501 5.5.4 Error: Bad NOTIFY parameter syntax",
                "MAIL FROM:<a@b.test> ENVID=+C3+B6 | 501 5.5.4 Bad ENVID parameter syntax",
                "MAIL FROM:<a@b.test> ENVID=a+00b | 501 5.5.4 Bad ENVID parameter syntax",
                "MAIL FROM:<a@b.test> ENVID=a+0D+0AX:+20y | 501 5.5.4 Bad ENVID parameter syntax",
                "RCPT TO:<a@b.test> ORCPT=rfc822;a+0D+0AAction:+20delivered | 501 5.5.4 Error: Bad ORCPT parameter syntax",
                "RCPT TO:<a@b.test> ORCPT=rfc822;+C3+BC@b.test | 501 5.5.4 Error: Bad ORCPT parameter syntax",
                "RCPT TO:<a@b.test> ORCPT=rfc822;a+00b | 501 5.5.4 Error: Bad ORCPT parameter syntax",
                "RCPT TO:<a@b.test> ORCPT=utf-8;a+2Bb | 501 5.5.4 Error: Bad ORCPT parameter syntax",
                "RCPT TO:<a@b.test> ORCPT=utf-8;a\\x{0A}b | 501 5.5.4 Error: Bad ORCPT parameter syntax",
                "RCPT TO:<a@b.test> ORCPT=utf-8;a\\x{D800}b | 501 5.5.4 Error: Bad ORCPT parameter syntax",
                "RCPT TO:<a@b.test> ORCPT=x:y;a | 501 5.5.4 Error: Bad ORCPT parameter syntax",
                "RCPT TO:<a@b.test> ORCPT=foo | 501 5.5.4 Error: Bad ORCPT parameter syntax",
                "RCPT TO:<a@b.test> SIZE=1 | 555 5.5.4 Unsupported option: SIZE=1",
                "DATA foo | 501 5.5.4 Syntax: DATA",
                "RSET foo | 501 5.5.4 Syntax: RSET",
                "STARTTLS foo | 501 5.5.4 Syntax: STARTTLS",
                "AUTH | 501 5.5.4 Syntax: AUTH mechanism",
                "AUTH PLAIN a b | 501 5.5.4 Syntax: AUTH mechanism",
                "VRFY | 501 5.5.4 Syntax: VRFY address [SMTPUTF8]",
                "VRFY a b | 501 5.1.3 Bad recipient address syntax",
                "BDAT | 521 5.5.4 Syntax: BDAT count [LAST]",
                "BDAT x | 521 5.5.4 Syntax: BDAT count [LAST]",
                "BDAT 5 FIRST | 521 5.5.4 Syntax: BDAT count [LAST]",
                "BDAT 99999999999999999999 | 521 5.5.4 Syntax: BDAT count [LAST]",
                "MAIL FROM:<a@b.test> REQUIRETLS=yes | 555 5.5.4 Unsupported option: REQUIRETLS=yes",
                "EXPN | 501 5.5.4 Syntax: EXPN address [SMTPUTF8]",
                "EXPN a b | 501 5.1.3 Bad recipient address syntax",
                "ETRN | 500 Syntax: ETRN domain",
                "ETRN a b | 500 Syntax: ETRN domain",
            })
    void whatTheGrammarRefusesIsAnsweredAsPostfixDoes(String line, String expected) {
        assertEquals(expected, reply(parse(line)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<a@b.test> | a | b.test",
                " <a@b.test> | a | b.test",
                "a@b.test | a | b.test",
                "<bob> | bob | ``",
                "<\"john doe\"@b.test> | john doe | b.test",
                "<\"a@b\"@c.test> | a@b | c.test",
                "<\"a\\\"b\\\\c\"@c.test> | a\"b\\c | c.test",
                "<\"a>b\"@c.test> | a>b | c.test",
                "<@x.test,@y.test:a@b.test> | a | b.test",
                "<@[IPv6:2001:db8::1]:a@b.test> | a | b.test",
                "<a@[127.0.0.1]> | a | [127.0.0.1]",
                "<a@[IPv6:::1]> | a | [IPv6:::1]",
                "<a@b.test.> | a | b.test",
                "<a+ext@B.Test> | a+ext | B.Test",
                "<a.b!c%d#{}@b_c.test> | a.b!c%d#{} | b_c.test",
            })
    void pathsAreReadInEveryAllowedForm(String path, String local, String domain) {
        var mail = assertInstanceOf(Command.Mail.class, parse("MAIL FROM:" + path));
        assertEquals(new Address(local, domain), mail.sender());
    }

    @Test
    void strictPathsNeedAngleBracketsAndNoBlank() {
        for (String line : new String[] {"MAIL FROM:a@b.test", "MAIL FROM: <a@b.test>"}) {
            var bytes = line.getBytes(StandardCharsets.US_ASCII);
            assertInstanceOf(Command.Bad.class, Command.parse(bytes, true));
            assertInstanceOf(Command.Mail.class, Command.parse(bytes, false));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a\u0000b@c.test>",
                "<\"a\tb\"@c.test>",
                "<\"a\u0085\"@c.test>",
                "<\"a\rb\"@c.test>",
                "<a@b\u0001.test>",
                "<\"a\\\u0007\"@c.test>"
            })
    void noControlCharacterEntersAnAddress(String path) {
        assertInstanceOf(Command.Bad.class, parse("RCPT TO:" + path));
    }

    @Test
    void brokenUtf8IsRefusedAtOnce() {
        byte[] line = {'M', 'A', 'I', 'L', ' ', (byte) 0xc3, '('};
        assertEquals("500 5.5.2 Error: bad UTF-8 syntax", reply(Command.parse(line, false)));
    }

    @Test
    void verbsAndKeywordsHaveNoCase() {
        assertEquals(
                new Command.Mail(
                        new Address("a", "b.test"),
                        MailParameters.NONE.withSize(1).withBody(MailParameters.Body.EIGHTBITMIME)),
                parse("mail from:<a@b.test> size=1 body=8bitmime"));
    }

    @Test
    void aPasswordIsNotInTheTextOfACommand() {
        assertFalse(parse("AUTH PLAIN c2VjcmV0").toString().contains("c2VjcmV0"));
    }

    @Test
    void aHelloNameLosesControlsAndBlanks() {
        assertEquals(new Command.Helo("a?b?c"), parse("HELO a\u0001b c"));
    }

    @Test
    void everyCommandReadsBackAsItWasPrinted() {
        var random = new Random(42);
        for (int i = 0; i < 5000; i++) {
            Command command = command(random);
            String line = command.print();
            assertEquals(command, parse(line), line);
            assertEquals(command, Command.parse(line.getBytes(StandardCharsets.UTF_8), true));
        }
    }

    private static Command command(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> new Command.Helo("h" + random.nextInt(100) + ".test");
            case 1 -> new Command.Ehlo("[192.0.2." + random.nextInt(256) + "]");
            case 2 -> new Command.Bdat(random.nextLong(1L << 40), random.nextBoolean());
            case 3 -> new Command.Auth("PLAIN", random.nextBoolean() ? null : "AGEA");
            case 4 -> PLAIN.get(random.nextInt(PLAIN.size()));
            case 5 -> new Command.Vrfy(mailbox(random, false));
            case 6 -> {
                var parameters = mailParameters(random);
                var sender =
                        random.nextInt(10) == 0
                                ? Address.NULL
                                : mailbox(random, parameters.smtputf8());
                yield new Command.Mail(sender, parameters);
            }
            default -> new Command.Rcpt(mailbox(random, true), rcptParameters(random));
        };
    }

    private static Address mailbox(Random random, boolean utf8) {
        String chars =
                "abcXYZ019.!#$%&'*+-/=?^_`{|}~ \"\\@<>,;:()[]" + (utf8 ? "\u00e9\u4e2d" : "");
        var local = new StringBuilder();
        int length = 1 + random.nextInt(12);
        for (int i = 0; i < length; i++) {
            local.append(chars.charAt(random.nextInt(chars.length())));
        }
        String domain =
                switch (random.nextInt(4)) {
                    case 0 -> "";
                    case 1 -> "[IPv6:2001:db8::" + Integer.toHexString(random.nextInt(65536)) + "]";
                    case 2 -> "[10.0.0." + random.nextInt(256) + "]";
                    default -> "a" + random.nextInt(100) + ".b-c.test";
                };
        return new Address(local.toString(), domain);
    }

    private static MailParameters mailParameters(Random random) {
        var p = MailParameters.NONE;
        p = random.nextBoolean() ? p.withSize(random.nextInt(1 << 30)) : p;
        p = random.nextBoolean() ? p.withBody(MailParameters.Body.SEVENBIT) : p;
        p = random.nextBoolean() ? p.withSmtputf8() : p;
        p = random.nextBoolean() ? p.withRet(MailParameters.Ret.HDRS) : p;
        p = random.nextBoolean() ? p.withEnvid(Xtext.encode("id " + random.nextInt(99))) : p;
        return random.nextBoolean() ? p.withAuth(Xtext.encode("u+x@" + random.nextInt(9))) : p;
    }

    private static RcptParameters rcptParameters(Random random) {
        var events = EnumSet.noneOf(RcptParameters.Event.class);
        switch (random.nextInt(3)) {
            case 0 -> events.add(RcptParameters.Event.NEVER);
            case 1 -> {
                events.add(RcptParameters.Event.SUCCESS);
                events.add(RcptParameters.Event.DELAY);
            }
            default -> {}
        }
        return new RcptParameters(
                events, random.nextBoolean() ? null : "rfc822;" + Xtext.encode("a b@c.test"));
    }
}
