// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A parsed Content-Type: words and parameters in the case in which they were written.
record ContentType(String type, String subtype, List<Parameter> parameters) {
    /// A parameter as written, RFC 2231 continuations joined.
    ///
    /// @param quoted the value was in quotes, so that anything may stand in it
    record Parameter(String name, String value, boolean quoted) {}

    static final ContentType TEXT_PLAIN = new ContentType("text", "plain", List.of());
    static final ContentType MESSAGE = new ContentType("message", "rfc822", List.of());

    ContentType {
        parameters = List.copyOf(parameters);
    }

    /// Reads a field's value.
    ///
    /// @return null if there is no `type/subtype`
    static @Nullable ContentType parse(String value) {
        var tokens = new MimeTokens(value);
        var type = tokens.token();
        if (type.isEmpty() || !tokens.accept('/')) {
            return null;
        }
        var subtype = tokens.token();
        if (subtype.isEmpty()) {
            return null;
        }
        return new ContentType(type, subtype, tokens.parameters());
    }

    boolean is(String wantedType) {
        return type.equalsIgnoreCase(wantedType);
    }

    boolean is(String wantedType, String wantedSubtype) {
        return type.equalsIgnoreCase(wantedType) && subtype.equalsIgnoreCase(wantedSubtype);
    }

    @Nullable String parameter(String name) {
        var found = find(name);
        return found == null ? null : found.value();
    }

    /// The first parameter of that name, in any case.
    @Nullable Parameter find(String name) {
        for (var parameter : parameters) {
            if (parameter.name().equalsIgnoreCase(name)) {
                return parameter;
            }
        }
        return null;
    }
}
