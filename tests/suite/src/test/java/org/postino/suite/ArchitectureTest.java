// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Who may import whom: daemons do not know each other, and each library has one door.
class ArchitectureTest {
    private static final List<String> DAEMONS =
            List.of(
                    "auth",
                    "bounce",
                    "cleanup",
                    "imapd",
                    "local",
                    "master",
                    "pickup",
                    "pop3d",
                    "qmgr",
                    "smtpclient",
                    "smtpd");

    /// Library package -> the packages that may use it.
    private static final Map<String, List<String>> DOORS =
            Map.of(
                    "picocli..", List.of("org.postino.commands.."),
                    "com.fasterxml.jackson..",
                            List.of("org.postino.commands..", "org.postino.master.."),
                    "org.xbill.DNS..", List.of("org.postino.net.."),
                    "org.bouncycastle..", List.of("org.postino.net.."),
                    "jnr..", List.of()); // only tests: it is too heavy for master

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("org.postino");

    @TestFactory
    List<DynamicTest> aDaemonDoesNotReachIntoAnother() {
        var tests = new ArrayList<DynamicTest>();
        for (String daemon : DAEMONS) {
            String[] others =
                    DAEMONS.stream()
                            .filter(d -> !d.equals(daemon))
                            .map(d -> "org.postino." + d + "..")
                            .toArray(String[]::new);
            tests.add(
                    DynamicTest.dynamicTest(
                            daemon,
                            () ->
                                    noClasses()
                                            .that()
                                            .resideInAPackage("org.postino." + daemon + "..")
                                            .should()
                                            .dependOnClassesThat()
                                            .resideInAnyPackage(others)
                                            .check(CLASSES)));
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> eachLibraryHasOneDoor() {
        return DOORS.entrySet().stream()
                .map(door ->
                        DynamicTest.dynamicTest(
                                door.getKey(),
                                () ->
                                        noClasses()
                                                .that()
                                                .resideInAPackage("org.postino..")
                                                .and()
                                                .resideOutsideOfPackages(
                                                        door.getValue().toArray(String[]::new))
                                                .should()
                                                .dependOnClassesThat()
                                                .resideInAPackage(door.getKey())
                                                .check(CLASSES)))
                .toList();
    }

    /// A lock of POSIX goes when the process closes any descriptor of the file (ADR 12).
    @Test
    void noLockBelongsToTheProcess() {
        noClasses()
                .should()
                .callMethodWhere(
                        target(owner(assignableTo(FileChannel.class)))
                                .and(target(nameMatching("lock|tryLock"))))
                .check(CLASSES);
    }

    @TestFactory
    List<DynamicTest> librariesLookDownwardsOnly() {
        Map<String, List<String>> above =
                Map.of(
                        "util", List.of("message", "global", "net", "mailstore", "login"),
                        "message", List.of("global", "net", "mailstore", "login"),
                        "global", List.of("net", "mailstore", "login"),
                        "net", List.of("mailstore", "login"),
                        "mailstore", List.of("net", "login"),
                        "login", List.of());
        var tests = new ArrayList<DynamicTest>();
        above.forEach((lib, upper) -> {
            var forbidden = new ArrayList<String>();
            upper.forEach(u -> forbidden.add("org.postino." + u + ".."));
            DAEMONS.forEach(d -> forbidden.add("org.postino." + d + ".."));
            forbidden.add("org.postino.commands..");
            tests.add(
                    DynamicTest.dynamicTest(
                            lib,
                            () ->
                                    noClasses()
                                            .that()
                                            .resideInAPackage("org.postino." + lib + "..")
                                            .should()
                                            .dependOnClassesThat()
                                            .resideInAnyPackage(forbidden.toArray(String[]::new))
                                            .check(CLASSES)));
        });
        return tests;
    }
}
