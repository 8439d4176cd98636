// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.postino.linux.Inheritance;
import org.postino.linux.NativeFd;
import org.postino.util.ByteNames;

/// The open descriptors that a master leaves to the one that takes its place in the same process, and the meaning of each.
///
/// They are described in a pipe, one a line, by words separated by tabs; the first word is the kind:
/// `socket FD NAME`, `child PID CONTROL EVENTS ROW PROGRAM`, `client FD`. A closed descriptor of a daemon is -1.
final class InheritedDescriptors {
    private static final String SOCKET = "socket";
    private static final String CHILD = "child";
    private static final String CLIENT = "client";
    private static final int CLOSED = -1;
    private static final int LONGEST = 60_000; // what a pipe takes without a reader

    private final Map<String, Integer> sockets;
    private final List<RunningDaemon> children;
    private final List<Integer> clients;

    /// A daemon that goes on with its clients.
    ///
    /// @param row the key of its row of master.cf
    /// @param program the word of its program
    /// @param control the number of its control descriptor, or -1; `events` likewise
    record RunningDaemon(String row, String program, int pid, int control, int events) {}

    private InheritedDescriptors(
            Map<String, Integer> sockets, List<RunningDaemon> children, List<Integer> clients) {
        this.sockets = sockets;
        this.children = children;
        this.clients = clients;
    }

    /// Returns no descriptors, for the start of a suite that did not run.
    static InheritedDescriptors none() {
        return new InheritedDescriptors(new LinkedHashMap<>(), List.of(), List.of());
    }

    /// Collects the descriptors to leave.
    ///
    /// @param sockets the listening sockets by the name of what they listen on
    /// @param services the rows with their daemons
    /// @param client the connection that waits for the end of the restart
    static InheritedDescriptors of(
            Map<String, NativeFd> sockets, List<ServiceState> services, NativeFd client) {
        var numbers = new LinkedHashMap<String, Integer>();
        sockets.forEach((name, fd) -> numbers.put(name, fd.number()));
        var heirs = new ArrayList<RunningDaemon>();
        for (ServiceState state : services) {
            for (Child child : state.children()) {
                heirs.add(
                        new RunningDaemon(
                                state.service().row().key(),
                                state.service().row().program(),
                                child.pid(),
                                child.isControlOpen() ? child.control().number() : CLOSED,
                                child.areEventsOpen() ? child.events().number() : CLOSED));
            }
        }
        return new InheritedDescriptors(numbers, heirs, List.of(client.number()));
    }

    /// Reads the description that the master before this one left in a pipe, and closes the pipe.
    static InheritedDescriptors read(int descriptor) throws IOException {
        var text = new StringBuilder();
        var buffer = new byte[LONGEST];
        try (NativeFd pipe = Inheritance.take(descriptor)) {
            for (int n = pipe.read(buffer); n >= 0; n = pipe.read(buffer)) {
                text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
            }
        }
        var result =
                new InheritedDescriptors(
                        new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>());
        text.toString().lines().forEach(line -> result.add(line.split("\t", -1)));
        return result;
    }

    private void add(String[] words) {
        switch (words[0]) {
            case SOCKET -> sockets.put(words[2], Integer.valueOf(words[1]));
            case CLIENT -> clients.add(Integer.valueOf(words[1]));
            case CHILD ->
                    children.add(
                            new RunningDaemon(
                                    words[4],
                                    words[5],
                                    Integer.parseInt(words[1]),
                                    Integer.parseInt(words[2]),
                                    Integer.parseInt(words[3])));
            default -> {} // of a later version than ours: not for us
        }
    }

    /// Writes the description into a pipe, and returns the end from which to read it.
    ///
    /// @throws IOException the description is too long for a pipe
    NativeFd write() throws IOException {
        var text = new StringBuilder();
        sockets.forEach((name, fd) -> line(text, SOCKET, fd, name));
        for (RunningDaemon heir : children) {
            line(text, CHILD, heir.pid, heir.control, heir.events, heir.row, heir.program);
        }
        clients.forEach(fd -> line(text, CLIENT, fd));
        byte[] bytes = ByteNames.encode(text.toString());
        NativeFd.Pair pipe = NativeFd.pipe();
        try (NativeFd end = pipe.second()) {
            if (bytes.length > LONGEST || !end.write(bytes)) {
                pipe.first().close();
                throw new IOException("too many services to hand over");
            }
        }
        return pipe.first();
    }

    private static void line(StringBuilder to, Object... words) {
        for (int i = 0; i < words.length; i++) {
            to.append(i == 0 ? "" : "\t").append(words[i]);
        }
        to.append('\n');
    }

    /// Returns the numbers of all descriptors; -1 stands for closed ones.
    Set<Integer> descriptors() {
        var all = new TreeSet<>(sockets.values());
        children.forEach(heir -> {
            all.add(heir.control);
            all.add(heir.events);
        });
        all.addAll(clients);
        return all;
    }

    boolean isEmpty() {
        return sockets.isEmpty();
    }

    /// Takes the listening sockets, by the name of what they listen on.
    Map<String, NativeFd> sockets() throws IOException {
        var taken = new LinkedHashMap<String, NativeFd>();
        for (Map.Entry<String, Integer> entry : sockets.entrySet()) {
            taken.put(entry.getKey(), Inheritance.take(entry.getValue()));
        }
        return taken;
    }

    /// Takes the daemons that are still at work, and tells each once more to finish.
    Map<RunningDaemon, Child> children(long now) throws IOException {
        var taken = new LinkedHashMap<RunningDaemon, Child>();
        for (RunningDaemon heir : children) {
            var child =
                    Child.ofPredecessor(
                            new Launcher.Started(
                                    heir.pid,
                                    take(heir.control),
                                    take(heir.events),
                                    NativeFd.ofProcess(heir.pid),
                                    List.of()),
                            now);
            taken.put(heir, child);
        }
        return taken;
    }

    /// Takes a descriptor. One that the daemon had already closed is replaced by one that reads end-of-file.
    private static NativeFd take(int descriptor) throws IOException {
        return descriptor == CLOSED ? NativeFd.devNull() : Inheritance.take(descriptor);
    }

    /// Tells the client that asked for the restart that it is done.
    void done() throws IOException {
        for (int client : clients) {
            try (NativeFd fd = Inheritance.take(client)) {
                fd.write("ok\n".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }
}
