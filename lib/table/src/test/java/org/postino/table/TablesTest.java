// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.config.Config;

class TablesTest {
    private static final String GONE = "cannot be read";
    @TempDir Path dir;
    private final List<String> warnings = new ArrayList<>();
    private final Tables tables = new Tables(Config.of(Map.of()), warnings::add);

    private Table file(String type, String text) throws IOException {
        Files.writeString(dir.resolve("f"), text);
        return tables.open(type + ":" + dir.resolve("f"));
    }

    /// Waits until a table has seen that its file changed.
    private static void await(String value, Table table) throws InterruptedException {
        String now = "";
        for (int i = 0; i < 2000 && !now.equals(value); i++) {
            Thread.sleep(5);
            now = answer(table);
        }
        assertEquals(value, now);
    }

    private static String answer(Table table) {
        try {
            return table.lookup("a").orElse("");
        } catch (TableException e) {
            return GONE;
        }
    }

    private List<String> warned() {
        return warnings.stream().map(w -> w.replace(dir + "/", "")).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "static:a b|x|a b",
                "static:{x y}|x|x y",
                "inline:{x=y, { a = b c }}|A|b c",
                "inline:{x=y}|z|",
                "unionmap:{static:a,inline:{x=b},inline:{y=c}}|x|a,b",
                "unionmap:{inline:{y=c}}|x|",
                "pipemap:{inline:{x=y},inline:{y=z}}|x|z",
                "pipemap:{inline:{x=y},inline:{q=z}}|x|",
                "randmap:{a,a}|x|a",
                "proxy:inline:{x=y}|x|y",
                "debug:inline:{x=y}|x|y",
                "environ:PATH_THAT_IS_NOT|x|",
                "unix:passwd.byname|no-such-user|",
                "unix:passwd.byname|a@b|",
            })
    void aTableAnswers(String name, String key, String value) throws TableException {
        assertEquals(Optional.ofNullable(value), tables.open(name).lookup(key));
    }

    @Test
    void systemUsersAreKnown() throws TableException {
        assertTrue(
                tables.open("proxy:unix:passwd.byname")
                        .lookup("root")
                        .orElse("")
                        .startsWith("root:x:0:0:"));
    }

    @ParameterizedTest
    @CsvSource({
        "fail:why",
        "nosuch:x",
        "hash:/none/t",
        "regexp:/none/t",
        "inline:x=y",
        "inline:{xy}",
        "pipemap:{}",
        "unix:hosts",
        "plain"
    })
    void aTableThatCannotAnswerFailsForNow(String name) {
        assertThrows(TableException.class, () -> tables.open(name).lookup("x"));
    }

    @Test
    void theTextIsReadWhereAnotherSystemMadeTheFile() throws Exception {
        Files.writeString(dir.resolve("map.db"), "\0\0\0\0made by another postmap");
        Files.writeString(dir.resolve("map"), "A first\nb.test  smtp:[c.test]\n");
        Files.writeString(dir.resolve("aliases.db"), "\0\0\0\0made by another postalias");
        Files.writeString(dir.resolve("aliases"), "# who\nroot: alice, bob\n\"x y\": carol\n");
        var map = tables.open("hash:" + dir.resolve("map"));
        assertEquals(Optional.of("first"), map.lookup("a"));
        assertEquals(Optional.of("smtp:[c.test]"), map.lookup("b.test"));
        var aliases = tables.open("hash:" + dir.resolve("aliases"));
        assertEquals(Optional.of("alice, bob"), aliases.lookup("Root"));
        assertEquals(
                List.of(
                        "table hash:map: another system's postmap made its file: map is read as text instead",
                        "table hash:aliases: another system's postmap made its file: aliases is read as text instead"),
                warned());
        Files.writeString(dir.resolve("map"), "a second\n");
        Files.setLastModifiedTime(dir.resolve("map"), FileTime.fromMillis(1));
        await("second", map);
        Files.delete(dir.resolve("map"));
        await(GONE, map);
    }

    @Test
    void aTableFileHasWhatWasWritten() throws Exception {
        var random = new Random(7);
        var entries = new LinkedHashMap<String, String>();
        for (int i = 0; i < 5000; i++) {
            entries.put(
                    "key" + random.nextInt(1_000_000) + "ü", "v".repeat(random.nextInt(50)) + i);
        }
        Path file = dir.resolve("t.db");
        for (int size : List.of(0, 1, 2, 3, entries.size())) {
            var part = new LinkedHashMap<String, String>();
            entries.entrySet().stream()
                    .limit(size)
                    .forEach(e -> part.put(e.getKey(), e.getValue()));
            TableFile.write(file, part, "rw-r--r--");
            var table = TableFile.open(file);
            assertEquals(List.copyOf(part.entrySet()), List.copyOf(table.entries().entrySet()));
            for (var e : part.entrySet()) {
                assertEquals(Optional.of(e.getValue()), table.lookup(e.getKey()));
            }
            assertEquals(Optional.empty(), table.lookup("none"));
        }
    }

    @Test
    void aDamagedTableFileIsNotUsed() throws Exception {
        Path file = dir.resolve("t.db");
        TableFile.write(file, Map.of("a", "b"), "rw-r--r--");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThrows(IOException.class, () -> TableFile.open(file));
        }
    }

    @Test
    void aChangedFileIsReadAgain() throws Exception {
        Path file = dir.resolve("t.db");
        TableFile.write(file, Map.of("a", "1"), "rw-r--r--");
        var table = tables.open("hash:" + dir.resolve("t"));
        assertEquals(Optional.of("1"), table.lookup("A"));
        TableFile.write(file, Map.of("a", "2"), "rw-r--r--");
        await("2", table);
        var text = file("texthash", "a 1\n");
        assertEquals(Optional.of("1"), text.lookup("A"));
        Files.writeString(dir.resolve("f"), "a 22\n");
        Files.setLastModifiedTime(dir.resolve("f"), FileTime.fromMillis(1));
        await("22", text);
        Files.delete(dir.resolve("f"));
        await(GONE, text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1.2.3.9|OK",
                "1.2.4.0|not one",
                "10.1.2.3|ten-one",
                "10.2.0.0|not one",
                "::1|lo6",
                "2001:db9::1|",
                "2001:db8::5|doc",
                "::ffff:1.2.3.9|OK",
                "host.example|",
            })
    void networksAreFoundInOrder(String key, String value) throws Exception {
        var table =
                file(
                        "cidr",
                        """
                        1.2.3.0/24 OK
                        1.2.3.4/24 bad
                        if 10.0.0.0/8
                        10.1.0.0/16 ten-one
                        endif
                        ::1 lo6
                        [2001:db8::]/32 doc
                        foo bar
                        endif
                        1.1.1.1
                        !1.0.0.0/24 not one
                        """);
        assertEquals(Optional.ofNullable(value), table.lookup(key));
        if (value != null) {
            assertEquals(4, warned().size(), warned().toString());
            assertEquals("cidr map f, line 9: ignoring ENDIF without matching IF", warned().get(2));
        }
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1,", "11.0.0.1,out", "2001:db8::1,", "2001:db9::1,out6", "::1,out6"})
    void aNegatedRuleSpeaksOfItsOwnFamilyAlone(String key, String value) throws Exception {
        var table =
                file(
                        "cidr",
                        """
                        if !10.0.0.0/8
                        0.0.0.0/0 out
                        2000::/3 wrong
                        endif
                        if !2001:db8::/32
                        !2001:db8::/33 out6
                        1.0.0.0/8 wrong
                        endif
                        """);
        assertEquals(Optional.ofNullable(value), table.lookup(key));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "barFOO|bar",
                "zz1|not y",
                "xqqw|q-w",
                "xqQQ|double",
                "x.a@b|[a] at b$",
                "xcab|[] ca",
                "x[br|bracket",
                "x5r-|digit",
                "xyz|",
            })
    void patternsAreFoundInOrder(String key, String value) throws Exception {
        var table =
                file(
                        "regexp",
                        """
                        /foo/ bar
                        !/x/ not y
                        /a(b/ z
                        if /q/
                        /QQ$/i double
                        /q(w)/ q-${1}
                        /^xqq$/ never
                        endif
                        /\\.([a-z]+)@(.*)/ [$1] at $2$$
                        endif
                        |(c)a(d)?b| [$2] $(1)a
                        /[[]b[^]]$/ bracket
                        /[[:digit:]][r\\\\]/ digit
                        /n(o)/ $2
                        nothing
                        """);
        assertEquals(Optional.ofNullable(value), table.lookup(key));
        assertEquals(
                List.of(
                        "regexp map f, line 3: Unmatched ( or \\(: skipping this rule",
                        "regexp map f, line 10: ignoring ENDIF without matching IF",
                        "regexp map f, line 14: out of range replacement index \"2\": skipping this rule",
                        "regexp map f, line 15: ignoring unrecognized request"),
                warned());
    }

    @Test
    void aLetterThatIsEscapedForNothingIsWarnedOf() throws Exception {
        var table = file("regexp", "/^\\d\\d$/ digits\n/^\\D/i capital\n/^\\w/ letter\n");
        assertEquals(Optional.of("letter"), table.lookup("42"));
        assertEquals(Optional.of("capital"), table.lookup("D"));
        assertEquals(
                List.of(
                        "regexp map f, line 1: a small letter behind a backslash matches nothing here: for a digit write [0-9], not \\d"),
                warned());
    }

    @Test
    void aValueThatNamesAPlaceHasNothingOfTheKeyInIt() throws Exception {
        Path file =
                Files.writeString(
                        dir.resolve("t"),
                        "/^(.*)@a$/ smtp:$1\n/^b@b$/ x\n/^c@c$/ $$1\nif /(d)/\nendif\n");
        var table = tables.withoutSubstitution().open("regexp:" + file);
        assertEquals(Optional.empty(), table.lookup("evil@a"));
        assertEquals(Optional.of("x"), table.lookup("b@b"));
        assertEquals(Optional.of("$1"), table.lookup("c@c"));
        assertEquals(
                List.of(
                        "regexp map t, line 1: regular expression substitution is not allowed: skipping this rule"),
                warned());
        assertEquals(Optional.of("smtp:evil"), tables.open("regexp:" + file).lookup("evil@a"));
    }

    @Test
    void aPatternThatTakesForEverIsGivenUp() throws Exception {
        var slow = file("pcre", "/^(a+)+\\1c$/ x\n");
        assertThrows(TableException.class, () -> slow.lookup("a".repeat(60) + "b"));
        Files.writeString(dir.resolve("g"), "/^(a|b|c)*$/ x\n");
        var deep = tables.open("pcre:" + dir.resolve("g"));
        assertThrows(TableException.class, () -> deep.lookup("abc".repeat(200_000)));
    }

    @Test
    void aNameOfAnAliasIsKnownWithoutItsQuotes() throws Exception {
        var source =
                TableSource.aliases(
                        "aliases",
                        """
                        "First last": a
                        un  quoted : b
                        "a@b": c
                        a@b: d
                        "q\\"x":e
                        "co:lon": f
                        "": g
                        no (comment): h
                        """,
                        true);
        assertEquals(
                List.of("first last", "un quoted", "a@b", "q\"x", "co:lon", "no"),
                source.entries().stream().map(TableSource.Entry::key).toList());
        assertEquals(
                List.of(
                        "aliases, line 4: name must be local",
                        "aliases, line 7: need name:value pair"),
                source.problems().stream().map(Object::toString).toList());
        TableFile.write(dir.resolve("n.db"), Map.of("first last", "a", "a@b", "c"), "rw-r--r--");
        var maps = tables.maps(List.of("hash:" + dir.resolve("n")));
        assertEquals(Optional.of("a"), maps.findLocal("First Last@mx.test", ""));
        assertEquals(Optional.empty(), maps.findLocal("a@b@mx.test", ""));
        assertEquals(Optional.empty(), maps.findAddress("first last@mx.test", ""));
    }
}
