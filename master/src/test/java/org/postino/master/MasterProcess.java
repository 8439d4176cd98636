// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.postino.suite.Jvm;
import org.postino.suite.Program;

/// master in a Java machine of its own, with the classes of the tests.
///
/// @param stderr what its standard error goes to
record MasterProcess(Process process, Path stderr) {
    /// The class path of the tests.
    static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /// Copies the class path to where other users can read it: the build's own may stand in somebody's home.
    ///
    /// @param lib a new directory
    /// @param seen what this directory is for the processes
    /// @return the class path of the copies
    static String copyClassPath(Path lib, Path seen) throws IOException {
        Files.createDirectories(lib);
        var copies = new ArrayList<String>();
        for (String entry : classPath().split(":")) {
            Path from = Path.of(entry);
            String name = copies.size() + "-" + from.getFileName();
            Path to = lib.resolve(name);
            try (var all = Files.walk(from)) {
                for (Path file : all.toList()) {
                    Path copy = to.resolve(from.relativize(file).toString());
                    Files.copy(file, from.equals(file) ? to : copy);
                }
            }
            copies.add(seen.resolve(name).toString());
        }
        return String.join(":", copies);
    }

    /// The words that start master.
    ///
    /// @param options for its Java machine
    /// @param configuration the directory of main.cf
    static List<String> command(String classPath, List<String> options, Path configuration) {
        var command =
                Jvm.command(
                        "org.postino.master.Master",
                        Program.Weight.LIGHT,
                        null,
                        List.of("-c", configuration.toString()));
        command.add(1, "-Dpostino.classpath=" + classPath);
        command.addAll(1, options);
        command.set(command.indexOf("-cp") + 1, classPath);
        return command;
    }

    static MasterProcess start(ProcessBuilder builder, Path stderr) throws IOException {
        return new MasterProcess(builder.redirectError(stderr.toFile()).start(), stderr);
    }

    /// Waits until master is ready or has ended.
    ///
    /// @return empty if it is ready, else what it said
    String awaitReady() throws IOException {
        var out = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8);
        if ("ready".equals(new BufferedReader(out).readLine())) {
            return "";
        }
        awaitEnd();
        String said = Files.readString(stderr);
        return said.isEmpty() ? "master has ended without a word" : said;
    }

    /// Waits a minute for its end, and then makes it end.
    void awaitEnd() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
