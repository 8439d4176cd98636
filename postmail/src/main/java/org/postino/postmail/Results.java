// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import org.postino.commands.Cli;
import org.postino.util.Printable;

/// The words of a command, and the status with which it ends: that of the first failure.
final class Results {
    private final Cli.Io io;
    private final Output output;
    private final ProgressLine progress;
    private int status;

    Results(Cli.Io io, Output output) {
        this.io = io;
        this.output = output;
        this.progress = ProgressLine.on(io);
    }

    Output output() {
        return output;
    }

    ProgressLine progress() {
        return progress;
    }

    void failed(int why, String text) {
        progress.clear();
        io.err().println(io.name() + ": error: " + Printable.text(text));
        status(why);
    }

    /// Notes the status of a failure that the rows tell of.
    void status(int why) {
        status = status == 0 ? why : status;
    }

    int status() {
        return status;
    }
}
