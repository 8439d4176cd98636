// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.linux.FileStatus;
import org.postino.sasl.PasswordSchemes;
import org.postino.suite.AuthParams;
import org.postino.suite.LocalParams;
import org.postino.util.ByteNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// postuser(1): keeps the passwd-file of auth(8). Manual page: `postuser.1`.
@Command(name = "postuser", sortOptions = false)
final class Postuser implements Cli.Body {
    private enum Action {
        add,
        passwd,
        del,
        list
    }

    @Option(names = "-c", paramLabel = "DIR", description = "The configuration directory.")
    private @Nullable Path directory;

    @Parameters(index = "0", paramLabel = "add|passwd|del|list", description = "What to do.")
    private Action action = Action.list;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ADDRESS",
            description = "Whom to do it to.")
    private @Nullable String address;

    @Option(names = "--password", description = "The password; others on this machine may see it.")
    private @Nullable String password;

    @Option(names = "--password-stdin", description = "Read the password from standard input.")
    private boolean passwordStdin;

    @Option(names = "--scheme", description = "How the password is stored.")
    private @Nullable String scheme;

    @Option(names = "--home", paramLabel = "PATH", description = "The home directory.")
    private @Nullable Path home;

    @Option(names = "--uid", description = "The user id of the mail (default: owner of its place).")
    private @Nullable Integer uid;

    @Option(names = "--gid", description = "The group id of the mail.")
    private @Nullable Integer gid;

    static void main(String[] args) {
        Exit.with(Cli.run("postuser", new Postuser(), args));
    }

    @Override
    public int run(Cli.Io io) throws CommandFailure, IOException {
        var config = Cli.load(Cli.directory(directory), AuthParams.ALL, LocalParams.ALL);
        var files = config.get(AuthParams.AUTH_PASSWD_FILE);
        if (files.isEmpty()) {
            throw new CommandFailure("auth_passwd_file is empty");
        }
        var users = new PasswdFileEditor(ByteNames.path(files.getFirst()));
        switch (action) {
            case list -> users.names().forEach(io.out()::println);
            case del -> {
                String name = name(config);
                users.change(lines -> lines.remove(name));
            }
            case add -> {
                String name = name(config);
                if (users.names().contains(name)) {
                    throw new CommandFailure(name + " exists already");
                }
                String entry = entry(config, name, stored(io, config));
                users.change(lines -> lines.add(name, entry));
            }
            case passwd -> {
                String name = name(config);
                if (!users.names().contains(name)) {
                    throw new CommandFailure(name + " does not exist");
                }
                String stored = stored(io, config);
                users.change(lines -> lines.password(name, stored));
            }
        }
        return 0;
    }

    /// Returns the address in lower case. One without a domain gets the default domain.
    private String name(Config config) throws CommandFailure {
        if (address == null) {
            throw new CommandFailure(action + " needs an address");
        }
        String name = address.toLowerCase(Locale.ROOT);
        int at = name.lastIndexOf('@');
        if (at < 0) {
            String domain = config.get(AuthParams.AUTH_DEFAULT_DOMAIN);
            name += "@" + (domain.isEmpty() ? config.get(MainParams.MYORIGIN) : domain);
            at = name.lastIndexOf('@');
        }
        if (at == 0
                || !CreateInstance.goodDomain(name.substring(at + 1))
                || !good(name.substring(0, at))) {
            throw new CommandFailure(address + ": must be an address like user@example.com");
        }
        return name;
    }

    /// True if a user's name has no character that means something in the file or in a path.
    private static boolean good(String user) {
        return !user.startsWith(".")
                && user.chars()
                        .allMatch(c -> c > ' ' && c != 127 && ":/\\\"@%*<>(),;[]".indexOf(c) < 0);
    }

    private String stored(Cli.Io io, Config config) throws CommandFailure, IOException {
        String name = scheme == null ? config.get(AuthParams.AUTH_DEFAULT_PASSWORD_SCHEME) : scheme;
        try {
            String text = password(io);
            int limit = PasswordSchemes.maxPassword(name);
            if (text.getBytes(StandardCharsets.UTF_8).length > limit) {
                throw new CommandFailure(
                        "the password has more than the "
                                + limit
                                + " octets that "
                                + name
                                + " looks at: take a shorter one or another --scheme");
            }
            return PasswordSchemes.hash(name, text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    e.getMessage()
                            + ": must be one of "
                            + String.join(", ", PasswordSchemes.names()),
                    e);
        }
    }

    private String password(Cli.Io io) throws CommandFailure, IOException {
        String text = password;
        if (text == null && passwordStdin) {
            text =
                    new BufferedReader(new InputStreamReader(io.in(), StandardCharsets.UTF_8))
                            .readLine();
        } else if (text == null) {
            text = prompt();
        }
        if (text == null || text.isEmpty()) {
            throw new CommandFailure("the password must not be empty");
        }
        return text;
    }

    private static String prompt() throws CommandFailure {
        // where the JDK has no line editor, as in the image, there is none without a terminal
        Console console =
                Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .orElseThrow(() ->
                                new CommandFailure(
                                        "no terminal to ask for the password: use"
                                                + " --password-stdin"));
        char[] first = console.readPassword("New password: ");
        char[] second = console.readPassword("Once more: ");
        if (first == null || second == null || !Arrays.equals(first, second)) {
            throw new CommandFailure("the two passwords are not the same");
        }
        return new String(first);
    }

    /// Returns the fields of a new user, behind the name, and makes the home directory.
    private String entry(Config config, String name, String stored) throws IOException {
        String base = config.get(LocalParams.VIRTUAL_MAILBOX_BASE);
        Path mail =
                base.isEmpty()
                        ? config.get(MainParams.DATA_DIRECTORY).resolve("mail")
                        : ByteNames.path(base);
        int at = name.lastIndexOf('@');
        Path place =
                home != null
                        ? home
                        : ByteNames.path(
                                ByteNames.text(mail)
                                        + "/"
                                        + name.substring(at + 1)
                                        + "/"
                                        + name.substring(0, at));
        Path exists = place;
        while (!Files.exists(exists) && exists.getParent() != null) {
            exists = exists.getParent();
        }
        FileStatus is = FileStatus.following(exists);
        int owner = uid != null ? uid : is.uid();
        int group = gid != null ? gid : is.gid();
        makeHome(place, owner, group);
        return ":" + stored + ":" + owner + ":" + group + "::" + ByteNames.text(place) + "::";
    }

    private static void makeHome(Path place, int owner, int group) throws IOException {
        if (Files.exists(place)) {
            return;
        }
        Path parent = place.getParent();
        if (parent != null) {
            makeHome(parent, owner, group);
        }
        Files.createDirectory(
                place,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (FileStatus.following(place).uid() != owner) {
            Files.setAttribute(place, "unix:gid", group);
            Files.setAttribute(place, "unix:uid", owner);
        }
    }
}
