// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.MasterCf;
import org.postino.util.ByteNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// postexplain(1): why a message is, or was, refused or taken. Manual page: `postexplain.1`.
@Command(
        name = "postexplain",
        sortOptions = false,
        description = "Shows how smtpd judges a session, or what the log says of one.")
final class Postexplain implements Cli.Body {
    @Option(names = "-c", paramLabel = "DIR", description = "The directory of main.cf.")
    private @Nullable Path directory;

    @Option(names = "-j", description = "Print JSON, an object a line.")
    private boolean json;

    @Option(names = "--client", paramLabel = "ADDRESS", description = "The client's address.")
    private @Nullable String client;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The client's name, as if the DNS confirmed it. Looked up without.")
    private @Nullable String name;

    @Option(names = "--helo", paramLabel = "NAME", description = "What it says with EHLO.")
    private @Nullable String helo;

    @Option(names = "--sender", paramLabel = "ADDRESS", description = "Empty: the null sender.")
    private String sender = "";

    @Option(names = "--recipient", paramLabel = "ADDRESS", description = "One, or several.")
    private List<String> recipients = List.of();

    @Option(names = "--sasl-user", paramLabel = "USER", description = "Who has logged in.")
    private @Nullable String user;

    @Option(names = "--tls", description = "The session is encrypted.")
    private boolean tls;

    @Option(names = "--milters", description = "Ask the milters, and do not only name them.")
    private boolean milters;

    @Option(
            names = "--service",
            paramLabel = "NAME",
            description = "The row of master.cf; without: its first smtpd.")
    private @Nullable String service;

    @Option(
            names = "--log",
            paramLabel = "FILE",
            description = "The log to search, - for standard input; without: $maillog_file.")
    private @Nullable String log;

    @Parameters(
            arity = "0..1",
            paramLabel = "QUEUEID|ADDRESS",
            description = "A message, or a client, of which the log speaks.")
    private @Nullable String past;

    static void main(String[] args) {
        Exit.with(Cli.run("postexplain", new Postexplain(), args));
    }

    @Override
    public int run(Cli.Io io) throws CommandFailure, IOException {
        Path home = Cli.directory(directory);
        if (past != null) {
            if (client != null || !recipients.isEmpty()) {
                throw new CommandFailure("either a session that could be, or one of the past");
            }
            return new LogStory(past).print(LogStory.open(log, home, io), io.out(), json);
        }
        if (client == null || recipients.isEmpty()) {
            throw new CommandFailure(
                    "say a --client and a --recipient, or the queue id of a message");
        }
        return rehearse(home, client, io);
    }

    private int rehearse(Path home, String address, Cli.Io io) throws CommandFailure, IOException {
        MasterCf.Row row = row(home);
        var arguments = new ArrayList<String>();
        arguments.add(ByteNames.text(home));
        arguments.add(row.service());
        for (String override : row.overrides()) {
            arguments.add("-o");
            arguments.add(override);
        }
        arguments.add("client=" + literal(address));
        arguments.add("sender=" + sender);
        add(arguments, "name", name);
        add(arguments, "helo", helo);
        add(arguments, "user", user);
        add(arguments, "tls", tls ? "yes" : null);
        add(arguments, "milters", milters ? "yes" : null);
        for (String recipient : recipients) {
            arguments.add("recipient=" + recipient);
        }
        return new Rehearsals(json, io).run(arguments);
    }

    private static void add(List<String> arguments, String fact, @Nullable String value) {
        if (value != null) {
            arguments.add(fact + "=" + value);
        }
    }

    private static String literal(String address) throws CommandFailure {
        try {
            return InetAddress.ofLiteral(address).getHostAddress();
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("--client: not an address: " + address);
        }
    }

    private MasterCf.Row row(Path home) throws CommandFailure, IOException {
        for (MasterCf.Row row : MasterCf.read(home.resolve("master.cf")).rows()) {
            boolean named = service == null || row.service().equals(service);
            if (named && row.program().equals("smtpd")) {
                return row;
            }
        }
        throw new CommandFailure(
                service == null
                        ? "master.cf has no row of smtpd"
                        : "master.cf has no row " + service + " of smtpd");
    }

    /// The log that main.cf names.
    static String logOf(Path home) throws CommandFailure {
        Config config = Cli.load(home);
        String file = config.get(MainParams.MAILLOG_FILE);
        if (file.isEmpty()) {
            return "/var/log/mail.log";
        }
        if (file.startsWith("/dev/")) {
            throw new CommandFailure("the log goes to " + file + ": name a file with --log");
        }
        return file;
    }
}
