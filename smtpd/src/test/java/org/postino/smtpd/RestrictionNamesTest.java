// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.postino.config.Config;
import org.postino.dns.Dns;
import org.postino.dns.HostAddresses;
import org.postino.dns.HostsFile;
import org.postino.milter.MilterParams;
import org.postino.routing.Networks;
import org.postino.server.ServerDialer;
import org.postino.suite.IncomingParams;
import org.postino.suite.RestrictionItem;
import org.postino.suite.RestrictionName;
import org.postino.suite.SmtpdParams;
import org.postino.table.Tables;
import org.postino.tls.TlsParams;

/// The names that main.cf may use and those that smtpd knows are the same.
final class RestrictionNamesTest {
    private static Config config(String... assignments) {
        var settings = new java.util.HashMap<String, String>(Map.of("myhostname", "mx.test"));
        for (int i = 0; i < assignments.length; i += 2) {
            settings.put(assignments[i], assignments[i + 1]);
        }
        return Config.of(
                settings, SmtpdParams.ALL, IncomingParams.ALL, MilterParams.ALL, TlsParams.ALL);
    }

    /// The compiler sees that no row is without code; here each is made.
    @Test
    void everyRestrictionCanBeNamedInAList() {
        var config = config();
        var tables = new Tables(config);
        var addresses = new AddressLookup(config, tables);
        Supplier<Dns> dns =
                () -> {
                    throw new AssertionError("no question here");
                };
        var access = new AccessTables(config, tables, addresses);
        var dialer =
                new ServerDialer(
                        Path.of("/nowhere"), new HostAddresses(HostsFile.ofSystem(), dns)::find);
        var catalog =
                new Restrictions(
                        config,
                        tables,
                        addresses,
                        access,
                        new PolicyServers(config, access, dialer, Clock.systemUTC(), null),
                        new DnsLists(config, tables, addresses, dns),
                        () -> (_, _) -> Verdict.DUNNO,
                        Networks.mynetworks(config),
                        new DomainChecks(config, addresses, dns),
                        new HostAccess(access, addresses, dns),
                        new MxBackup(config, tables, addresses, Networks.mynetworks(config), dns),
                        new VerifiedAddresses(config, addresses, null, Clock.systemUTC()));
        var lists = new RestrictionList(catalog, config, null);
        for (var name : RestrictionName.values()) {
            List<String> words =
                    switch (name.argument()) {
                        case NONE -> List.of(name.word());
                        case NUMBER -> List.of(name.word(), "1");
                        case TABLE, CERTIFICATE_TABLE -> List.of(name.word(), "inline:{a=b}");
                        case DNS_LIST -> List.of(name.word(), "zen.test=127.0.0.2");
                        case POLICY_SERVER -> List.of(name.word(), "inet:127.0.0.1:1");
                    };
            assertEquals(1, lists.read(words, Subject.Kind.CLIENT).size(), name.word());
            assertEquals(name, RestrictionName.find(name.word().toUpperCase(Locale.ROOT)));
        }
    }

    private static String problem(String list) {
        var e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> config("smtpd_recipient_restrictions", list));
        return String.valueOf(e.getMessage());
    }

    @Test
    void aMisspeltRestrictionIsFoundWithMainCf() {
        String text = problem("permit_mynetworks, reject_unauth_destinations");
        assertTrue(text.contains("did you mean reject_unauth_destination?"), text);
        assertTrue(problem("check_client_access").contains("needs a table"));
    }

    @Test
    void aNumberIsLookedAtWithMainCf() {
        config(
                "smtpd_client_restrictions",
                "sleep 1, permit",
                "smtpd_helo_restrictions",
                "sleep,5");
        assertTrue(problem("sleep").contains("sleep needs a number of seconds"));
        assertTrue(problem("sleep reject").contains("sleep needs a number of seconds"));
        assertTrue(problem("sleep -1").contains("sleep needs a number of seconds"));
        assertTrue(problem("sleep 9999999999").contains("sleep needs a number of seconds"));
        assertTrue(problem("permit_naked_ip_address").contains("use permit_mynetworks"));
    }

    @Test
    void theArgumentOfAPolicyServiceIsLookedAtWithMainCf() {
        config(
                "smtpd_recipient_restrictions",
                "check_policy_service unix:private/policy, check_policy_service {"
                        + " inet:[::1]:10023, timeout=10s, { default_action = 450 4.7.1 later },"
                        + " policy_context=x }, reject");
        String need = "check_policy_service needs a policy server";
        assertTrue(problem("check_policy_service").contains(need));
        for (String bad :
                List.of(
                        "127.0.0.1:10023",
                        "inet:10023",
                        "inet:host:policy",
                        "unix:",
                        "{ inet:host:1, time=5 }",
                        "{ inet:host:1, timeout=soon }",
                        "{ inet:host:1, try_limit=0 }")) {
            String text = problem("check_policy_service " + bad + ", reject");
            assertTrue(text.contains("check_policy_service has a bad argument"), text);
        }
    }

    @Test
    void theArgumentOfADnsListIsLookedAtWithMainCf() {
        config(
                "smtpd_recipient_restrictions",
                "reject_rbl_client zen.test=127.0.0.[2..11;15], reject_rhsbl_sender dbl.test,"
                        + " reject");
        assertTrue(problem("reject_rbl_client").contains("needs the domain of a DNS list"));
        for (String bad :
                List.of(
                        "zen..test",
                        "zen.test=",
                        "zen.test=127.0.0",
                        "zen.test=127.0.0.1.2",
                        "zen.test=127.0.0.256",
                        "zen.test=127.0.0.2.",
                        "zen.test=127.0.0.[2..",
                        "zen.test=127.0.0.[5..2]",
                        "zen.test=127.0.0.[]",
                        "http://zen.test/")) {
            String text = problem("reject_rbl_client " + bad + ", reject");
            assertTrue(text.contains("reject_rbl_client has a bad argument"), text);
        }
    }

    @Test
    void oldNamesMeanWhatTheyMeant() {
        config(
                "smtpd_recipient_restrictions",
                "Reject_Unknown_Client, reject_unknown_hostname, reject_invalid_hostname,"
                        + " reject_non_fqdn_hostname, check_recipient_maps, reject_unauth_destination");
        assertEquals(
                RestrictionName.REJECT_UNKNOWN_HELO_HOSTNAME,
                RestrictionName.find("reject_unknown_hostname"));
        for (String old :
                List.of(
                        "reject_unknown_client",
                        "reject_invalid_hostname",
                        "check_recipient_maps",
                        "reject_unknown_address",
                        "check_relay_domains",
                        "reject_maps_rbl")) {
            assertNotNull(RestrictionName.find(old), old);
        }
    }

    @Test
    void restrictionClassesAreKnownAndChecked() {
        config("smtpd_restriction_classes", "c", "c", "permit", "smtpd_helo_restrictions", "c");
        var e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> config("smtpd_restriction_classes", "c", "c", "permitt"));
        assertTrue(String.valueOf(e.getMessage()).contains("permit"), e.getMessage());
        e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> config("smtpd_restriction_classes", "c d", "c", "permit"));
        assertTrue(
                String.valueOf(e.getMessage()).contains("class d needs a definition"),
                e.getMessage());
    }

    @Test
    void anArgumentIsNeverTakenForARestriction() {
        assertTrue(problem("check_client_access permit").contains("needs a table"));
        assertFalse(problem("check_client_access rejekt").contains("unknown"));
        assertEquals(
                List.of(
                        new RestrictionItem.Named(
                                RestrictionName.CHECK_HELO_ACCESS, "{ inline:{permit=OK} }"),
                        new RestrictionItem.ClassName("reject"),
                        new RestrictionItem.BareTable("hash:/x"),
                        new RestrictionItem.Unsupported("Permit_Naked_Ip_Address"),
                        new RestrictionItem.Unknown("permitt")),
                RestrictionItem.read(
                        List.of(
                                "check_helo_access",
                                "{ inline:{permit=OK} }",
                                "reject",
                                "hash:/x",
                                "Permit_Naked_Ip_Address",
                                "permitt"),
                        List.of("reject")));
    }
}
