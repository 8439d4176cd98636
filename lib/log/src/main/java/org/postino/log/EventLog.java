// SPDX-License-Identifier: Apache-2.0

package org.postino.log;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Takes the events of this program, and all that loggers got through slf4j write.
///
/// This is the one place with state for the whole process, because the logging interface is static by nature.
public final class EventLog {
    private static final EventLog INSTANCE = new EventLog();

    private final CopyOnWriteArrayList<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
    private volatile Sink sink = new Console(System.err);
    private volatile Severity threshold = Severity.INFO;
    private final Set<String> named = ConcurrentHashMap.newKeySet();

    private EventLog() {}

    /// Takes events.
    @FunctionalInterface
    public interface Sink {
        void accept(String logger, Event event);
    }

    /// Sends all events from now on to master, in the form that [StampedEvent#encode()] makes.
    public static void toMaster(OutputStream descriptor) {
        INSTANCE.sink = master(descriptor);
    }

    /// Lets master log the events of this logger under its name, and not under that of the row's program: postscreen does the work of
    /// smtpd too.
    public static void underItsOwnName(String logger) {
        INSTANCE.named.add(logger);
    }

    static Sink master(OutputStream descriptor) {
        return new Master(descriptor);
    }

    /// Sends all events from now on somewhere else.
    public static void to(Sink sink) {
        INSTANCE.sink = sink;
    }

    /// True if debug events are written: `-v`.
    public static void verbose(boolean on) {
        INSTANCE.threshold = on ? Severity.DEBUG : Severity.INFO;
    }

    /// Writes an event under the current trace.
    public static void write(String logger, Severity severity, String text) {
        if (isWritten(severity)) {
            var event = new Event(severity, Trace.current(), text);
            INSTANCE.sink.accept(logger, event);
            for (var listener : INSTANCE.listeners) {
                listener.accept(event);
            }
        }
    }

    /// Reports a bug of ours: the exception and where it happened, a line each.
    public static void panic(String logger, String doing, Throwable bug) {
        write(logger, Severity.PANIC, doing + ": " + bug);
        StackTraceElement[] stack = bug.getStackTrace();
        for (int i = 0; i < Math.min(stack.length, 20); i++) {
            write(logger, Severity.PANIC, "  at " + stack[i]);
        }
        Throwable cause = bug.getCause();
        if (cause != null) {
            panic(logger, "caused by", cause);
        }
    }

    /// Lets a test see every event as well, until the result is closed.
    public static Listening listen(Consumer<Event> listener) {
        INSTANCE.listeners.add(listener);
        return () -> INSTANCE.listeners.remove(listener);
    }

    /// An end to listening.
    @FunctionalInterface
    public interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    static boolean isWritten(Severity severity) {
        return severity.isAtLeast(INSTANCE.threshold);
    }

    /// A command's warnings and worse, as `postmap: warning: text`.
    private record Console(PrintStream err) implements Sink {
        @Override
        public void accept(String logger, Event event) {
            if (event.severity().isAtLeast(Severity.WARNING)) {
                err.println(logger + ": " + event.severity().prefix() + event.text());
            }
        }
    }

    /// Descriptor 2 of a daemon: one write for each event.
    private static final class Master implements Sink {
        private final OutputStream out;
        private final ReentrantLock lock = new ReentrantLock();

        Master(OutputStream out) {
            this.out = out;
        }

        @Override
        public void accept(String logger, Event event) {
            lock.lock();
            try {
                String program = INSTANCE.named.contains(logger) ? logger : "";
                out.write(StampedEvent.now(event, program).encode());
            } catch (IOException e) {
                // Master is gone: nobody is left to tell, and what was accepted is to be finished
                // all the same.
                return;
            } finally {
                lock.unlock();
            }
        }
    }
}
