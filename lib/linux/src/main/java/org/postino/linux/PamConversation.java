// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.postino.util.Printable;

/// Answers the questions of PAM modules: the password to a secret prompt, the name to an open one, nothing to messages.
///
/// Used by one thread. Answers are memory of the C library, which PAM wipes and frees.
final class PamConversation implements AutoCloseable {
    // security/_pam_types.h
    private static final int PROMPT_ECHO_OFF = 1;
    private static final int PROMPT_ECHO_ON = 2;
    private static final int ERROR_MSG = 3;
    private static final int TEXT_INFO = 4;
    private static final int SUCCESS = 0;
    private static final int CONV_ERR = 19;
    private static final int MAX_MESSAGES = 32;
    private static final int MAX_SAID = 200;

    /// A module that goes on asking is not content with what it got.
    private static final int MAX_PROMPTS = 16;

    private static final long RESPONSE = 16;

    private static final MethodHandle ANSWER = handle("answer", int.class);
    private static final MethodHandle IGNORE = handle("ignoreDelay", void.class);
    private static final FunctionDescriptor CONV =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS);
    private static final FunctionDescriptor DELAY =
            FunctionDescriptor.ofVoid(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment user;
    private final MemorySegment password;
    private final MemorySegment structure;
    private final MemorySegment delay;
    private final StringBuilder said = new StringBuilder();
    private int prompts;

    PamConversation(String user, byte[] password) {
        this.user = arena.allocateFrom(user);
        this.password = arena.allocate(password.length + 1L);
        MemorySegment.copy(MemorySegment.ofArray(password), 0, this.password, 0, password.length);
        var linker = Linker.nativeLinker();
        structure = arena.allocate(RESPONSE, 8); // struct pam_conv: function, its own data
        structure.set(ValueLayout.ADDRESS, 0, linker.upcallStub(ANSWER.bindTo(this), CONV, arena));
        delay = linker.upcallStub(IGNORE.bindTo(this), DELAY, arena);
    }

    /// The address of the `struct pam_conv`.
    long structure() {
        return structure.address();
    }

    /// The messages of the modules for the user, on one line.
    String said() {
        return said.toString();
    }

    /// The address of a function that does not wait after failures: who asks for the check waits itself.
    long noDelay() {
        return delay.address();
    }

    @Override
    public void close() {
        password.fill((byte) 0);
        arena.close();
    }

    private static MethodHandle handle(String name, Class<?> result) {
        try {
            var type =
                    result == void.class
                            ? MethodType.methodType(
                                    result, int.class, int.class, MemorySegment.class)
                            : MethodType.methodType(
                                    result,
                                    int.class,
                                    MemorySegment.class,
                                    MemorySegment.class,
                                    MemorySegment.class);
            return MethodHandles.lookup().findVirtual(PamConversation.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // called by PAM
    private void ignoreDelay(int code, int microseconds, MemorySegment data) {}

    /// Called by modules; must not throw.
    @SuppressWarnings("unused")
    private int answer(
            int count, MemorySegment messages, MemorySegment responses, MemorySegment data) {
        try {
            if (count < 1 || count > MAX_MESSAGES) {
                return CONV_ERR;
            }
            MemorySegment asked = messages.reinterpret(8L * count);
            MemorySegment answers = allocate(RESPONSE * count);
            for (int i = 0; i < count; i++) {
                MemorySegment message =
                        asked.getAtIndex(ValueLayout.ADDRESS, i).reinterpret(RESPONSE);
                int style = message.get(ValueLayout.JAVA_INT, 0);
                hear(style, message.get(ValueLayout.ADDRESS, 8));
                if (!answer(style, answers, i)) {
                    free(answers, count);
                    return CONV_ERR;
                }
            }
            responses.reinterpret(8).set(ValueLayout.ADDRESS, 0, answers);
            return SUCCESS;
        } catch (RuntimeException | Error e) {
            return CONV_ERR;
        }
    }

    private void hear(int style, MemorySegment text) {
        if ((style == ERROR_MSG || style == TEXT_INFO) && said.length() < MAX_SAID) {
            String line = Printable.text(Libc.string(text).strip(), MAX_SAID);
            said.append(said.isEmpty() || line.isEmpty() ? "" : " ").append(line);
        }
    }

    private boolean answer(int style, MemorySegment answers, int index) {
        MemorySegment text =
                switch (style) {
                    case PROMPT_ECHO_OFF -> password;
                    case PROMPT_ECHO_ON -> user;
                    default -> MemorySegment.NULL;
                };
        if (text.address() == 0) {
            return style == ERROR_MSG || style == TEXT_INFO;
        }
        if (++prompts > MAX_PROMPTS) {
            return false;
        }
        MemorySegment copy = allocate(text.byteSize());
        MemorySegment.copy(text, 0, copy, 0, text.byteSize());
        answers.set(ValueLayout.ADDRESS, RESPONSE * index, copy);
        return true;
    }

    private static void free(MemorySegment answers, int count) {
        for (int i = 0; i < count; i++) {
            MemorySegment text = answers.get(ValueLayout.ADDRESS, RESPONSE * i);
            if (text.address() != 0) {
                wipe(text);
                Libc.call(Libc.Fn.FREE, text.address());
            }
        }
        Libc.call(Libc.Fn.FREE, answers.address());
    }

    private static void wipe(MemorySegment text) {
        MemorySegment all = text.reinterpret(Long.MAX_VALUE);
        for (long i = 0; all.get(ValueLayout.JAVA_BYTE, i) != 0; i++) {
            all.set(ValueLayout.JAVA_BYTE, i, (byte) 0);
        }
    }

    /// Zeroed memory of the C library.
    private static MemorySegment allocate(long size) {
        long address = Libc.call(Libc.Fn.MALLOC, size);
        if (address == 0) {
            throw new OutOfMemoryError("malloc");
        }
        return MemorySegment.ofAddress(address).reinterpret(size).fill((byte) 0);
    }
}
