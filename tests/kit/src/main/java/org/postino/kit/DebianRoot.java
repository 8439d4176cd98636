// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A small Debian in a directory, with processes, network and host name of its own, as `tests/debian-root` makes it.
public final class DebianRoot implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Path dir;

    private DebianRoot(Path dir) {
        this.dir = dir;
    }

    /// The reason for which there can be none on this machine; empty if there can.
    public static Optional<String> whyNot() throws IOException {
        Command.Result result = script("check").run();
        return result.status() == 0 ? Optional.empty() : Optional.of(result.err().strip());
    }

    /// Makes one with these packages beside the base system; nothing runs in it yet.
    ///
    /// @param dir where; must not exist
    /// @throws IOException it could not be made: no mirror within reach, say
    public static DebianRoot create(Path dir, String... packages) throws IOException {
        var words = new ArrayList<String>();
        words.add("create");
        words.add(dir.toString());
        words.addAll(List.of(packages));
        Command.Result result = script(words.toArray(String[]::new)).run();
        if (result.status() != 0) {
            throw new IOException(result.err().strip());
        }
        return new DebianRoot(dir);
    }

    /// Gives it a network in which only `lo` is up, and a host name.
    public DebianRoot start(String hostname) throws IOException {
        script("start", dir.toString(), hostname).run().ok();
        return this;
    }

    /// Starts it with systemd, one of its packages, as the first process.
    ///
    /// @throws IOException it does not boot: no control groups, say
    public DebianRoot boot(String hostname) throws IOException {
        Command.Result result = script("boot", dir.toString(), hostname).run();
        if (result.status() != 0) {
            throw new IOException(result.err().strip());
        }
        return this;
    }

    /// A command inside, as root.
    public Command command(String... words) {
        var all = new ArrayList<String>();
        all.add("run");
        all.add(dir.toString());
        all.addAll(List.of(words));
        return script(all.toArray(String[]::new));
    }

    /// Runs a shell script inside, which must end well, and gives its standard output.
    public String sh(String text) throws IOException {
        return command("sh", "-ec", text).run().ok().out();
    }

    /// A file of the root as it is seen from outside.
    public Path path(String inside) {
        return dir.resolve(inside.startsWith("/") ? inside.substring(1) : inside);
    }

    /// True if a file of the root has this text in it; false where there is no such file.
    public boolean holds(String file, String text) {
        try {
            return Files.readString(path(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            return false;
        }
    }

    /// Ends all that runs in it and removes it.
    @Override
    public void close() throws IOException {
        script("remove", dir.toString()).run().ok();
    }

    private static Command script(String... words) {
        var all = new ArrayList<String>();
        all.add(Instance.root().resolve("tests/debian-root").toString());
        all.addAll(List.of(words));
        return new Command(all.toArray(String[]::new)).limit(LIMIT);
    }
}
