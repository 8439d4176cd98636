// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.ConfigException;
import org.postino.config.MainParams;
import org.postino.config.Problem;
import org.postino.linux.HeldLock;
import org.postino.linux.Processes;
import org.postino.linux.Signals;
import org.postino.log.EventLog;
import org.postino.log.Severity;
import org.postino.suite.Plan;
import org.postino.suite.ProgramAccounts;
import org.postino.util.ByteNames;

/// master(8), the process that starts all others. Manual page: `master.8`.
///
/// `postino start` runs it as `Master -c DIR`, with `-f` to stay in the foreground. When every socket is bound, it says `ready` on
/// standard output and closes all three standard streams, unless it is in the foreground. Problems go to standard error.
/// With `-r FD` it takes the place of the master before it, which has left its sockets; see [InheritedDescriptors].
public final class Master {
    private static final int FAILED = 1;
    private static final int PANIC = 70; // sysexits.h: EX_SOFTWARE; a service manager may try again
    private static final int NOTHING = -1;

    private final Path directory;
    private final boolean foreground;
    private final int inheritance;
    private final PrintStream out;
    private final PrintStream err;

    private Master(
            Path directory, boolean foreground, int inheritance, PrintStream out, PrintStream err) {
        this.directory = directory;
        this.foreground = foreground;
        this.inheritance = inheritance;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] given) {
        String[] args = ByteNames.texts(given);
        String directory = "";
        boolean foreground = false;
        int inheritance = NOTHING;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("-c") && i + 1 < args.length) {
                directory = args[++i];
            } else if (args[i].equals("-r") && i + 1 < args.length) {
                inheritance = Integer.parseInt(args[++i]);
            } else if (args[i].equals("-f")) {
                foreground = true;
            } else {
                directory = "";
                break;
            }
        }
        if (directory.isEmpty()) {
            System.err.println("usage: master -c config_directory [-f]; see postino(1)");
            System.exit(64);
        }
        var master =
                new Master(
                        ByteNames.path(directory), foreground, inheritance, System.out, System.err);
        System.exit(master.run());
    }

    private int run() {
        Processes.warmUp();
        try {
            return start(Plan.load(directory));
        } catch (ConfigException e) {
            report(e.problems());
        } catch (IOException e) {
            fatal(text(e));
        }
        return FAILED;
    }

    private int start(Plan plan) throws IOException {
        @Nullable ProgramAccounts accounts = accounts(plan);
        if (accounts == null) {
            return FAILED;
        }
        plan.warnings().forEach(warning -> err.println("postino: " + warning));
        var directories = new SpoolDirectories(plan.config(), accounts);
        directories.createForLock();
        Path lockFile = SpoolDirectories.lockFile(plan.config());
        boolean fresh = inheritance == NOTHING;
        Optional<HeldLock> lock = fresh ? HeldLock.take(lockFile) : HeldLock.takeOver(lockFile);
        if (lock.isEmpty()) {
            String pid = Files.readString(lockFile).strip();
            fatal("the suite is already running on this queue_directory, process " + pid);
            return FAILED;
        }
        try (HeldLock held = lock.get()) {
            directories.create();
            var log = new LogWriter(Clock.system(ZoneId.systemDefault()), foreground);
            var loop = new MasterLoop(plan, accounts, log, held);
            List<Problem> problems =
                    loop.open(
                            fresh
                                    ? InheritedDescriptors.none()
                                    : InheritedDescriptors.read(inheritance));
            if (!problems.isEmpty()) {
                report(problems);
                return FAILED;
            }
            return serve(loop, log);
        }
    }

    private int serve(MasterLoop loop, LogWriter log) throws IOException {
        Signals.onHangup(loop::reloadSoon);
        Signals.onUser1(loop::reopenLogSoon);
        EventLog.to((_, event) -> log.say(event.severity(), event.text()));
        if (!foreground) {
            out.println("ready");
            out.flush();
            Processes.detach();
            Processes.closeStandardStreams();
        }
        var stopper = Thread.ofPlatform().unstarted(() -> onSignal(loop));
        Runtime.getRuntime().addShutdownHook(stopper);
        try {
            loop.run();
            return 0;
        } catch (IOException | RuntimeException e) {
            EventLog.panic("master", "loop", e);
            log.flush();
            return PANIC;
        }
    }

    /// Ends the suite in order at SIGTERM and SIGINT, with the exit status of success.
    private static void onSignal(MasterLoop loop) {
        if (loop.stopAndWait()) {
            Runtime.getRuntime().halt(0);
        }
    }

    /// Returns the accounts of the roles; null, after a line that says what to do, if root has no user of the name in `mail_owner`.
    private @Nullable ProgramAccounts accounts(Plan plan) throws IOException {
        if (!Processes.isRoot()) {
            return ProgramAccounts.own();
        }
        String name = plan.config().get(MainParams.MAIL_OWNER);
        Optional<ProgramAccounts> accounts = ProgramAccounts.of(name);
        if (accounts.isEmpty()) {
            fatal(ProgramAccounts.howToMake(name));
        }
        return accounts.orElse(null);
    }

    private void report(List<Problem> problems) {
        for (Problem problem : problems) {
            fatal(problem.toString());
        }
    }

    private void fatal(String text) {
        err.println("postino: " + Severity.FATAL.prefix() + text);
    }

    static String text(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case NoSuchFileException missing -> missing.getFile() + ": no such file or directory";
            case FileSystemException other -> other.getFile() + ": " + other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
