// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.util.ByteNames;

/// The command lines with which programs of the suite are started, all Java machine options in one place.
public final class Jvm {
    /// Environment variable with more options for every program, separated by blanks.
    public static final String MORE_OPTIONS = "POSTINO_JAVA_OPTIONS";

    /// Environment variable; where it is set, the shared class archive is not used.
    public static final String NO_ARCHIVE = "POSTINO_NO_ARCHIVE";

    /// Compiles later, and so less: what a daemon that rarely works compiles costs it 5 MB.
    private static final String PATIENT = "-XX:CompileThresholdScaling=4";

    private static final List<String> COMMON =
            List.of(
                    "-XX:+UseSerialGC",
                    "-Xss256k",
                    "-Xms3m",
                    "-XX:+UnlockDiagnosticVMOptions",
                    "-XX:ArchiveRelocationMode=0",
                    "-XX:TrimNativeHeapInterval=1000",
                    // One request that needs too much must not leave a half-dead daemon: master
                    // starts it anew.
                    "-XX:+ExitOnOutOfMemoryError",
                    // No files in /tmp, no attaching: the sandbox has no place for them.
                    "-XX:-UsePerfData",
                    "-XX:+DisableAttachMechanism",
                    // Descriptor 1 belongs to the talk with master.
                    "-XX:+DisplayVMOutputToStderr",
                    "-Xshare:auto",
                    "-Xlog:disable",
                    // Every byte is a char in the names of files, see
                    // docs/adr/0011-names-are-bytes.md.
                    "-Dsun.jnu.encoding=ISO-8859-1",
                    "-Dfile.encoding=ISO-8859-1",
                    "-Dstdout.encoding=UTF-8",
                    "-Dstderr.encoding=UTF-8",
                    // Named, or it is looked for in each jar.
                    "-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Dslf4j.provider=org.postino.log.PostinoLogProvider",
                    "-Dslf4j.internal.verbosity=WARN");

    private Jvm() {}

    /// The Java machine this program runs on.
    public static Path java() {
        return ByteNames.path(System.getProperty("java.home") + "/bin/java");
    }

    /// The directory of the installed image; null in the source tree.
    public static @Nullable Path home() {
        String home = System.getProperty("postino.home", "");
        return home.isEmpty() ? null : ByteNames.path(home);
    }

    /// The command `postino` as it is installed now, which may be of a later version than what runs.
    ///
    /// @param home the directory of the image that runs
    public static Path launcher(Path home) {
        String installed = System.getProperty("postino.launcher", "");
        return installed.isEmpty() ? home.resolve("bin/postino") : ByteNames.path(installed);
    }

    /// The jars and directories of the suite.
    public static String classPath() {
        return System.getProperty("postino.classpath", System.getProperty("java.class.path", ""));
    }

    /// The class path's entries.
    public static List<Path> classPathEntries() {
        var entries = new ArrayList<Path>();
        String path = classPath();
        int start = 0;
        while (start < path.length()) {
            int end = path.indexOf(File.pathSeparatorChar, start);
            end = end < 0 ? path.length() : end;
            if (end > start) {
                entries.add(ByteNames.path(path.substring(start, end)));
            }
            start = end + 1;
        }
        return entries;
    }

    /// The command line that runs a class of the suite.
    ///
    /// @param weight what it may cost, see [Program.Weight]
    /// @param data where the Java machine may write about its own end; null: nowhere in particular
    public static List<String> command(
            String mainClass, Program.Weight weight, @Nullable Path data, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(ByteNames.text(java()));
        command.addAll(COMMON);
        switch (weight) {
            case LIGHT -> {
                command.add("-Xmx64m");
                command.add("-Xmn1m");
                command.add("-XX:TieredStopAtLevel=1");
                command.add(PATIENT);
            }
            case CALM -> {
                command.add("-Xmx192m");
                command.add("-Xmn1m");
                command.add(PATIENT);
            }
            case STEADY -> {
                command.add("-Xmx64m");
                command.add("-Xmn2m");
                command.add("-XX:TieredStopAtLevel=1");
            }
            case BUSY -> {
                command.add("-Xmx192m");
                command.add("-Xmn2m");
            }
            case READING -> {
                command.add("-Xmx192m");
                command.add("-Xmn8m");
            }
        }
        Path home = home();
        if (home != null) {
            command.add("-Dpostino.home=" + ByteNames.text(home));
            command.add("-Dpostino.launcher=" + ByteNames.text(launcher(home)));
            Path archive = home.resolve("lib/postino.jsa");
            if (System.getenv(NO_ARCHIVE) == null && Files.exists(archive)) {
                command.add("-XX:SharedArchiveFile=" + ByteNames.text(archive));
            }
        }
        if (data != null) {
            command.add("-XX:ErrorFile=" + ByteNames.text(data.resolve("hs_err_%p.log")));
            // The property goes through the locale, for which we have no other name than an ASCII
            // one.
            if (ByteNames.text(data).chars().allMatch(c -> c < 0x80)) {
                command.add("-Djava.io.tmpdir=" + ByteNames.text(data));
            }
        }
        String more = System.getenv(MORE_OPTIONS);
        addWords(command, more == null ? null : ByteNames.text(more));
        command.add("-cp");
        command.add(classPath());
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }

    private static void addWords(List<String> command, @Nullable String words) {
        if (words != null) {
            for (String word : words.split(" ", -1)) {
                if (!word.isEmpty()) {
                    command.add(word);
                }
            }
        }
    }
}
