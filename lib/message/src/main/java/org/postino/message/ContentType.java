// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A parsed Content-Type: words and parameters in the case in which they were written.
public record ContentType(String type, String subtype, List<Parameter> parameters) {
    /// A parameter as written, RFC 2231 continuations joined.
    ///
    /// @param quoted the value was in quotes, so that anything may stand in it
    public record Parameter(String name, String value, boolean quoted) {}

    /// The type of a part without Content-Type (RFC 2045, 5.2).
    public static final ContentType TEXT_PLAIN = new ContentType("text", "plain", List.of());

    /// The type of a part of a multipart/digest without Content-Type (RFC 2046, 5.1.5).
    public static final ContentType MESSAGE = new ContentType("message", "rfc822", List.of());

    public ContentType {
        parameters = List.copyOf(parameters);
    }

    /// Reads a field's value.
    ///
    /// @return null if there is no `type/subtype`
    public static @Nullable ContentType parse(String value) {
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

    /// True if the type is that one, in any case.
    public boolean is(String wantedType) {
        return type.equalsIgnoreCase(wantedType);
    }

    /// True if type and subtype are those, in any case.
    public boolean is(String wantedType, String wantedSubtype) {
        return type.equalsIgnoreCase(wantedType) && subtype.equalsIgnoreCase(wantedSubtype);
    }

    /// The value of the first parameter of that name, in any case.
    public @Nullable String parameter(String name) {
        var found = find(name);
        return found == null ? null : found.value();
    }

    /// The first parameter of that name, in any case.
    public @Nullable Parameter find(String name) {
        for (var parameter : parameters) {
            if (parameter.name().equalsIgnoreCase(name)) {
                return parameter;
            }
        }
        return null;
    }
}
