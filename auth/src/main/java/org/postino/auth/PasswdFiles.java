// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The accounts of all passwd-files.
final class PasswdFiles implements Userdb.Source {
    private final List<PasswdFile> files;
    private final String defaultDomain;

    /// @param defaultDomain the domain of a name without one; may be empty
    PasswdFiles(List<PasswdFile> files, String defaultDomain) {
        this.files = List.copyOf(files);
        this.defaultDomain = defaultDomain.toLowerCase(Locale.ROOT);
    }

    /// Finds the account of a name as it stands, then with the default domain added or taken away. Case does not matter.
    ///
    /// @throws IOException a file cannot be read, and no other knows the name
    @Override
    public Optional<PasswdEntry> find(String canonical) throws IOException {
        IOException trouble = null;
        for (PasswdFile file : files) {
            try {
                var accounts = file.read().accounts();
                for (String name : spellings(canonical.toLowerCase(Locale.ROOT))) {
                    PasswdEntry account = accounts.get(name);
                    if (account != null) {
                        return Optional.of(account);
                    }
                }
            } catch (IOException e) {
                trouble = e;
            }
        }
        if (trouble != null) {
            throw trouble;
        }
        return Optional.empty();
    }

    /// Returns a number that changes whenever one of the files has changed.
    long generation() throws IOException {
        long sum = 0;
        for (PasswdFile file : files) {
            sum += file.read().generation();
        }
        return sum;
    }

    @Override
    public List<String> names() throws IOException {
        var names = new ArrayList<String>();
        for (PasswdFile file : files) {
            names.addAll(file.read().accounts().keySet());
        }
        return names;
    }

    /// Returns the stored password of any account, to check a stranger's password against at the usual cost; null if there is none.
    @Nullable String anyPassword() throws IOException {
        for (PasswdFile file : files) {
            for (PasswdEntry account : file.read().accounts().values()) {
                if (!account.password().isEmpty()) {
                    return account.password();
                }
            }
        }
        return null;
    }

    private List<String> spellings(String name) {
        int at = name.lastIndexOf('@');
        if (defaultDomain.isEmpty()) {
            return List.of(name);
        }
        if (at < 0) {
            return List.of(name, name + "@" + defaultDomain);
        }
        return name.substring(at + 1).equals(defaultDomain)
                ? List.of(name, name.substring(0, at))
                : List.of(name);
    }
}
