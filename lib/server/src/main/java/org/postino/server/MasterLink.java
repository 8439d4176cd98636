// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.postino.log.EventLog;
import org.postino.log.Severity;

/// The daemon's end of the line to master: descriptor 1, a stream socket, read by a thread of its own.
///
/// The daemon says `ready`, `sessions N`, `leaving` (it accepts no more); master says `drain`, `stop`, `wakeup`. Its end means that master is gone.
interface MasterLink {
    /// Says something to master; nothing happens if master is gone.
    void say(String line);

    /// Starts to hear master's words; [#GONE] when there will be no more.
    void listen(Consumer<String> hearer);

    /// The word that is heard last.
    String GONE = "gone";

    /// A daemon without a master, in a test.
    static MasterLink none() {
        return new MasterLink() {
            @Override
            public void say(String line) {
                // nobody listens
            }

            @Override
            public void listen(Consumer<String> hearer) {
                // nobody speaks
            }
        };
    }

    /// Takes descriptors 1 and 2 for master, and turns what anybody prints on standard output or error into events.
    static MasterLink take(String program) {
        EventLog.toMaster(new FileOutputStream(FileDescriptor.err));
        System.setErr(new PrintStream(new Stray(program), true, StandardCharsets.UTF_8));
        System.setOut(new PrintStream(new Stray(program), true, StandardCharsets.UTF_8));
        return new Descriptor();
    }

    /// The real one.
    final class Descriptor implements MasterLink {
        private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        private final FileInputStream in = new FileInputStream(FileDescriptor.out);

        @Override
        public synchronized void say(String line) {
            try {
                out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                return; // the reading thread finds out that master is gone
            }
        }

        @Override
        public void listen(Consumer<String> hearer) {
            Thread.ofPlatform().daemon().name("master").start(() -> read(hearer));
        }

        private void read(Consumer<String> hearer) {
            var line = new StringBuilder();
            try {
                for (int c = in.read(); c >= 0; c = in.read()) {
                    if (c == '\n') {
                        hearer.accept(line.toString());
                        line.setLength(0);
                    } else {
                        line.append((char) c);
                    }
                }
            } catch (IOException e) {
                line.setLength(0); // as good as the end
            }
            hearer.accept(GONE);
        }
    }

    /// Lines that a library prints.
    final class Stray extends OutputStream {
        private final String program;
        private final StringBuilder line = new StringBuilder();

        Stray(String program) {
            this.program = program;
        }

        @Override
        public synchronized void write(int b) {
            if (b == '\n') {
                EventLog.write(program, Severity.WARNING, line.toString());
                line.setLength(0);
            } else if (line.length() < 1000) {
                line.append((char) (b & 0xff));
            }
        }
    }
}
