// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.postino.server.FatalException;
import org.postino.util.FirstAnswer;

/// The user databases. They are asked one after the other, and the first that knows a name answers.
final class Userdb {
    private final Names names;
    private final List<Source> sources;

    /// A database of users.
    interface Source {
        /// Finds the user of a canonical name; empty if there is none.
        ///
        /// @throws IOException the database cannot be asked now
        Optional<PasswdEntry> find(String canonical) throws IOException;

        List<String> names() throws IOException;
    }

    Userdb(Names names, List<Source> sources) {
        this.names = names;
        this.sources = List.copyOf(sources);
    }

    /// @param words `passwd-file`, `passwd`
    static Userdb of(List<String> words, Names names, PasswdFiles files, SystemAccounts system) {
        var sources = new ArrayList<Source>();
        for (String word : words) {
            sources.add(
                    switch (word) {
                        case "passwd-file" -> files;
                        case "passwd" -> passwd(system);
                        default ->
                                throw new FatalException(
                                        "parameter auth_userdb: unknown user database \""
                                                + word
                                                + "\"; known are: passwd-file, passwd");
                    });
        }
        return new Userdb(names, sources);
    }

    private static Source passwd(SystemAccounts system) {
        return new Source() {
            @Override
            public Optional<PasswdEntry> find(String canonical) throws IOException {
                return system.find(canonical).map(SystemAccounts::account);
            }

            @Override
            public List<String> names() throws IOException {
                return system.names();
            }
        };
    }

    /// Finds the user of a name as a client gave it; empty if no database knows it.
    ///
    /// @throws IOException a database cannot be asked, and no other knows the name
    Optional<PasswdEntry> find(String typed) throws IOException {
        Optional<String> canonical = names.canonical(typed);
        return canonical.isEmpty()
                ? Optional.empty()
                : FirstAnswer.of(sources, source -> source.find(canonical.get()));
    }

    /// Lists all names, each once.
    List<String> names() throws IOException {
        var all = new LinkedHashSet<String>();
        for (Source source : sources) {
            all.addAll(source.names());
        }
        return List.copyOf(all);
    }
}
