// SPDX-License-Identifier: Apache-2.0

package org.postino.global.table;

import java.util.Optional;
import org.postino.global.config.Config;

/// What each table type is made of.
final class TableTypes {
    private TableTypes() {}

    static Table open(String typeAndName, Config config, Tables tables) {
        int colon = typeAndName.indexOf(':');
        String type = colon < 0 ? "" : typeAndName.substring(0, colon);
        String name = typeAndName.substring(colon + 1);
        return switch (type) {
            case "" -> tables.open(config.text("default_database_type") + ":" + name);
            case "proxy" -> tables.open(name);
            case "static" -> _ -> Optional.of(name);
            default -> Tables.failing(typeAndName, "unsupported table type \"" + type + "\"");
        };
    }
}
