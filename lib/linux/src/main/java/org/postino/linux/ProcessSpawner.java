// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Starts programs with exactly the descriptors, environment, user and sandbox they are given.
///
/// Credentials and Landlock belong to a thread and are inherited by what it starts, so a confined program is started by a
/// thread that first makes itself what the program shall be, and then ends; the others stay as they were.
public final class ProcessSpawner {
    private static final int SETPGROUP = 0x02;
    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;
    private static final int SIGNAL_SET = 128;
    private static final int ABOVE_ALL_TARGETS = 256;

    private ProcessSpawner() {}

    /// A program to start, with all that it gets.
    ///
    /// @param arguments the program's path and its arguments
    /// @param environment `NAME=value` each; nothing else is passed on
    /// @param descriptors descriptor i becomes number i in the program; all others are closed
    /// @param directory the working directory; the caller's if null
    /// @param user who it shall be; the caller if null
    /// @param sandbox what it may touch; everything if null
    /// @param filter which system calls it may make; all if null
    /// @param limits how much it may use, beside what it inherits
    public record Program(
            List<String> arguments,
            List<String> environment,
            List<NativeFd> descriptors,
            @Nullable Path directory,
            @Nullable Credentials user,
            @Nullable Sandbox sandbox,
            @Nullable Seccomp filter,
            ResourceLimits limits) {
        public Program {
            arguments = List.copyOf(arguments);
            environment = List.copyOf(environment);
            descriptors = List.copyOf(descriptors);
        }

        /// A program without a filter or limits of its own.
        public Program(
                List<String> arguments,
                List<String> environment,
                List<NativeFd> descriptors,
                @Nullable Path directory,
                @Nullable Credentials user,
                @Nullable Sandbox sandbox) {
            this(
                    arguments,
                    environment,
                    descriptors,
                    directory,
                    user,
                    sandbox,
                    null,
                    ResourceLimits.NONE);
        }

        private boolean isFree() {
            return user == null && sandbox == null && filter == null;
        }

        /// A program as the caller, in the caller's directory.
        public static Program of(
                List<String> arguments, List<String> environment, List<NativeFd> descriptors) {
            return new Program(arguments, environment, descriptors, null, null, null);
        }
    }

    /// Starts a program in a process group of its own and returns its number; the caller must collect its exit.
    ///
    /// @throws IOException the program could not be started; nothing is left behind
    public static int spawn(Program program) throws IOException {
        int pid = program.isFree() ? start(program) : OneShot.call(() -> confineAndStart(program));
        // Limits belong to a process, not to a thread, so the new one gets them from outside.
        program.limits().apply(pid);
        return pid;
    }

    private static int confineAndStart(Program program) throws IOException {
        Sandbox sandbox = program.sandbox();
        Credentials user = program.user();
        Seccomp filter = program.filter();
        NativeFd ruleset = sandbox == null ? null : sandbox.prepare();
        try {
            if (user != null) {
                user.assume();
            }
            Sandbox.noNewPrivileges();
            if (ruleset != null) {
                Sandbox.enter(ruleset);
            }
            if (filter != null) {
                filter.enter();
            }
            return start(program);
        } finally {
            if (ruleset != null) {
                ruleset.close();
            }
        }
    }

    private static int start(Program program) throws IOException {
        // Copies far above the target numbers, so that no dup2 overwrites the source of a later
        // one.
        var sources = new ArrayList<NativeFd>();
        try (Arena arena = Arena.ofConfined()) {
            for (NativeFd fd : program.descriptors()) {
                sources.add(fd.copyAbove(ABOVE_ALL_TARGETS));
            }
            MemorySegment actions = actions(arena, program, sources);
            String path = program.arguments().getFirst();
            MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
            long error =
                    Libc.call(
                            Libc.Fn.SPAWN,
                            pid.address(),
                            Libc.string(arena, path).address(),
                            actions.address(),
                            attributes(arena).address(),
                            strings(arena, program.arguments()).address(),
                            strings(arena, program.environment()).address());
            Libc.call(Libc.Fn.SPAWN_ACTIONS_DESTROY, actions.address());
            if (error != 0) {
                throw new IOException(path + ": " + Libc.text((int) Math.abs(error)));
            }
            return pid.get(ValueLayout.JAVA_INT, 0);
        } finally {
            for (NativeFd fd : sources) {
                fd.close();
            }
        }
    }

    private static MemorySegment actions(Arena arena, Program program, List<NativeFd> sources) {
        MemorySegment actions = arena.allocate(256, 16);
        Libc.call(Libc.Fn.SPAWN_ACTIONS_INIT, actions.address());
        for (int i = 0; i < sources.size(); i++) {
            Libc.call(Libc.Fn.SPAWN_ADD_DUP2, actions.address(), sources.get(i).number(), i);
        }
        // The JVM's own files and sockets are not close-on-exec.
        Libc.call(Libc.Fn.SPAWN_ADD_CLOSE_FROM, actions.address(), sources.size());
        Path directory = program.directory();
        if (directory != null) {
            Libc.call(
                    Libc.Fn.SPAWN_ADD_CHDIR,
                    actions.address(),
                    Libc.string(arena, directory).address());
        }
        return actions;
    }

    /// No signal blocked, none ignored, and a process group of its own: a terminal's interrupt is not for daemons.
    private static MemorySegment attributes(Arena arena) {
        MemorySegment attributes = arena.allocate(512, 16);
        MemorySegment none = arena.allocate(SIGNAL_SET, 8);
        MemorySegment all = arena.allocate(SIGNAL_SET, 8);
        all.asSlice(0, 8).fill((byte) 0xff);
        // Not SIGKILL (9) and SIGSTOP (19), nor the C library's own 32 and 33.
        all.set(ValueLayout.JAVA_LONG, 0, ~((1L << 8) | (1L << 18) | (1L << 31) | (1L << 32)));
        Libc.call(Libc.Fn.SPAWN_ATTRIBUTES_INIT, attributes.address());
        Libc.call(Libc.Fn.SPAWN_SET_MASK, attributes.address(), none.address());
        Libc.call(Libc.Fn.SPAWN_SET_DEFAULT, attributes.address(), all.address());
        Libc.call(
                Libc.Fn.SPAWN_SET_FLAGS, attributes.address(), SETPGROUP | SETSIGDEF | SETSIGMASK);
        return attributes;
    }

    private static MemorySegment strings(Arena arena, List<String> texts) {
        MemorySegment table = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            table.setAtIndex(ValueLayout.ADDRESS, i, Libc.string(arena, texts.get(i)));
        }
        return table;
    }
}
