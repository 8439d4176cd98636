// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postino.util.InetText;

/// A small authoritative name server for laboratories: `NameServer DIRECTORY ADDRESS...`.
///
/// It serves the zone files `*.zone` of a directory on port 53 of its addresses (or another: `ADDRESS#PORT`), reads them again when
/// one has changed, and writes each question to standard output. The file `red.lab.zone` has the origin `red.lab`.
public final class NameServer {
    private final Path directory;
    private @Nullable Loaded loaded; // guarded by this

    private record Loaded(List<FileTime> changed, DnsZones zones) {}

    private NameServer(Path directory) {
        this.directory = directory;
    }

    private static void say(String text) {
        System.out.println(
                LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS) + " " + text);
    }

    private synchronized DnsZones zones() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(f -> f.toString().endsWith(".zone")).sorted().toList();
        }
        var changed = new ArrayList<FileTime>();
        for (Path file : files) {
            changed.add(Files.getLastModifiedTime(file));
        }
        Loaded known = loaded;
        if (known == null || !known.changed().equals(changed)) {
            known = new Loaded(changed, read(files, known));
            loaded = known;
        }
        return known.zones();
    }

    /// Reads the zones; a file that is wrong leaves what was known before.
    private static DnsZones read(List<Path> files, @Nullable Loaded before) throws IOException {
        var zones = new DnsZones();
        try {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                String origin = name.substring(0, name.length() - ".zone".length());
                new ZoneFile(name, origin, zones)
                        .read(Files.readString(file, StandardCharsets.UTF_8));
            }
        } catch (IllegalArgumentException e) {
            say("error: " + e.getMessage());
            return before == null ? zones : before.zones();
        }
        say("serving " + files.size() + " zone files of " + files.getFirst().getParent());
        return zones;
    }

    private byte @Nullable [] answer(byte[] message, boolean overTcp, InetAddress client)
            throws IOException {
        var question = DnsZones.question(message);
        say(InetText.of(client) + " asks " + question + (overTcp ? " over TCP" : ""));
        return zones().answer(question, overTcp);
    }

    /// Serves until it is killed.
    public static void main(String[] args) throws IOException, InterruptedException {
        var server = new NameServer(Path.of(args[0]));
        server.zones();
        for (String text : List.of(args).subList(1, args.length)) {
            int hash = text.indexOf('#');
            var address = InetAddress.ofLiteral(hash < 0 ? text : text.substring(0, hash));
            int port = hash < 0 ? 53 : Integer.parseInt(text.substring(hash + 1));
            DnsPort.open(new InetSocketAddress(address, port), server::answer);
        }
        say("listening");
        new CountDownLatch(1).await();
    }
}
