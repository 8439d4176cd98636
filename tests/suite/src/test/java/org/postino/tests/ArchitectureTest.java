// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.postino.suite.Programs;

/// Who may import whom: daemons do not know each other, and each library has one door.
class ArchitectureTest {
    /// The packages of the programs' main classes, and master's.
    private static final Set<String> DAEMONS = daemons();

    /// Library package -> the packages that may use it.
    private static final Map<String, List<String>> DOORS =
            Map.of(
                    "picocli..", List.of("org.postino.commands.."),
                    "com.fasterxml.jackson..",
                            List.of("org.postino.commands..", "org.postino.master.."),
                    "org.apache.lucene..", List.of("org.postino.indexer.."),
                    "org.xbill.DNS..", List.of("org.postino.dns.."),
                    "org.bouncycastle..", List.of("org.postino.sasl..", "org.postino.tls.."),
                    "jnr..", List.of()); // only tests: it is too heavy for master

    static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("org.postino");

    private static Set<String> daemons() {
        var daemons = new TreeSet<>(Set.of("master"));
        for (var program : Programs.all()) {
            String main = program.mainClass();
            daemons.add(main.substring("org.postino.".length(), main.lastIndexOf('.')));
        }
        return daemons;
    }

    @Test
    void eachProgramHasItsMainClass() {
        for (var program : Programs.all()) {
            assertTrue(CLASSES.contain(program.mainClass()), program.mainClass());
        }
    }

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
}
