// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The extensions that a session's client has asked for (RFC 5161).
public final class Enabled {
    private final Set<Extension> extensions = EnumSet.noneOf(Extension.class);

    public boolean has(Extension extension) {
        return extensions.contains(extension);
    }

    /// Forgets all of them.
    public void clear() {
        extensions.clear();
    }

    /// Enables an extension and what it brings along; false if it was enabled already.
    public boolean add(Extension extension) {
        if (extension == Extension.QRESYNC) {
            extensions.add(Extension.CONDSTORE);
        }
        return extensions.add(extension);
    }

    public Dialect dialect() {
        boolean rev2 = has(Extension.IMAP4REV2);
        return new Dialect(rev2 || has(Extension.UTF8_ACCEPT), !rev2, has(Extension.UIDONLY));
    }

    /// Enables those of the named extensions that there are.
    ///
    /// @param names as the client wrote them
    /// @return the names of those that were not enabled before
    public List<String> add(List<String> names) {
        var news = new ArrayList<String>();
        for (String name : names) {
            for (Extension extension : Extension.values()) {
                if (extension.word().equalsIgnoreCase(name) && add(extension)) {
                    news.add(extension.word());
                }
            }
        }
        return news;
    }
}
