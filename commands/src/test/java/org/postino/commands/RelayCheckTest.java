// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postino.config.Config;
import org.postino.suite.AllParams;

class RelayCheckTest {
    private static List<String> warnings(String... more) {
        Map<String, String> settings =
                new HashMap<>(
                        Map.of(
                                "compatibility_level", "3.11",
                                "myhostname", "mx.our.test",
                                "mydestination", "our.test",
                                "relay_domains", "relay.test",
                                "mynetworks", "127.0.0.0/8"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return RelayCheck.warnings(Config.of(settings, AllParams.tables()));
    }

    @Test
    void anUsualConfigurationIsNoRelay() {
        assertEquals(List.of(), warnings());
        assertEquals(List.of(), warnings("swap_bangpath", "no", "allow_percent_hack", "no"));
        assertEquals(List.of(), warnings("resolve_dequoted_address", "no"));
    }

    @Test
    void strangersInMynetworksAreTold() {
        assertEquals(
                List.of(
                        "mynetworks has strangers in it, such as 192.0.2.77: an open relay, where a list says permit_mynetworks"),
                warnings("mynetworks", "127.0.0.0/8 0.0.0.0/0"));
    }

    @Test
    void aListThatTakesEveryDomainIsTold() {
        assertEquals(
                List.of("relay_domains takes any domain, postino-check.invalid too: an open relay"),
                warnings("relay_domains", "static:all"));
        assertEquals(
                List.of("mydestination takes any domain, postino-check.invalid too: an open relay"),
                warnings("mydestination", "regexp:{{/./ x}}"));
    }

    @Test
    void routingForStrangersIsTold() {
        assertEquals(
                List.of(
                        "allow_untrusted_routing: strangers may write to user%postino-check.invalid@relay.test, which may be sent on to postino-check.invalid"),
                warnings("allow_untrusted_routing", "yes"));
    }

    @Test
    void aTableThatPermitsEverythingBeforeStrangersAreStoppedIsTold() {
        String list = "smtpd_relay_restrictions";
        assertEquals(
                List.of(
                        "smtpd_relay_restrictions: check_helo_access static:OK permits everything to strangers, such as postino-check.invalid: an open relay"),
                warnings(list, "check_helo_access static:OK, reject_unauth_destination"));
        assertEquals(
                List.of(
                        "smtpd_relay_restrictions: check_client_access cidr:{{192.0.2.0/24 1}} permits everything to strangers, such as 192.0.2.77: an open relay"),
                warnings(
                        list,
                        "check_client_access cidr:{{192.0.2.0/24 1}}, defer_unauth_destination"));
        assertEquals(
                1,
                warnings(
                                list,
                                "warn_if_reject reject_unauth_destination, check_helo_access static:OK, reject")
                        .size());
        assertEquals(
                1,
                warnings(
                                list,
                                "ours, reject",
                                "smtpd_restriction_classes",
                                "ours",
                                "ours",
                                "check_helo_access static:OK")
                        .size());
        for (String safe :
                List.of(
                        "reject_unauth_destination, check_helo_access static:OK",
                        "check_helo_access static:DUNNO, reject_unauth_destination",
                        "check_client_access cidr:{{10.0.0.0/8 OK}}, reject_unauth_destination")) {
            assertEquals(List.of(), warnings(list, safe));
        }
        assertEquals(
                List.of(),
                warnings(
                        list,
                        "check_helo_access static:OK",
                        "smtpd_recipient_restrictions",
                        "reject_unauth_destination"));
    }

    @Test
    void aBackupForEverybodyIsTold() {
        String list = "permit_mx_backup, reject_unauth_destination";
        assertEquals(
                List.of(
                        "smtpd_relay_restrictions: permit_mx_backup without permit_mx_backup_networks takes any domain whose owner names this system as a mail exchanger"),
                warnings("smtpd_relay_restrictions", list));
        assertEquals(
                List.of(),
                warnings(
                        "smtpd_relay_restrictions",
                        list,
                        "permit_mx_backup_networks",
                        "192.0.2.0/24"));
    }

    @Test
    void aTableThatCannotBeAskedIsTold() {
        assertEquals(
                List.of("whether strangers may relay cannot be tried: table fail:x: always fails"),
                warnings("relay_domains", "fail:x"));
    }
}
