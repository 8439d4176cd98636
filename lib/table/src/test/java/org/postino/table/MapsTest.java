// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.config.Config;
import org.postino.config.ParamType;

class MapsTest {
    @TempDir Path dir;
    private final Tables tables = new Tables(Config.of(Map.of()), _ -> {});

    @Test
    void anAddressIsLookedUpFromTheWholeToTheDomain() throws TableException {
        var keys = new ArrayList<String>();
        var maps =
                new Maps(
                        List.of("spy"),
                        List.of(key -> {
                            keys.add(key);
                            return Optional.empty();
                        }));
        maps.findAddress("User+ext@Dom", "+");
        assertEquals(List.of("User+ext@Dom", "user@dom", "@dom"), keys);
        keys.clear();
        maps.findLocal("user+ext@dom", "+-");
        assertEquals(List.of("user+ext@dom", "user@dom", "user+ext", "user", "@dom"), keys);
        keys.clear();
        maps.findMailbox("owner-list@dom", "-");
        assertEquals(List.of("owner-list@dom"), keys);
        keys.clear();
        maps.findLocal("a b@dom", "");
        assertEquals(List.of("a b@dom", "\"a b\"@dom", "\"a b\"", "a b", "@dom"), keys);
    }

    @Test
    void patternsAreAskedForTheWholeAddressOnly() throws TableException {
        var maps = tables.maps(List.of("static:all", "inline:{@dom=d}"));
        assertEquals(Optional.of("all"), maps.findAddress("x@dom", ""));
        assertEquals(
                Optional.of("d"), tables.maps(List.of("inline:{@dom=d}")).findAddress("x@dom", ""));
    }

    @Test
    void aTableThatFailsHidesNothing() throws TableException {
        var maps = tables.maps(List.of("inline:{a=b}", "fail:x", "inline:{c=d}"));
        assertEquals(Optional.of("b"), maps.find("a"));
        assertThrows(TableException.class, () -> maps.find("c"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "example.com|example.com|true",
                "EXAMPLE.com|example.COM|true",
                "example.com|sub.example.com|false",
                ".example.com|sub.example.com|true",
                ".example.com|example.com|false",
                "!a.b .b|a.b|false",
                "!a.b .b|c.b|true",
                "inline:{x.y=1}|x.y|true",
                "inline:{x.y=1}|z.y|false",
                "inline:{.y=1}|z.y|true",
                "|x|false",
            })
    void domainsMatch(String list, String domain, boolean matches) throws Exception {
        var words = ParamType.Items.split(list == null ? "" : list);
        assertEquals(matches, MatchList.domains(words, tables, false).matches(domain));
    }

    @Test
    void aParentMatchesWhereItIsToldTo() throws Exception {
        assertTrue(
                MatchList.domains(List.of("example.com"), tables, true).matches("a.b.example.com"));
        assertTrue(
                MatchList.domains(List.of("inline:{example.com=1}"), tables, true)
                        .matches("a.b.example.com"));
        assertFalse(
                MatchList.domains(List.of("example.com"), tables, true).matches("badexample.com"));
    }

    @Test
    void aFileTakesThePlaceOfItsName() throws Exception {
        Path file = dir.resolve("list");
        Files.writeString(file, "# ours\na.test, b.test\n!c.test\n");
        var list = MatchList.domains(List.of(file.toString(), "c.test"), tables, false);
        assertTrue(list.matches("b.test"));
        assertFalse(list.matches("c.test"));
        var missing = MatchList.domains(List.of(dir + "/none"), tables, false);
        assertThrows(TableException.class, () -> missing.matches("x"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.0/8 [::1]/128|127.1.2.3|true",
                "127.0.0.0/8 [::1]/128|::1|true",
                "127.0.0.0/8|::ffff:127.0.0.1|true",
                "127.0.0.0/8|128.0.0.1|false",
                "192.0.2.1|192.0.2.1|true",
                "[2001:db8::]/32|2001:db8:1::1|true",
                "[2001:db8::/32]|2001:db8:1::1|true",
                "2001:db8::/32|2001:db9::1|false",
                "!10.1.0.0/16 10.0.0.0/8|10.1.2.3|false",
                "!10.1.0.0/16 10.0.0.0/8|10.2.2.3|true",
                "cidr:/none !x|10.2.2.3|fails",
                "10.0.0.1/8|10.2.2.3|fails",
                "[::ffff:127.0.0.0]/104 10.0.0.0/8|127.0.0.9|true",
                "[::ffff:127.0.0.0]/104 10.0.0.0/8|10.0.0.9|true",
                "::ffff:127.0.0.0/90|127.0.0.1|fails",
            })
    void clientsMatch(String list, String address, String expected) throws Exception {
        var clients = MatchList.addresses(ParamType.Items.split(list), tables);
        var client = InetAddress.getByName(address);
        if (expected.equals("fails")) {
            assertThrows(TableException.class, () -> clients.matchesAddress("unknown", client));
        } else {
            assertEquals(Boolean.valueOf(expected), clients.matchesAddress("unknown", client));
        }
    }
}
