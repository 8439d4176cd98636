// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postino.config.Config;
import org.postino.routing.Networks;
import org.postino.suite.RestrictionNames;
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
        return Config.of(settings, SmtpdParams.ALL, TlsParams.ALL);
    }

    @Test
    void everyCheckedNameIsImplemented() {
        var config = config();
        var tables = new Tables(config);
        var addressees = new Addressees(config, tables);
        var catalog =
                new Restrictions(
                        config,
                        tables,
                        addressees,
                        new AccessTables(config, tables, addressees),
                        Networks.mynetworks(config),
                        new DomainChecks(
                                config,
                                addressees,
                                () -> {
                                    throw new AssertionError("no question here");
                                }));
        var lists = new RestrictionList(catalog, config);
        for (String name : RestrictionNames.PLAIN) {
            assertNotNull(catalog.plain(name), name);
        }
        for (String name : RestrictionNames.WITH_TABLE) {
            assertNotNull(catalog.withTable(name, "inline:{a=b}", lists), name);
        }
        assertNull(catalog.plain("reject_rbl_client"));
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
        assertTrue(problem("reject_rbl_client zen.test").contains("not supported"));
        assertTrue(problem("check_client_access").contains("needs a table"));
    }

    @Test
    void theArgumentOfARestrictionThatIsMissingIsNoRestriction() {
        for (String list :
                List.of(
                        "reject_rbl_client zen.test, reject_unauth_destination",
                        "reject_rbl_client zen.test=127.0.0.[2..11]",
                        "reject_rhsbl_sender dbl.test",
                        "check_policy_service { inet:127.0.0.1:10023, timeout=10s }",
                        "sleep 5")) {
            String text = problem(list);
            assertTrue(text.contains(" is not supported by this version"), text);
            assertFalse(text.contains("unknown restriction"), text);
        }
    }

    @Test
    void oldNamesMeanWhatTheyMeant() {
        config(
                "smtpd_recipient_restrictions",
                "Reject_Unknown_Client, reject_unknown_hostname, reject_invalid_hostname,"
                        + " reject_non_fqdn_hostname, check_recipient_maps, reject_unauth_destination");
        assertEquals(
                "reject_unknown_helo_hostname",
                RestrictionNames.current("reject_unknown_hostname"));
        for (String old :
                List.of(
                        "reject_unknown_client",
                        "reject_invalid_hostname",
                        "check_recipient_maps")) {
            assertTrue(RestrictionNames.PLAIN.contains(RestrictionNames.current(old)), old);
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
    }

    @Test
    void thereAreSoMany() {
        assertEquals(30, RestrictionNames.PLAIN.size());
    }
}
