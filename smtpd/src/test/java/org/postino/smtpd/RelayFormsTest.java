// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postino.config.Config;
import org.postino.message.Address;
import org.postino.milter.MilterParams;
import org.postino.routing.AddressClass;
import org.postino.routing.Resolved;
import org.postino.routing.Resolver;
import org.postino.smtp.PathParser;
import org.postino.suite.IncomingParams;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// Each known form of an address that carries a way within it, under all settings that bear on it.
class RelayFormsTest {
    private static final List<String> NAMES =
            List.of(
                    "swap_bangpath",
                    "allow_percent_hack",
                    "allow_untrusted_routing",
                    "append_at_myorigin",
                    "resolve_dequoted_address");

    /// Forms that our grammar refuses (501) before anything is looked up, where Postfix is lenient.
    private static final Set<String> STRICTER =
            Set.of(
                    "y4%[127.0.0.1]",
                    "y5%[192.0.2.1]",
                    "y7@our.test@other.test",
                    "c9%other.test.@our.test",
                    "\"\"@our.test");

    private record Row(String settings, String code, String form, String recipient) {
        static Row parse(String line) {
            String[] sides = line.split(" => ", 2);
            String[] words = sides[0].split(" ", 3);
            return new Row(words[0], words[1], words[2], sides[1]);
        }

        boolean holdsFor(String combination) {
            for (int i = 0; i < NAMES.size(); i++) {
                if (settings.charAt(i) != '.' && settings.charAt(i) != combination.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static Stream<String> combinations() {
        return IntStream.range(0, 1 << NAMES.size())
                .mapToObj(bits -> {
                    var text = new StringBuilder();
                    for (int i = 0; i < NAMES.size(); i++) {
                        char letter = "bpuod".charAt(i);
                        text.append((bits >> i & 1) == 1 ? Character.toUpperCase(letter) : letter);
                    }
                    return text.toString();
                });
    }

    private static List<Row> rows() throws IOException {
        try (InputStream in = RelayFormsTest.class.getResourceAsStream("/relay-forms.ref")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Row::parse)
                    .toList();
        }
    }

    private static Config config(String combination) {
        Map<String, String> settings =
                new HashMap<>(
                        Map.of(
                                "compatibility_level", "3.11",
                                "myhostname", "mx.our.test",
                                "mydomain", "our.test",
                                "myorigin", "our.test",
                                "mydestination", "our.test, mx.our.test",
                                "relay_domains", "relay.test",
                                "virtual_alias_domains", "valias.test",
                                "virtual_alias_maps", "inline:{a@valias.test=bob@our.test}",
                                "virtual_mailbox_domains", "vmbox.test",
                                "inet_interfaces", "127.0.0.1"));
        for (int i = 0; i < NAMES.size(); i++) {
            boolean yes = Character.isUpperCase(combination.charAt(i));
            settings.put(NAMES.get(i), yes ? "yes" : "no");
        }
        return Config.of(settings, SmtpdParams.ALL, IncomingParams.ALL, MilterParams.ALL);
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void aStrangerIsAnsweredAsByPostfix(String combination) throws IOException, TableException {
        var config = config(combination);
        var tables = new Tables(config);
        var addresses = new AddressLookup(config, tables);
        var resolver = new Resolver(config, tables);
        boolean untrusted = combination.indexOf('U') >= 0;
        Set<String> forms = new TreeSet<>();
        for (Row row : rows()) {
            if (!row.holdsFor(combination)) {
                continue;
            }
            forms.add(row.form());
            String what = combination + " " + row.form();
            Optional<Address> parsed = PathParser.mailbox(row.form());
            if (parsed.isEmpty() || parsed.get().isNull()) {
                assertTrue(row.code().equals("501") || STRICTER.contains(row.form()), what);
                continue;
            }
            Address mailbox = parsed.get();
            Resolved resolved = addresses.resolve(null, mailbox);
            assertEquals(row.code(), code(addresses, mailbox, resolved, untrusted), what);
            if (!row.recipient().equals("-")) {
                String known = Address.parse(resolved.recipient()).quoted();
                assertEquals(lower(row.recipient()), lower(known), what);
            }
            staysTheSame(resolver, mailbox, resolved, what);
        }
        assertEquals(82, forms.size());
    }

    private static String code(
            AddressLookup addresses, Address mailbox, Resolved resolved, boolean untrusted) {
        if (!addresses.isValid(mailbox)) {
            return "501";
        }
        return resolved.isOurs(untrusted) ? "250" : "554";
    }

    /// What smtpd has decided on is what cleanup queues and qmgr delivers.
    private static void staysTheSame(
            Resolver resolver, Address mailbox, Resolved decided, String what)
            throws TableException {
        String queued = resolver.unrouted(mailbox.toString());
        assertEquals(queued, resolver.unrouted(queued), what);
        if (decided.valid()) {
            assertEquals(decided, resolver.resolve("", queued), what);
        }
        if (decided.isOurs(true)) {
            assertNotEquals(AddressClass.DEFAULT, decided.addressClass(), what);
        }
    }

    /// Postfix looks up in lower case.
    private static String lower(String address) {
        return address.toLowerCase(Locale.ROOT);
    }
}
