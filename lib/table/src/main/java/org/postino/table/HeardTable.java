// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.util.Optional;

/// A table whose answers somebody hears as well.
record HeardTable(String name, Table table, TableListener listener) implements Table {
    @Override
    public Optional<String> lookup(String key) throws TableException {
        try {
            Optional<String> value = table.lookup(key);
            listener.answered(name, key, value);
            return value;
        } catch (TableException e) {
            listener.failed(name, key, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    @Override
    public boolean patterns() {
        return table.patterns();
    }

    @Override
    public void close() {
        table.close();
    }
}
