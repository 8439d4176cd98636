// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postino.config.Expander;
import org.postino.config.ParamType;
import org.postino.config.ValueException;

/// A list in main.cf that says something of single mailboxes, `mailbox=value`. Levels of names are separated by `/`, whatever separates
/// them in a store; an item with blanks stands in braces.
enum MailboxValues implements ParamType.Words {
    /// `no`, `create` or `subscribe`.
    AUTO {
        @Override
        void parse(String value) throws ValueException {
            if (!List.of("no", "create", "subscribe").contains(value)) {
                throw new ValueException("must be no, create or subscribe");
            }
        }
    },

    /// A time, of days where it bears no unit.
    AGE {
        @Override
        void parse(String value) throws ValueException {
            DAYS.parse(value);
        }
    },

    /// A number of messages.
    COUNT {
        @Override
        void parse(String value) throws ValueException {
            NUMBER.parse(value);
        }
    };

    static final ParamType.Time DAYS = new ParamType.Time('d');
    static final ParamType.Whole NUMBER = new ParamType.Whole(0, Integer.MAX_VALUE);

    abstract void parse(String value) throws ValueException;

    @Override
    public void check(List<String> items, Expander.Values others) throws ValueException {
        for (var entry : of(items).entrySet()) {
            try {
                parse(entry.getValue());
            } catch (ValueException e) {
                throw new ValueException(
                        entry.getKey() + "=" + entry.getValue() + " " + e.getMessage(), e);
            }
        }
        for (String item : items) {
            String inner = withoutBraces(item);
            if (inner.lastIndexOf('=') < 1) {
                throw new ValueException("must be a list of mailbox=value: \"" + inner + "\"");
            }
        }
    }

    /// The values by mailbox, in their order. Of two for the same one the last counts.
    static Map<String, String> of(List<String> items) {
        var values = new LinkedHashMap<String, String>();
        for (String item : items) {
            String inner = withoutBraces(item);
            int equals = inner.lastIndexOf('=');
            if (equals > 0) {
                values.put(inner.substring(0, equals).strip(), inner.substring(equals + 1).strip());
            }
        }
        return values;
    }

    static String withoutBraces(String item) {
        return item.startsWith("{") && item.endsWith("}")
                ? item.substring(1, item.length() - 1).strip()
                : item;
    }
}
