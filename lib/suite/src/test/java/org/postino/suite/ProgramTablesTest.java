// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.postino.config.MasterCf;
import org.postino.suite.Program.Kind;
import org.postino.suite.SandboxPolicy.Means;

/// Tables of programs that stand in documents and configuration say what [Programs] says.
class ProgramTablesTest {
    private static final Path ROOT = Path.of(System.getProperty("postino.root", "../.."));
    private static final Pattern WORD = Pattern.compile("[a-z]+[0-9]?[a-z]*(-[a-z]+)?");

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(ROOT.resolve(file));
    }

    /// The rows of the table in ARCHITECTURE.md whose head begins so, each as its cells.
    private static List<List<String>> table(String head) throws IOException {
        var rows = new ArrayList<List<String>>();
        boolean inside = false;
        for (String line : lines("ARCHITECTURE.md")) {
            if (line.startsWith(head)) {
                inside = true;
            } else if (inside && !line.startsWith("|")) {
                break;
            } else if (inside && !line.startsWith("|---")) {
                var cells = line.substring(1).split("\\|", -1);
                rows.add(Arrays.stream(cells).map(String::strip).toList());
            }
        }
        assertTrue(!rows.isEmpty(), head);
        return rows;
    }

    /// The items of a list that are one word each; longer ones explain.
    private static List<String> words(String text) {
        return Arrays.stream(text.split(", "))
                .filter(word -> word.matches("[a-z/.-]+[0-9]?[a-z/.-]*"))
                .toList();
    }

    private static Program program(String word) {
        return Programs.find(word).orElseThrow(() -> new AssertionError("no program: " + word));
    }

    /// The two are the same, or the message names the place and the words of which it has too many or too few.
    private static void same(Set<String> wanted, Set<String> said, String place) {
        var missing = new TreeSet<>(wanted);
        missing.removeAll(said);
        var more = new TreeSet<>(said);
        more.removeAll(wanted);
        if (!missing.isEmpty() || !more.isEmpty()) {
            fail(place + ": add " + missing + ", take away " + more);
        }
    }

    private static Set<String> words(Predicate<Program> which) {
        return Programs.all().stream()
                .filter(which)
                .map(Program::word)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aNewSuiteHasARowForEachProgram() throws Exception {
        var rows = MasterCf.read(ROOT.resolve("conf/master.cf")).rows();
        var there = new TreeSet<String>();
        for (var row : rows) {
            var program = program(row.program());
            there.add(program.word());
            assertEquals(program.role().isRoot(), !row.unprivileged(), row.service());
            if (program.kind() != Kind.MANY) {
                assertEquals(1, row.maxproc().orElseThrow(), row.service());
            }
            if (row.type() != MasterCf.Type.INET && program.isOpen()) {
                assertEquals(false, row.isPrivate(), row.service());
            }
        }
        there.addAll(
                // they have rows where an administrator wants them
                List.of("pipe", "spawn", "postscreen", "expire"));
        same(new TreeSet<>(Programs.words()), there, "rows of conf/master.cf");
    }

    @Test
    void thePackageMakesTheAccountOfEachRole() throws IOException {
        var made = new TreeSet<String>();
        for (String line : lines("packaging/debian/postino.postinst")) {
            if (line.startsWith("    user postino")) {
                made.add(line.strip().split(" ")[1]);
            }
        }
        var wanted = new TreeSet<String>();
        for (Role role : Role.values()) {
            wanted.add("postino" + role.suffix());
        }
        same(wanted, made, "accounts in packaging/debian/postino.postinst");
    }

    @Test
    void theTableOfUsersIsThatOfTheRoles() throws IOException {
        var programs = new TreeMap<String, Set<String>>();
        for (var cells : table("| user | programs | may ask")) {
            var rows = words(cells.get(1));
            if (rows.equals(List.of("master"))) {
                continue;
            }
            for (String word : rows) {
                Role role = program(word).role();
                assertTrue(
                        cells.get(0).contains(account(role)),
                        "ARCHITECTURE.md, users: " + word + " stands at " + cells.get(0));
                programs.computeIfAbsent(role.name(), _ -> new TreeSet<>()).add(word);
                same(
                        words(p -> !p.isOpen() && askers(p).contains(role)),
                        asked(cells.get(2)),
                        "ARCHITECTURE.md, users, " + cells.get(0) + " may ask");
            }
        }
        for (Role role : Role.values()) {
            same(
                    words(p -> p.role() == role),
                    programs.getOrDefault(role.name(), Set.of()),
                    "ARCHITECTURE.md, users, programs of " + account(role));
        }
    }

    private static String account(Role role) {
        return role.isRoot() ? "root, no capability" : "`postino" + role.suffix() + "`";
    }

    private static Set<Role> askers(Program program) {
        var askers = program.askers();
        return askers == null ? Set.of() : askers;
    }

    /// `auth, cleanup`, `nobody`, or `all but auth and auth-worker`; what stands behind a colon or in parentheses explains.
    private static Set<String> asked(String cell) {
        String list = cell.split("[:(]", 2)[0].strip();
        if (list.equals("nobody")) {
            return Set.of();
        }
        if (list.startsWith("all but ")) {
            var without = List.of(list.substring("all but ".length()).split(" and |, "));
            return words(p -> !p.isOpen() && !without.contains(p.word()));
        }
        return new TreeSet<>(words(list));
    }

    @Test
    void theTableOfConfinementIsThatOfThePolicies() throws IOException {
        var there = new ArrayList<String>();
        for (var cells : table("| program | user, capabilities")) {
            for (String word : words(cells.get(0))) {
                there.add(word);
                confinement(program(word), cells);
            }
        }
        same(
                new TreeSet<>(Programs.words()),
                new TreeSet<>(there),
                "ARCHITECTURE.md, confinement, programs");
        assertEquals(Programs.words().size(), there.size(), "each once");
    }

    private static void confinement(Program program, List<String> cells) {
        var policy = program.policy();
        Role role = program.role();
        String user = cells.get(1);
        String name = role.isRoot() ? "root" : role.suffix().isEmpty() ? "owner" : role.suffix();
        assertTrue(words(user.split(";")[0]).contains(name), program.word() + ": " + user);
        same(role.actsAsUsers(), user.contains("SETUID SETGID"), program, user);
        same(role.usesActiveQueue(), user.contains("group of the spool"), program, user);
        assertEquals(policy.owned(), words(cells.get(2)), program.word() + " makes and removes");
        var reads = cells.get(3).split("reads ", 2);
        assertEquals(
                policy.changed(),
                words(reads[0].replace(";", "").strip()),
                program.word() + " changes");
        assertEquals(
                policy.read(),
                reads.length > 1 ? words(reads[1]) : List.of(),
                program.word() + " reads");
        String files = cells.get(4);
        same(policy.has(Means.SYSTEM_FILES), files.contains("`/etc`"), program, files);
        same(policy.has(Means.MAIL), files.contains("users' mail"), program, files);
        same(policy.has(Means.OWN_DATA), files.contains("`data_directory`"), program, files);
        same(policy.has(Means.PASSWORDS), files.contains("`shadow`"), program, files);
        String sockets = cells.get(5);
        same(policy.has(Means.NAME_SERVERS), sockets.contains("UDP"), program, sockets);
        same(policy.has(Means.NETWORK), sockets.contains("anywhere"), program, sockets);
        same(policy.has(Means.COMMANDS), sockets.contains("for commands"), program, sockets);
    }

    private static void same(boolean wanted, boolean said, Program program, String cell) {
        assertEquals(wanted, said, program.word() + ": " + cell);
    }

    /// Each program that is asked over a socket stands on the right of a row, and only programs stand there.
    @Test
    void theTableOfTalksNamesWhoIsAsked() throws Exception {
        var said = new TreeSet<String>();
        for (var cells : table("| from → to |")) {
            var names = WORD.matcher(cells.get(0).split("→")[1]);
            while (names.find()) {
                said.add(names.group());
            }
        }
        var services = new TreeMap<String, String>();
        var network = new TreeSet<>(List.of("postscreen")); // its row, a comment, has a port
        for (var row : MasterCf.read(ROOT.resolve("conf/master.cf")).rows()) {
            if (row.type() == MasterCf.Type.INET) {
                network.add(row.program());
            } else {
                services.put(row.service(), row.program());
            }
        }
        // A row of another name than its program, such as relay, stands beside it.
        said.removeIf(word -> !word.equals(services.getOrDefault(word, word)));
        same(
                words(p -> !network.contains(p.word())),
                said,
                "ARCHITECTURE.md, between the daemons, who is asked");
    }
}
