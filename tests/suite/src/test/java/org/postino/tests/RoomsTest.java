// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The walls between the rooms of lib (ADR 14): each room stands on a floor and sees only rooms of lower floors.
class RoomsTest {
    /// The floors of lib, the lowest first. A room is a folder of lib, a module and a package.
    private static final List<Set<String>> FLOORS =
            List.of(
                    Set.of("util"),
                    Set.of("config", "linux", "log", "message"),
                    Set.of("dns", "ipc", "smtp"),
                    Set.of("fts", "sasl", "server"),
                    Set.of("mailstore", "queue", "table", "tls"),
                    Set.of("imap", "milter", "routing"),
                    Set.of("suite"),
                    Set.of("content", "login"));

    /// Classes of lib for which one program alone has a use, and why they stand in lib all the same.
    private static final Map<String, String> FOR_ONE =
            Map.ofEntries(
                    Map.entry("imap.Narrowing", "belongs to Search, whose texts the index has"),
                    Map.entry("imap.SortTable", "belongs to Search"),
                    Map.entry("imap.ThreadPrinter", "belongs to Search"),
                    Map.entry("imap.ImapDigest", "delivery asks, the words are of this room"),
                    system("linux.DirectoryWatch"),
                    system("linux.ListenSocket"),
                    system("linux.MemoryFile"),
                    system("linux.Pam"),
                    system("linux.ShadowEntry"),
                    system("linux.Signals"),
                    system("linux.UnixDatagram"),
                    Map.entry("mailstore.MailboxCheck", "reads what the store writes"),
                    Map.entry("mailstore.MaildirDelivery", "writes what the store reads"),
                    Map.entry("server.KeptServer", "a skeleton; it needs the inside of the others"),
                    Map.entry("smtp.XclientAttribute", "a word of the protocol, beside XFORWARD's"),
                    Map.entry("tls.SelfSigned", "the door to the makers of certificates"));

    /// Names that two or more classes bear, and what they mean; the list is to become shorter.
    private static final Map<String, String> SAME_NAME =
            Map.ofEntries(
                    Map.entry("Account", "a user, as login and local see one"),
                    Map.entry("Authenticator", "auth's is the one that decides, smtpd's asks it"),
                    Map.entry("Command", "a command of SMTP, a command of POP3"),
                    Map.entry("EnvelopeCommands", "the same step in server and client of SMTP"),
                    Map.entry("Login", "a session's in login, AUTH in smtpd"),
                    Map.entry("Maildrop", "pickup's directory, RFC 1939's word for a mailbox"),
                    Map.entry("Session", "a server's and a client's session of SMTP"),
                    Map.entry("SessionLog", "the lines of mail access, the lines of smtpd"),
                    Map.entry("Settings", "what a program reads once from its configuration"),
                    Map.entry("Target", "where local delivers, whom smtp-client connects to"),
                    Map.entry("Transaction", "a server's and a client's transaction of SMTP"),
                    Map.entry("Users", "those of the system, those of local's mail"));

    private static Map.Entry<String, String> system(String name) {
        return Map.entry(name, "system calls are made in this room alone");
    }

    @Test
    void noPackagesGoInACircle() {
        withoutCircles("org.postino.(*)..").check(ArchitectureTest.CLASSES);
    }

    /// Two packages that see each other stand beside this test, so that it is known to find them.
    @Test
    void aCircleIsFound() {
        JavaClasses planted = new ClassFileImporter().importPackages("org.postino.tests.circle");
        assertTrue(
                withoutCircles("org.postino.tests.circle.(*)..").evaluate(planted).hasViolation());
    }

    private static ArchRule withoutCircles(String packages) {
        return slices().matching(packages).should().beFreeOfCycles();
    }

    @Test
    void eachFolderOfLibIsARoomOnAFloor() throws IOException {
        Path lib = Path.of(System.getProperty("postino.root")).resolve("lib");
        var folders = new TreeSet<String>();
        try (var rooms =
                Files.newDirectoryStream(lib, room -> Files.exists(room.resolve("pom.xml")))) {
            for (Path room : rooms) {
                String name = room.getFileName().toString();
                folders.add(name);
                try (var packages = Files.list(room.resolve("src/main/java/org/postino"))) {
                    assertEquals(
                            List.of(name), packages.map(p -> p.getFileName().toString()).toList());
                }
            }
        }
        assertEquals(folders, new TreeSet<>(rooms()));
    }

    @TestFactory
    List<DynamicTest> aRoomSeesLowerFloorsOnly() {
        var tests = new ArrayList<DynamicTest>();
        var below = new TreeSet<String>();
        for (var floor : FLOORS) {
            for (String room : new TreeSet<>(floor)) {
                var seen = new TreeSet<>(below);
                seen.add(room);
                tests.add(DynamicTest.dynamicTest(room, () -> seesOnly(room, seen)));
            }
            below.addAll(floor);
        }
        return tests;
    }

    private static void seesOnly(String room, Set<String> seen) {
        noClasses()
                .that()
                .resideInAPackage(packages(room))
                .should()
                .dependOnClassesThat(
                        resideInAPackage("org.postino..")
                                .and(
                                        not(
                                                resideInAnyPackage(
                                                        seen.stream()
                                                                .map(RoomsTest::packages)
                                                                .toArray(String[]::new)))))
                .check(ArchitectureTest.CLASSES);
    }

    private static String packages(String room) {
        return "org.postino." + room + "..";
    }

    /// What one program alone needs is that program's, parameters aside, which the suite shows as a whole.
    @Test
    void whatOneProgramNeedsIsNotInLib() {
        Map<JavaClass, Set<String>> users = users();
        var found = new TreeSet<String>();
        for (JavaClass type : ArchitectureTest.CLASSES) {
            Set<String> parts = users.getOrDefault(type, Set.of());
            if (rooms().contains(part(type))
                    && type.getModifiers().contains(JavaModifier.PUBLIC)
                    && !type.getSimpleName().endsWith("Params")
                    && parts.size() == 1
                    && !rooms().containsAll(parts)) {
                found.add(part(type) + "." + type.getSimpleName());
            }
        }
        assertEquals(new TreeSet<>(FOR_ONE.keySet()), found);
    }

    /// Of each class that is not inside another the rooms and programs that use it, its own too if another class there does. The kit does not count.
    private static Map<JavaClass, Set<String>> users() {
        var users = new HashMap<JavaClass, Set<String>>();
        for (JavaClass type : ArchitectureTest.CLASSES) {
            JavaClass user = outermost(type);
            for (Dependency use : type.getDirectDependenciesFromSelf()) {
                JavaClass used = outermost(use.getTargetClass());
                if (!used.equals(user) && !part(user).equals("kit")) {
                    users.computeIfAbsent(used, u -> new TreeSet<>()).add(part(user));
                }
            }
        }
        return users;
    }

    @Test
    void aNameIsThatOfOneClass() {
        Map<String, Set<String>> all = new HashMap<>();
        for (JavaClass type : ArchitectureTest.CLASSES) {
            if (type.isTopLevelClass()
                    && !type.getSimpleName().equals("package-info")
                    && !part(type).equals("kit")) {
                all.computeIfAbsent(type.getSimpleName(), n -> new TreeSet<>()).add(part(type));
            }
        }
        var twice = new TreeMap<String, Set<String>>();
        all.forEach((name, parts) -> {
            if (parts.size() > 1) {
                twice.put(name, parts);
            }
        });
        assertEquals(new TreeSet<>(SAME_NAME.keySet()), twice.keySet(), twice.toString());
    }

    private static Set<String> rooms() {
        return FLOORS.stream().flatMap(Set::stream).collect(Collectors.toSet());
    }

    /// The word behind `org.postino` in the name of a package: a room, a daemon, the commands or the kit.
    private static String part(JavaClass type) {
        String[] words = type.getPackageName().split("\\.");
        return words.length > 2 ? words[2] : "";
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass outer = type.getBaseComponentType();
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }
}
