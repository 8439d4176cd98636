// SPDX-License-Identifier: Apache-2.0

package org.postino.global.server;

import java.util.List;
import org.postino.global.config.ParamTable;

/// What a daemon's program is.
///
/// @param program the word in master.cf's last column
/// @param tables the parameters the program reads, beside the main ones
public record ServerOptions(String program, List<ParamTable> tables) {
    public ServerOptions {
        tables = List.copyOf(tables);
    }

    public ServerOptions(String program, ParamTable... tables) {
        this(program, List.of(tables));
    }
}
