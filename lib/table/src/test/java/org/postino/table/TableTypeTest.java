// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postino.config.Config;

class TableTypeTest {
    private static final Path PAGE =
            Path.of(System.getProperty("postino.root", "../.."), "commands/postino-tables.5");

    /// The headings of postino-tables(5), and what stands under each.
    private static final Map<String, Set<TableType.Source>> HEADINGS =
            Map.of(
                    "Tables that are made", Set.of(TableType.Source.MADE),
                    "Tables that are read as they stand",
                            Set.of(TableType.Source.TEXT, TableType.Source.RULES),
                    "Tables in main.cf itself", Set.of(TableType.Source.MAIN_CF),
                    "Tables of tables", Set.of(TableType.Source.TABLES),
                    "The system", Set.of(TableType.Source.SYSTEM));

    private static final Pattern WORD = Pattern.compile("[a-z]+");

    @Test
    void thePageHasEachTypeUnderItsHeading() throws IOException {
        var expected = new EnumMap<TableType.Source, Set<String>>(TableType.Source.class);
        var described = new EnumMap<TableType.Source, Set<String>>(TableType.Source.class);
        for (var type : TableType.values()) {
            expected.computeIfAbsent(type.source(), _ -> new TreeSet<>()).add(type.word());
        }
        Set<TableType.Source> under = Set.of();
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith(".Ss ")) {
                under = HEADINGS.getOrDefault(line.substring(4), Set.of());
            } else if (line.startsWith(".It Cm ")) {
                for (String word : words(line)) {
                    var type = TableType.find(word);
                    var source = type == null ? null : type.source();
                    if (source == null || !under.contains(source)) {
                        // A type whose rules may also stand in braces is named under main.cf again.
                        assertTrue(
                                source == TableType.Source.RULES && line.contains("{"),
                                word + " stands under the wrong heading");
                        continue;
                    }
                    described.computeIfAbsent(source, _ -> new TreeSet<>()).add(word);
                }
            }
        }
        assertEquals(expected, described);
    }

    /// The types that an item of a list is for: `hash , btree`, or `unix:passwd.byname , unix:group.byname`.
    private static List<String> words(String item) {
        var words = new ArrayList<String>();
        for (String part : item.substring(".It Cm ".length()).split(" , ")) {
            var word = WORD.matcher(part);
            assertTrue(word.lookingAt(), item);
            words.add(word.group());
        }
        return words;
    }

    /// A row without a way of its own to be opened is a made one, or asking it ends otherwise than with an answer or a failure.
    @ParameterizedTest
    @EnumSource(TableType.class)
    void aTableOfEachTypeAnswersOrFailsForNow(TableType type) {
        var tables = new Tables(Config.of(Map.of()), _ -> {});
        for (String name : List.of("", "x", "/none/x", "{x}", "{static:x}", "static:x")) {
            var table = tables.open(type.word() + ":" + name);
            try {
                assertNotNull(table.lookup(""));
            } catch (TableException e) {
                assertTrue(String.valueOf(e.getMessage()).startsWith("table "), e.getMessage());
            }
        }
        assertEquals(type, TableType.find(type.word()));
    }

    @Test
    void theWordsAreInOrder() {
        assertEquals(List.copyOf(new TreeSet<>(TableType.words())), TableType.words());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hash:/a|hash|/a|true|true",
                "texthash:/a|texthash|/a|false|true",
                "cidr:/a|cidr|/a|false|true",
                "pcre:{{/x/ y}}|pcre|{{/x/ y}}|false|false",
                "proxy:hash:/a|proxy|hash:/a|false|false",
                "nosuch:/a|nosuch|/a|false|false",
                "/a|''|/a|false|false",
            })
    void aNameSaysWhereTheTableIs(
            String text, String type, String name, boolean made, boolean file) {
        var table = TableName.parse(text);
        assertEquals(new TableName(type, name), table);
        assertEquals(made, table.isMade());
        assertEquals(file, table.isFile());
        assertEquals(text, table.toString());
        assertEquals(new TableName("lmdb", "/a"), TableName.parse("/a", "lmdb"));
    }

    @Test
    void aMadeFileStandsBesideItsText() {
        assertEquals(Path.of("/a.db"), TableName.parse("btree:/a").made());
        assertEquals(Path.of("/a.cdb"), TableName.parse("cdb:/a").made());
        assertEquals(Path.of("/a.db"), TableName.parse("hash:/a").made());
        assertEquals(Path.of("/a.lmdb"), TableName.parse("lmdb:/a").made());
        assertThrows(IllegalStateException.class, () -> TableName.parse("cidr:/a").made());
        assertThrows(IllegalStateException.class, () -> TableName.parse("/a").made());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mysql:/a|mysql|mysql",
                "nosuch:/a||nosuch",
                "[::1]||[",
                "/a||",
                "proxy:nosuch:/a|nosuch|nosuch",
                "debug:proxy:ldap:/a|ldap|ldap",
                "unionmap:{hash:/a, pipemap:{hash:/b, nosuch:/c}}|nosuch|nosuch",
                "unionmap:hash:/a||",
                "randmap:{mysql:x}||",
            })
    void aTypeThatIsNotThereIsFound(String table, String perhaps, String sure) {
        assertEquals(perhaps, TableType.unsupported(table, false).orElse(null));
        assertEquals(sure, TableType.unsupported(table, true).orElse(null));
    }
}
