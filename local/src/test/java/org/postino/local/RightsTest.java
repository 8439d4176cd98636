// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postino.linux.SystemUser;
import org.postino.linux.Users;

/// Whose files and commands of aliases are; needs the right to act as others, and two accounts that every Debian has.
final class RightsTest {
    private static final int UNKNOWN = 61_007;

    private Lab lab;
    private SystemUser bin;
    private SystemUser daemon;
    private Path aliases;
    private Path said;

    @BeforeEach
    void open() throws IOException {
        lab = Lab.forAccounts();
        bin = Users.byName("bin").orElseThrow();
        daemon = Users.byName("daemon").orElseThrow();
        aliases = lab.dir.resolve("aliases");
        Path open = Files.createDirectory(lab.dir.resolve("open"));
        mode(open, "rwxrwxrwx");
        said = open.resolve("said");
    }

    @AfterEach
    void close() throws IOException {
        if (lab != null) {
            lab.close();
        }
    }

    private static void mode(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    /// Who writes the file that an alias `list` of this value leads to.
    private int writer(String value) throws Exception {
        lab.aliases("list " + value + "\n");
        assertEquals("sent", lab.deliver("list@mx.test").word());
        int uid = (Integer) Files.getAttribute(said, "unix:uid");
        Files.delete(said);
        return uid;
    }

    private String refusal() throws Exception {
        return Lab.text(lab.deliver("list@mx.test")).replace(lab.dir.toString(), "$dir");
    }

    @Test
    void whatATableNamesIsItsOwners() throws Exception {
        int nobody = Users.byName("nobody").orElseThrow().uid();
        assertEquals(nobody, writer(said.toString()));
        Lab.give(aliases, bin.uid());
        assertEquals(bin.uid(), writer(said.toString()));
        assertEquals(bin.uid(), writer("\"|echo $HOME >" + said + "\""));
    }

    @Test
    void aTableOfTheSuiteOrOfNobodyRunsNothing() throws Exception {
        lab.settings.put("mail_owner", daemon.name());
        lab.aliases("list " + said + "\n");
        Lab.give(aliases, daemon.uid());
        assertEquals(
                "deferred 4.3.5 no files and commands: $dir/aliases belongs to uid "
                        + daemon.uid()
                        + ", a user of the mail system itself",
                refusal());
        Lab.give(aliases, UNKNOWN);
        assertEquals(
                "deferred 4.3.5 no files and commands: $dir/aliases belongs to uid "
                        + UNKNOWN
                        + ", who is not a user of this system",
                refusal());
        lab.aliases("list bob@else.test\n");
        assertEquals("sent", lab.deliver("list@mx.test").word());
        assertFalse(Files.exists(said));
    }

    @Test
    void aListOfAUsersHasThatUsersRightsAndIsReadWithThem() throws Exception {
        lab.settings.put("allow_mail_to_files", "alias, include");
        Path list = Lab.write(lab.dir.resolve("list"), said + "\n", bin.uid());
        mode(list, "rw-------");
        assertEquals(bin.uid(), writer(":include:" + list));
        Lab.give(aliases, daemon.uid());
        mode(list, "rw-r--r--");
        assertEquals(daemon.uid(), writer(":include:" + list));
        mode(list, "rw-------");
        assertEquals("deferred", lab.deliver("list@mx.test").word());
    }

    @Test
    void nobodyBorrowsRightsByALink() throws Exception {
        lab.settings.put("allow_mail_to_files", "alias, include");
        Path list = Lab.write(lab.dir.resolve("list"), said + "\n", bin.uid());
        Path home = Files.createDirectory(lab.dir.resolve("theirs"));
        Lab.give(home, daemon.uid());
        Path link = Files.createSymbolicLink(home.resolve("list"), list);
        Lab.give(link, daemon.uid());
        assertEquals(Users.byName("nobody").orElseThrow().uid(), writer(":include:" + link));
        assertTrue(IncludeFile.isFirm(list, bin.uid()));
        assertFalse(IncludeFile.isFirm(link, bin.uid()));
        Path roots = Files.createSymbolicLink(lab.dir.resolve("link"), list);
        assertTrue(IncludeFile.isFirm(roots, bin.uid()));
        Path second = Files.createSymbolicLink(lab.dir.resolve("second"), link);
        assertFalse(IncludeFile.isFirm(second, bin.uid()));
        Files.createLink(said, list);
        assertFalse(IncludeFile.isFirm(list, bin.uid()));
    }

    @Test
    void tablesHaveFiles() {
        assertEquals(
                List.of(Path.of("/etc/aliases.db"), Path.of("/etc/aliases")),
                AliasTables.files("/etc/aliases", "hash"));
        assertEquals(
                List.of(Path.of("/a.lmdb"), Path.of("/a")),
                AliasTables.files("proxy:lmdb:/a", "hash"));
        assertEquals(List.of(Path.of("/a")), AliasTables.files("texthash:/a", "hash"));
        assertEquals(List.of(), AliasTables.files("inline:{a=b}", "hash"));
    }
}
