// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postino.config.ValueException;

/// The types of lookup table, a row each, in the order in which `postconf -m` shows them.
///
/// A row has the word before the colon, where the entries are ([Source]), and how a table is opened; a made type has the
/// ending of its file instead of the last. `postino-tables.5` describes each row under the heading of its source.
public enum TableType {
    BTREE("btree", ".db") {
        @Override
        Map<String, String> inOrder(Map<String, String> entries) {
            return new TreeMap<>(entries);
        }
    },
    CDB("cdb", ".cdb"),
    CIDR("cidr", Source.RULES) {
        @Override
        Table open(TableName table, Tables tables) throws ValueException {
            return FileTables.rules(table, tables, CidrTable::parse);
        }
    },
    DEBUG("debug", Source.TABLES) {
        @Override
        Table open(TableName table, Tables tables) {
            return Composite.debug(table.name(), tables);
        }

        @Override
        List<String> inside(String name) {
            return List.of(name);
        }
    },
    ENVIRON("environ", Source.SYSTEM) {
        @Override
        Table open(TableName table, Tables tables) {
            return key -> Optional.ofNullable(System.getenv(key));
        }
    },
    FAIL("fail", Source.MAIN_CF) {
        @Override
        Table open(TableName table, Tables tables) {
            return Tables.failing(table.toString(), "always fails");
        }
    },
    HASH("hash", ".db"),
    INLINE("inline", Source.MAIN_CF) {
        @Override
        Table open(TableName table, Tables tables) throws ValueException {
            return Composite.inline(table.name());
        }
    },
    LMDB("lmdb", ".lmdb"),
    PCRE("pcre", Source.RULES) {
        @Override
        Table open(TableName table, Tables tables) throws ValueException {
            return FileTables.rules(table, tables, RegexpTable.reader(table, tables));
        }
    },
    PIPEMAP("pipemap", Source.TABLES) {
        @Override
        Table open(TableName table, Tables tables) throws ValueException {
            return Composite.pipe(table.name(), tables);
        }

        @Override
        List<String> inside(String name) throws ValueException {
            return Composite.values(name);
        }
    },
    PROXY("proxy", Source.TABLES) {
        @Override
        Table open(TableName table, Tables tables) {
            return tables.open(table.name());
        }

        @Override
        List<String> inside(String name) {
            return List.of(name);
        }
    },
    RANDMAP("randmap", Source.MAIN_CF) {
        @Override
        Table open(TableName table, Tables tables) throws ValueException {
            return Composite.random(table.name());
        }
    },
    REGEXP("regexp", Source.RULES) {
        @Override
        Table open(TableName table, Tables tables) throws ValueException {
            return FileTables.rules(table, tables, RegexpTable.reader(table, tables));
        }
    },
    STATIC("static", Source.MAIN_CF) {
        @Override
        Table open(TableName table, Tables tables) {
            return Composite.fixed(table.name());
        }
    },
    TEXTHASH("texthash", Source.TEXT) {
        @Override
        Table open(TableName table, Tables tables) {
            return FileTables.text(table, tables);
        }
    },
    UNIONMAP("unionmap", Source.TABLES) {
        @Override
        Table open(TableName table, Tables tables) throws ValueException {
            return Composite.union(table.name(), tables);
        }

        @Override
        List<String> inside(String name) throws ValueException {
            return Composite.values(name);
        }
    },
    UNIX("unix", Source.SYSTEM) {
        @Override
        Table open(TableName table, Tables tables) throws ValueException {
            return SystemTables.unix(table.name());
        }
    },
    USERDB("userdb", Source.SYSTEM) {
        @Override
        Table open(TableName table, Tables tables) {
            return SystemTables.userdb(table.name(), tables);
        }
    };

    /// The place where the entries of a type's tables are.
    public enum Source {
        /// In a file beside the text that the name says; postmap and postalias make it.
        MADE,
        /// In a text of keys and values that the name says.
        TEXT,
        /// In a text of patterns that the name says, or in the name itself, in braces.
        RULES,
        /// In the name itself.
        MAIN_CF,
        /// In the tables that the name says.
        TABLES,
        /// Nowhere: the system or another daemon is asked.
        SYSTEM
    }

    /// Types that Postfix has and we have not. A word that begins with one and a colon is a table, wherever it stands.
    private static final Set<String> MISSING =
            Set.of(
                    "dbm",
                    "ldap",
                    "memcache",
                    "mongodb",
                    "mysql",
                    "netinfo",
                    "nis",
                    "nisplus",
                    "pgsql",
                    "sdbm",
                    "socketmap",
                    "sqlite",
                    "tcp");

    private static final TableType[] ALL = values();

    private final String word;
    private final Source source;
    private final String ending;

    /// Makes the row of a type whose file postmap makes.
    TableType(String word, String ending) {
        this.word = word;
        this.source = Source.MADE;
        this.ending = ending;
    }

    TableType(String word, Source source) {
        this.word = word;
        this.source = source;
        this.ending = "";
    }

    /// Returns the word before the colon.
    public String word() {
        return word;
    }

    public Source source() {
        return source;
    }

    /// Finds the type with this word; null if there is none.
    public static @Nullable TableType find(String word) {
        for (var type : ALL) {
            if (type.word.equals(word)) {
                return type;
            }
        }
        return null;
    }

    /// Lists the words of all types.
    public static List<String> words() {
        var words = new ArrayList<String>();
        for (var type : ALL) {
            words.add(type.word);
        }
        return words;
    }

    /// Finds a type that we do not have in a table `type:name` or in the tables inside it, as in `proxy:mysql:/file`. Such a
    /// table cannot be opened.
    ///
    /// @param sure true if the text is certainly a table; otherwise only types of Postfix are found
    public static Optional<String> unsupported(String typeAndName, boolean sure) {
        var table = TableName.parse(typeAndName);
        if (MISSING.contains(table.type())) {
            return Optional.of(table.type());
        }
        TableType known = table.known();
        if (known == null) {
            return table.type().isEmpty() || !sure ? Optional.empty() : Optional.of(table.type());
        }
        try {
            for (String inner : known.inside(table.name())) {
                var type = unsupported(inner, true);
                if (type.isPresent()) {
                    return type;
                }
            }
        } catch (ValueException e) {
            return Optional.empty(); // the look-up says what is wrong with the braces
        }
        return Optional.empty();
    }

    /// Returns the ending of the made file's name, behind the name of the text; empty unless postmap makes the type.
    String ending() {
        return ending;
    }

    /// Opens a table of this type; unless a row says otherwise, the file that postmap made.
    ///
    /// @throws ValueException the name is not written as the type wants it
    Table open(TableName table, Tables tables) throws ValueException {
        return FileTables.made(table, tables);
    }

    /// Lists the names of the tables that a table of this name asks.
    ///
    /// @throws ValueException the name is not written as the type wants it
    List<String> inside(@SuppressWarnings("unused") String name) throws ValueException {
        return List.of();
    }

    /// Sorts entries into the order in which a made file has them.
    Map<String, String> inOrder(Map<String, String> entries) {
        return entries;
    }
}
