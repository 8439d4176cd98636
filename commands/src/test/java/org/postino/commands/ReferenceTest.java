// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;
import org.postino.config.MainCf;
import org.postino.config.MasterCf;
import org.postino.suite.AllParams;
import org.postino.suite.ConfigCheck;
import org.postino.table.TableSource;

/// What is made from the declarations of the parameters, and from the rows of the restrictions and programs, is up to date. The
/// command that writes the files anew stands in HACKING.md.
class ReferenceTest {
    private static final Path ROOT = Path.of(System.getProperty("postino.root", ".."));

    @TempDir Path dir;

    private static void same(String file, String text) throws IOException {
        Path path = ROOT.resolve(file);
        if (Boolean.getBoolean("postino.golden.write")) {
            Files.createDirectories(path.resolveSibling("."));
            Files.writeString(path, text, StandardCharsets.UTF_8);
        }
        String there = Files.readString(path, StandardCharsets.UTF_8);
        if (!there.equals(text)) {
            fail(
                    file
                            + " is out of date; HACKING.md (How to add, a parameter) has the command"
                            + " that writes it anew; "
                            + firstDifference(there.split("\n", -1), text.split("\n", -1)));
        }
    }

    private static String firstDifference(String[] there, String[] wanted) {
        int n = Math.max(0, Arrays.mismatch(there, wanted));
        return "line " + (n + 1) + " is to be: " + line(wanted, n) + "\nand is: " + line(there, n);
    }

    private static String line(String[] lines, int n) {
        return n < lines.length ? lines[n] : "(end)";
    }

    @Test
    void theManualPageHasAllParameters() throws IOException {
        same("commands/postconf.5", Reference.page(Description.read(ROOT)));
    }

    @Test
    void theProgramsPagesHaveTheirParameters() throws IOException {
        var words = Description.read(ROOT);
        for (var page : ProgramPages.all(ROOT)) {
            same(page.file(), page.made(ROOT, words));
        }
    }

    @Test
    void theServersPagesHaveTheRestrictionsAndActions() throws IOException {
        same("smtpd/smtpd.8", RestrictionPages.smtpd(ROOT));
        same("commands/access.5", RestrictionPages.access(ROOT));
        same("cleanup/header_checks.5", RestrictionPages.headerChecks(ROOT));
    }

    @Test
    void mastersPageSaysWhoRunsAsWhom() throws IOException {
        same("master/master.8", RolePages.master(ROOT));
    }

    @Test
    void theDefaultsAreThoseOfTheReference() throws IOException {
        Files.writeString(dir.resolve("main.cf"), "");
        var lines = new StringBuilder();
        for (var line : Ran.postconf("-c", dir.toString(), "-d").ok().out().split("\n")) {
            if (!List.of("myhostname", "mydomain", "mynetworks", "config_directory", "process_id")
                    .contains(line.substring(0, line.indexOf(' ')))) {
                lines.append(line).append('\n');
            }
        }
        same("commands/src/test/resources/postconf-d.ref", lines.toString());
    }

    @Test
    void theFilesAsShippedAreGood() throws Exception {
        Path conf = ROOT.resolve("conf");
        var main = MainCf.read(conf.resolve("main.cf"));
        var master = MasterCf.read(conf.resolve("master.cf"));
        assertEquals(List.of(), main.problems());
        assertEquals(List.of(), master.problems());
        assertEquals(List.of(), ConfigCheck.refused(main, master));
        var config = Config.load(conf, List.of(), AllParams.tables());
        assertEquals(List.of(), ConfigCheck.values(config, "main.cf", true));
        var aliases =
                TableSource.aliases("aliases", Files.readString(conf.resolve("aliases")), true);
        assertEquals(List.of(), aliases.problems());
        assertTrue(aliases.entries().size() > 5);
    }
}
