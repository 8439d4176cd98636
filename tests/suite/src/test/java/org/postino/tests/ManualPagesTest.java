// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.postino.kit.Command;
import org.postino.kit.Instance;
import org.postino.suite.Programs;

/// There is a manual page for every program, command and file; the pages are in order and refer to pages that are there.
class ManualPagesTest {
    private static final Path ROOT = Instance.root();
    private static final Pattern PAGE = Pattern.compile("[a-z0-9_-]+\\.[1-8]");
    private static final Pattern COMMAND = Pattern.compile("(?m)^    ([a-z-]+)\\) class=");
    private static final Pattern REFERENCE = Pattern.compile("(?m)\\bXr (\\S+) ([1-9])");

    /// Pages of other packages that ours refer to, beside those of libraries (section 3).
    private static final Set<String> FOREIGN =
            Set.of(
                    "doveadm.1",
                    "group.5",
                    "logrotate.8",
                    "pam.7",
                    "pam_exec.8",
                    "passwd.5",
                    "shadow.5");

    private static final List<String> FILES =
            List.of(
                    "postconf.5",
                    "master.5",
                    "aliases.5",
                    "postino-passwd.5",
                    "postino-tables.5",
                    "access.5",
                    "header_checks.5",
                    "canonical.5",
                    "generic.5",
                    "relocated.5",
                    "transport.5",
                    "virtual.5");

    /// The pages by name: they stand beside their programs, as in the image.
    private static Map<String, Path> pages() throws IOException {
        var pages = new TreeMap<String, Path>();
        try (var files = Files.find(ROOT, 2, (p, a) -> a.isRegularFile())) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (PAGE.matcher(name).matches()) {
                    assertEquals(null, pages.put(name, file), name);
                }
            }
        }
        return pages;
    }

    @Test
    void everyProgramCommandAndFileHasAPage() throws IOException {
        var wanted = new TreeSet<>(FILES);
        wanted.add("master.8");
        wanted.add("postino.7");
        for (String program : Programs.words()) {
            wanted.add(program + ".8");
        }
        commands().forEach(command -> wanted.add(command + ".1"));
        var there = new TreeSet<>(pages().keySet());
        var missing = new TreeSet<>(wanted);
        missing.removeAll(there);
        there.removeAll(wanted);
        assertEquals(Set.of(), missing, "pages that are missing");
        assertEquals(Set.of(), there, "pages of nothing");
    }

    private static List<String> commands() throws IOException {
        return COMMAND.matcher(Files.readString(ROOT.resolve("packaging/image/launcher.sh")))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void everyCommandShowsItsOptions() throws IOException {
        assertFalse(commands().isEmpty());
        for (String command : commands()) {
            Path program = Instance.imageDirectory().resolve("bin").resolve(command);
            Command.Result shown = new Command(program.toString(), "--help").run().ok();
            assertEquals("", shown.err(), command);
            String usage = shown.out().toLowerCase(Locale.ROOT);
            assertTrue(usage.startsWith("usage: " + command + " "), shown.out());
        }
    }

    @Test
    void everyReferenceLeadsToAPage() throws IOException {
        var pages = pages();
        var wrong = new ArrayList<String>();
        for (var page : pages.entrySet()) {
            var references = REFERENCE.matcher(Files.readString(page.getValue()));
            while (references.find()) {
                String target = references.group(1) + "." + references.group(2);
                if (!pages.containsKey(target)
                        && !FOREIGN.contains(target)
                        && !target.endsWith(".3")) {
                    wrong.add(page.getKey() + " refers to " + target);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void theOverviewNamesEveryPage() throws IOException {
        var pages = pages();
        String overview = Files.readString(pages.get("postino.7"));
        var missing = new TreeSet<>(pages.keySet());
        missing.remove("postino.7");
        missing.removeIf(name -> {
            String reference = "Xr " + name.replace('.', ' ');
            return overview.contains(reference + "\n") || overview.contains(reference + " ");
        });
        assertEquals(Set.of(), missing, "postino.7 does not name these pages");
    }

    /// mandoc has nothing to say, even about style; which pages are installed on this machine does not matter.
    @Test
    void mandocFindsNothing() throws IOException {
        assumeTrue(Command.exists("mandoc"), "mandoc is not installed");
        var found = new ArrayList<String>();
        for (Path page : pages().values()) {
            var result = new Command("mandoc", "-Tlint", "-Wstyle", page.toString()).run();
            for (String line : (result.out() + result.err()).split("\n")) {
                if (!line.isEmpty()
                        && !line.contains("referenced manual not found")
                        && !line.contains("outdated mandoc.db")) {
                    found.add(line);
                }
            }
        }
        assertEquals(List.of(), found);
    }
}
