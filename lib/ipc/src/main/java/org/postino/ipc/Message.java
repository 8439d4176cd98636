// SPDX-License-Identifier: Apache-2.0

package org.postino.ipc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request or a reply: a name, and ordered named attributes, of which several may bear one name.
public final class Message {
    private record Attribute(String name, String value) {}

    private final String request;
    private final List<Attribute> attributes;

    private Message(String request, List<Attribute> attributes) {
        this.request = request;
        this.attributes = attributes;
    }

    public static Builder of(String request) {
        return new Builder(request);
    }

    /// The word for the request or the answer.
    public String request() {
        return request;
    }

    /// The first attribute of that name.
    ///
    /// @throws ProtocolException there is none
    public String text(String name) throws ProtocolException {
        String value = optional(name);
        if (value == null) {
            throw new ProtocolException(request + " without " + name);
        }
        return value;
    }

    public @Nullable String optional(String name) {
        for (Attribute a : attributes) {
            if (a.name.equals(name)) {
                return a.value;
            }
        }
        return null;
    }

    public long number(String name) throws ProtocolException {
        try {
            return Long.parseLong(text(name));
        } catch (NumberFormatException e) {
            throw new ProtocolException(request + ": " + name + " is not a number");
        }
    }

    /// Every attribute of that name, in order.
    public List<String> all(String name) {
        var values = new ArrayList<String>();
        for (Attribute a : attributes) {
            if (a.name.equals(name)) {
                values.add(a.value);
            }
        }
        return values;
    }

    /// The names in order, with repetitions.
    public List<String> names() {
        var names = new ArrayList<String>();
        for (Attribute a : attributes) {
            names.add(a.name);
        }
        return names;
    }

    /// The data of an `M` record: name, then name and value of each attribute, all as texts.
    byte[] toBytes() {
        var out = new FieldWriter().text(request);
        for (Attribute a : attributes) {
            out.text(a.name).text(a.value);
        }
        return out.toBytes();
    }

    static Message parse(byte[] data) throws ProtocolException {
        var in = new FieldReader(data);
        String request = in.text();
        var attributes = new ArrayList<Attribute>();
        while (!in.atEnd()) {
            attributes.add(new Attribute(in.text(), in.text()));
        }
        return new Message(request, attributes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Message m
                && m.request.equals(request)
                && m.attributes.equals(attributes);
    }

    @Override
    public int hashCode() {
        return 31 * request.hashCode() + attributes.hashCode();
    }

    @Override
    public String toString() {
        var s = new StringBuilder(request);
        for (Attribute a : attributes) {
            s.append(' ').append(a.name).append('=').append(a.value);
        }
        return s.toString();
    }

    /// Collects attributes in order.
    public static final class Builder {
        private final String request;
        private final List<Attribute> attributes = new ArrayList<>();

        private Builder(String request) {
            this.request = request;
        }

        public Builder with(String name, String value) {
            attributes.add(new Attribute(name, value));
            return this;
        }

        public Builder with(String name, long value) {
            return with(name, Long.toString(value));
        }

        /// Adds the attribute unless the value is null.
        public Builder withOptional(String name, @Nullable String value) {
            return value == null ? this : with(name, value);
        }

        public Message build() {
            return new Message(request, List.copyOf(attributes));
        }
    }
}
