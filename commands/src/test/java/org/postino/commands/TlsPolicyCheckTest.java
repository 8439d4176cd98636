// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;
import org.postino.table.TableName;

class TlsPolicyCheckTest {
    @TempDir Path dir;

    @Test
    void entriesThatCannotBeHonouredAreNamed() throws IOException {
        Path text =
                Files.writeString(
                        dir.resolve("text"),
                        "a.test encypt\n.b.test Secure match=nexthop\n[c.test]:587 dane-only\n");
        Path made = dir.resolve("made");
        var entries = new LinkedHashMap<String, String>();
        entries.put("d.test", "encrypt match=d.test");
        entries.put("e.test", "may");
        new TableName("hash", made.toString()).make(entries, "rw-r--r--");
        var config =
                Config.of(
                        Map.of(
                                "smtp_tls_policy_maps",
                                "texthash:"
                                        + text
                                        + " proxy:hash:"
                                        + made
                                        + " static:on hash:"
                                        + dir.resolve("none")));
        String start = "smtp_tls_policy_maps: table ";
        assertEquals(
                List.of(
                        start
                                + "texthash:"
                                + text
                                + ", \"a.test\": invalid security level \"encypt\": mail for it"
                                + " waits",
                        start
                                + "texthash:"
                                + text
                                + ", \"[c.test]:587\": dane-only needs DNSSEC, which this version"
                                + " does not check: mail for it waits",
                        start
                                + "hash:"
                                + made
                                + ", \"d.test\": attribute \"match\" does not go with security"
                                + " level \"encrypt\": mail for it waits",
                        start
                                + "static:on, \"*\": invalid security level \"on\": mail for it"
                                + " waits"),
                TlsPolicyCheck.warnings(config));
    }
}
